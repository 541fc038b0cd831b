"""What a service is asked about a document, and the request that may be sent for it."""

from dataclasses import dataclass, replace
from pathlib import Path

from cloister.backends.base import OnChunk
from cloister.backends.draft import Draft, Drafting
from cloister.core.chat import Message
from cloister.core.context import CompletionContext
from cloister.core.generation import Chunk
from cloister.core.privacy import Piece
from cloister.egress.dialects import Chat
from cloister.egress.messages import Purpose
from cloister.features.escalation.holding_back import (
    context_without_secrets,
    redactions_in,
    texts_of,
    without_secrets,
)
from cloister.policy.secrets import OnSecret
from cloister.settings.backends import CompletionWay

_ANSWER_MS = 120_000.0


@dataclass(frozen=True, slots=True)
class Gap:
    """The place of a cursor as a model is told of it; what is written ends before one of `stop`."""

    context: CompletionContext
    stop: tuple[str, ...] = ()


def all_of_it(_chunk: Chunk) -> bool:
    """Have the whole answer written."""
    return False


@dataclass(frozen=True, slots=True)
class Question:
    """A conversation about a document or a gap in it, with whose text it holds.

    `on_chunk` hears the answer as it comes, and says when it is enough. Nobody waits for it longer
    than `answer_ms`.
    """

    uri: str
    about: tuple[Message, ...] | Gap
    pieces: tuple[Piece, ...]
    most_tokens: int
    folder: Path | None
    on_chunk: OnChunk = all_of_it
    answer_ms: float = _ANSWER_MS

    @property
    def purpose(self) -> Purpose:
        """What is asked for."""
        return Purpose.COMPLETION if isinstance(self.about, Gap) else Purpose.ACTION


def drafted(question: Question, drafting: Drafting, on_secret: OnSecret) -> Draft:
    """Return the request for a question; nothing is sent.

    Raises NotSentError when what looks like a secret holds it back, and SettingsError where the
    service cannot be asked so.
    """
    match question.about:
        case Gap() as gap:
            return _drafted_gap(question, gap, drafting, on_secret)
        case messages:
            safe = without_secrets(messages, question.pieces, on_secret)
            chat = Chat(safe, question.most_tokens)
            draft = drafting.draft(chat, question.pieces, question.purpose)
            redactions = redactions_in((it.text for it in messages), (it.text for it in safe))
            return replace(draft, redactions=redactions)


def _drafted_gap(question: Question, gap: Gap, drafting: Drafting, on_secret: OnSecret) -> Draft:
    context, pieces = gap.context, question.pieces
    if drafting.way is CompletionWay.SUFFIX:
        # There is no room in it for other files.
        context = replace(context, snippets=())
        pieces = tuple(it for it in pieces if it.source == "document")
    safe = context_without_secrets(context, pieces, on_secret)
    infill = drafting.infill(safe, question.most_tokens, gap.stop)
    draft = drafting.draft(infill, pieces, question.purpose)
    return replace(draft, redactions=redactions_in(texts_of(context), texts_of(safe)))
