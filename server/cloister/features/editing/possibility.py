"""What can be done at a place, by whom, and why not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from cloister.backends.base import ChatBackend
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import CloisterError
from cloister.core.text import Span
from cloister.families import Family, family_of
from cloister.features.editing.answer import AnswerFormat
from cloister.features.editing.place import Place, Problem
from cloister.features.editing.task import (
    Action,
    Hole,
    Instruction,
    Offer,
    Request,
    Rewriting,
    Task,
)
from cloister.features.escalation.escalate import Service
from cloister.settings.actions import ModelClass

NEEDS_INSTRUCTIONS = (
    "This needs a model that follows instructions; choose one with "
    "`cloister model use NAME --for actions`."
)
NEEDS_INFILLING = (
    "This needs a model that fills gaps or follows instructions; choose one with "
    "`cloister model use NAME`."
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Where somebody asks for actions."""

    document: DocumentSnapshot
    span: Span
    problems: tuple[Problem, ...] = ()
    root: Path | None = None


@dataclass(frozen=True, slots=True)
class Possibility:
    """An action's offer at a place.

    `task` None means that no model can do it, for a reason. With a `service` it is not done here.
    """

    action: Action
    offer: Offer
    task: Task | None
    disabled: str = ""
    service: Service | None = None

    @property
    def title(self) -> str:
        """What the menu shows: where it is done if not here, and dots where somebody is asked."""
        where = "" if self.service is None else f" with {self.service.title}"
        is_asked = self.action.asks or bool(self.service and self.service.asks)
        return f"{self.offer.title}{where}{'…' if is_asked else ''}"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which possibility somebody wants: the action's first when no title is given.

    With a `form` an instructed model has to answer in it, else in the one that suits the place.
    `renames` says that whoever asks can have a name changed wherever it is known. `instruction` is
    what the person says where the action asks.
    """

    action: str
    title: str = ""
    service: str = ""
    form: AnswerFormat | None = None
    renames: bool = False
    instruction: str = ""

    def means(self, possibility: Possibility) -> bool:
        """Return whether this is the one."""
        service = "" if possibility.service is None else possibility.service.name
        is_named = possibility.action.name == self.action and service == self.service
        return is_named and self.title in ("", possibility.title)

    def worded(self, request: Request) -> Request:
        """Return a request with what the person says; raises CloisterError if that is nothing."""
        if not isinstance(request, Instruction) or request.text:
            return request
        if not self.instruction:
            raise CloisterError(f"Say what “{self.action}” is to do, and ask again.")
        return replace(request, text=self.instruction)


@dataclass(frozen=True, slots=True)
class Backends:
    """Who fills holes, and who follows instructions; often the same."""

    completion: ChatBackend
    action: ChatBackend


@dataclass(frozen=True, slots=True)
class Models:
    """What the models here can do."""

    family: Family | None
    follows_instructions: bool


async def models_of(backends: Backends) -> Models:
    """Return what the models can do; raises CloisterError when that cannot be known."""
    family = family_of(await backends.completion.identify())
    action = await backends.action.identify()
    return Models(family, action.chat_template)


def offers_at(actions: Iterable[Action], place: Place) -> list[tuple[Action, Offer]]:
    """Return what some actions can do at a place."""
    return [(action, offer) for action in actions for offer in action.offers(place)]


def is_any(kind: str, wanted: Iterable[str]) -> bool:
    """Return whether an action's kind is one of the wanted ones, or below one."""
    return any(kind == it or kind.startswith(f"{it}.") for it in wanted)


def possibilities_of(
    action: Action, offer: Offer, models: Models, services: Iterable[Service]
) -> list[Possibility]:
    """Return an offer as everybody does it who may, the models here first."""
    here = [] if action.model is ModelClass.SERVICE else [_possibility_here(action, offer, models)]
    if action.model is ModelClass.LOCAL:
        return here
    return [*here, *_possibilities_elsewhere(action, offer, services)]


def _possibility_here(action: Action, offer: Offer, models: Models) -> Possibility:
    """Return an offer as the models here can do it, or why they cannot."""
    for task in offer.tasks:
        if isinstance(task, Rewriting):
            return Possibility(action, offer, task)
        is_hole = isinstance(task, Hole)
        if models.family is not None if is_hole else models.follows_instructions:
            return Possibility(action, offer, task)
    needs_one = any(isinstance(task, Hole) for task in offer.tasks)
    reason = NEEDS_INFILLING if needs_one else NEEDS_INSTRUCTIONS
    return Possibility(action, offer, None, reason)


def _possibilities_elsewhere(
    action: Action, offer: Offer, services: Iterable[Service]
) -> list[Possibility]:
    """Return an offer as services can do it: by instruction."""
    task = next((it for it in offer.tasks if not isinstance(it, Hole | Rewriting)), None)
    return [] if task is None else [Possibility(action, offer, task, "", it) for it in services]
