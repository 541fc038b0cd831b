"""What an action is, the ways in which a model can do it, and what comes of it; each a value.

A hole is filled by any model that was trained for infilling, the bundled one included. Everything
else needs a model that follows instructions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cloister.core.edit import TextEdit
from cloister.core.text import Span
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import Place


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
    """Rewrite the lines of `span` as `text` says.

    `said` is what of `text` somebody else says, who may quote any file.
    """

    span: Span
    text: str
    said: str = ""
    promise: Promise = field(default_factory=Promise)


@dataclass(frozen=True, slots=True)
class Creation:
    """Write the new file `path` about the lines of `span`, as `text` says.

    It is in the document's language, and the name `mentions` has to occur in it.
    """

    span: Span
    path: Path
    text: str
    mentions: str


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


Request = Instruction | Creation | Addition | Inquiry
Task = Hole | Request


@dataclass(frozen=True, slots=True, repr=False)
class NewFile:
    """A file that does not exist yet."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Prose:
    """What a model says, as Markdown that may be shown."""

    markdown: str


Result = tuple[TextEdit, ...] | NewFile | Prose


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
    `offers` says from the syntax alone what can be done at a place; it never asks a model.
    """

    name: str
    kind: str
    offers: Callable[[Place], Iterable[Offer]]
