"""What an action is, the ways in which a model can do it, and what comes of it; each a value.

A hole is filled by any model that was trained for infilling, the bundled one included. Everything
else needs a model that follows instructions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cloister.core.edit import TextEdit
from cloister.core.errors import CloisterError
from cloister.core.outline import SymbolKind
from cloister.core.text import Span
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import Place
from cloister.settings.actions import ModelClass
from cloister.syntax.languages import Language
from cloister.syntax.local_names import LocalName


@dataclass(frozen=True, slots=True)
class Hole:
    """Replace `span` by `lead`, what the model writes there, and `tail`.

    Writing ends before a text of `stop`; and where `indentation` is given, before the first line
    that is indented less. Only `most_tokens` are written.
    """

    span: Span
    lead: str = ""
    tail: str = ""
    stop: tuple[str, ...] = ()
    indentation: str | None = None
    most_tokens: int = 128
    promise: Promise = field(default_factory=Promise)


@dataclass(frozen=True, slots=True)
class Instruction:
    """Rewrite the lines of `span` as `text` says; empty where the person is asked for it.

    `said` is what of `text` somebody else says, who may quote any file.
    """

    span: Span
    text: str
    said: str = ""
    promise: Promise = field(default_factory=Promise)


@dataclass(frozen=True, slots=True)
class Creation:
    """Write the new file `path` about the lines of `span`, as `text` says.

    It is in the document's language, and the name `mentions` has to occur in it. In another
    `language` it has to define that name, if there is one.
    """

    span: Span
    path: Path
    text: str
    mentions: str
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Addition:
    """Write the definition `name` about the lines of `span` at the document's end.

    The name `mentions` has to occur in it.
    """

    span: Span
    name: str
    text: str
    mentions: str


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Answer in prose what `text` asks about the lines of `span`; nothing is changed."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Review:
    """Say of single lines of `span` what is wrong with them, as `text` asks; nothing is changed."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Repair:
    """Make `n_problems` go away by one instruction."""

    instruction: Instruction
    n_problems: int


@dataclass(frozen=True, slots=True)
class Series:
    """Make repairs in places that do not overlap, one after the other and in order.

    Each is about the document as the one before left it; what cannot be used is left out.
    """

    repairs: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class CommitMessage:
    """Write the message of the next commit of the working tree `top`, from what is staged."""

    top: Path


@dataclass(frozen=True, slots=True)
class Naming:
    """Find a better name for what `name` names, which is written at `written`.

    `span` is the code that shows what it is for, `said` what of `text` stands elsewhere. `local`
    are the places of a local name; where there are none, or in doubt, only others can rename.
    """

    span: Span
    text: str
    name: str
    written: Span
    said: str = ""
    kind: SymbolKind | None = None
    local: LocalName | None = None


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Make `edits` around `span`, which the syntax alone says; no model is asked."""

    span: Span
    edits: tuple[TextEdit, ...]


Request = Instruction | Creation | Addition | Inquiry | Review | Naming
Task = Hole | Series | CommitMessage | Rewriting | Request


@dataclass(frozen=True, slots=True, repr=False)
class NewFile:
    """A file that does not exist yet."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Prose:
    """What a model says, as Markdown that may be shown."""

    markdown: str


class Severity(StrEnum):
    """How bad a line is, as a model says."""

    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """What a model says of one line, as plain text; `span` is the line without the space around."""

    span: Span
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a review of the lines of `span` found, by line; it may be nothing."""

    span: Span
    found: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PartialEdits:
    """The edits of some of the repairs that were asked for; `report` says so in a sentence."""

    edits: tuple[TextEdit, ...]
    report: str


@dataclass(frozen=True, slots=True)
class NewName:
    """Give what is written at `span` another name; `edits` do it, none where only others can."""

    span: Span
    name: str
    edits: tuple[TextEdit, ...] = ()


Result = tuple[TextEdit, ...] | PartialEdits | NewFile | NewName | Prose | Findings


def edits_in(result: Result) -> tuple[TextEdit, ...]:
    """Return the edits of the document that a result is; raises CloisterError for any other."""
    match result:
        case tuple():
            return result
        case PartialEdits(edits=edits):
            return edits
        case _:
            raise CloisterError("This action does not edit the document; choose another.")


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry of the menu; of `tasks` the first that the models at hand can do is done.

    `is_preferred` is for the one that most people want here.
    """

    title: str
    tasks: tuple[Task, ...]
    is_preferred: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """A kind of change.

    `name` is what people type, `kind` the protocol's name for its class (`refactor.rewrite`).
    `offers` says from the syntax alone what can be done at a place; it never asks a model. What it
    does is said by the person each time if it `asks`. `model` says who may do it, None everybody.
    """

    name: str
    kind: str
    offers: Callable[[Place], Iterable[Offer]]
    asks: bool = False
    model: ModelClass | None = None
