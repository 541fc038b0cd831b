"""What an action is, and the ways in which a model can do it; each a value.

A hole is filled by any model that was trained for infilling, the bundled one included. An
instruction needs a model that follows instructions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

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


Task = Hole | Instruction


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
