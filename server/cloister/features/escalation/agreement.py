"""Whether somebody agrees that a request is sent: on record, or asked with the whole of it shown.

Where nobody can be asked, because somebody types, only what is settled already is sent.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from cloister.backends.draft import Draft
from cloister.core.cancel import CancelToken, unless_stopped
from cloister.core.errors import CloisterError
from cloister.core.privacy import Level, Verdict
from cloister.egress.audit.records import Event
from cloister.egress.messages import Approval
from cloister.features.escalation.approval import Approver, Choice, Preview
from cloister.features.escalation.drafting import Question
from cloister.features.escalation.refusals import consent_details, not_agreed
from cloister.features.escalation.rules import Rules, first_time
from cloister.policy.privacy import is_provably_of_its_file
from cloister.workspace.protection.consent import Terms


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be sent for a question, to a service with this title, under this verdict."""

    question: Question
    draft: Draft
    title: str
    verdict: Verdict

    @property
    def asks(self) -> bool:
        """Whether somebody has to agree."""
        return self.verdict.level is Level.ASK


def settled(rules: Rules, request: Request) -> Approval:
    """Return why a request may go without anybody being asked; raises NotSentError if it may not.

    Where the policy wants nobody to be asked, the user's file has said who is.
    """
    is_certain = all(map(is_provably_of_its_file, request.draft.pieces))
    if is_certain and not request.asks:
        return Approval.NONE
    terms = rules.terms(request.draft, request.question) if is_certain else None
    if terms is None or rules.consents.find(terms, datetime.now(UTC)) is None:
        raise not_agreed(request.title)
    return Approval.RECORD


async def agreed(
    rules: Rules, request: Request, approver: Approver, cancel: CancelToken
) -> Approval:
    """Return why a request may go; nobody is asked where that was settled before.

    Raises CloisterError when somebody says no, and StoppedError when nobody waits any more.
    """
    draft, asks = request.draft, request.asks
    terms = rules.terms(draft, request.question) if asks else first_time(draft)
    if not all(map(is_provably_of_its_file, draft.pieces)):
        # Words that may come from anywhere are looked at each time.
        terms = None
    now = datetime.now(UTC)
    if not approver.always and terms is not None and rules.consents.find(terms, now):
        return Approval.RECORD if asks else Approval.NONE
    preview = Preview(
        draft, request.title, request.verdict, can_remember=asks and terms is not None
    )
    choice = await unless_stopped(approver.ask(preview), cancel)
    if choice is Choice.NO:
        raise CloisterError("Nothing was sent.")
    if terms is not None and (choice is Choice.FOR_A_WHILE or not asks):
        await _remember(rules, terms, now)
    return Approval.PREVIEW


async def _remember(rules: Rules, terms: Terms, now: datetime) -> None:
    # What cannot be remembered is asked for again.
    with suppress(OSError):
        await asyncio.to_thread(rules.record, Event.CONSENT, consent_details(terms))
        rules.consents.grant(terms, now)
