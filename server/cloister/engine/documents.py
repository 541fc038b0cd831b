"""The documents a model has read, and which of them is forgotten first.

A document's cells are in the context while it is the active one, else saved in `state`. An editor
often goes back and forth between two places of one file, so a file may have two entries. Saved
states take at most an eighth of the memory that was free when the model was loaded.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from cloister.core.generation import GenerationRequest
from cloister.engine.kv import Cached
from cloister.engine.probe import available_bytes
from cloister.engine.speculation import Answer

_MOST_DOCUMENTS = 8
_MOST_OF_ONE_NAME = 2
_MOST_BYTES = 768 * 1024 * 1024
_MOST_OF_FREE_MEMORY = 8


class SavedCells(Protocol):
    """The cells of a document outside the context."""

    @property
    def nbytes(self) -> int:
        """The memory they take."""


@dataclass(eq=False, slots=True)
class Document:
    """What a model has read of one document.

    `request` is the last one for it, `split` where its prompt was split (see layout.py),
    `prompt_tokens` how long it was, `answer` what was written. `holder` is the request that is
    being worked on.
    """

    name: str
    cached: Cached = field(default_factory=Cached)
    split: str | None = None
    prompt_tokens: int = 0
    state: SavedCells | None = None
    holder: GenerationRequest | None = None
    request: GenerationRequest | None = None
    answer: Answer | None = None

    @property
    def state_bytes(self) -> int:
        """The memory that the saved cells take."""
        return 0 if self.state is None else self.state.nbytes


class Documents:
    """Ordered from least to most recently used; what a generation holds is never forgotten."""

    def __init__(self) -> None:
        self._documents: list[Document] = []
        free_bytes = available_bytes()
        self._most_bytes = (
            _MOST_BYTES
            if free_bytes is None
            else min(_MOST_BYTES, free_bytes // _MOST_OF_FREE_MEMORY)
        )

    def __iter__(self) -> Iterator[Document]:
        return iter(self._documents)

    @property
    def latest(self) -> Document | None:
        """The most recently used one."""
        return self._documents[-1] if self._documents else None

    def add(self, name: str) -> Document:
        """Return a new document, forgetting those that are too many."""
        document = Document(name)
        self._documents.append(document)
        self._forget(lambda other: other.name == name, _MOST_OF_ONE_NAME)
        self._forget(lambda _other: True, _MOST_DOCUMENTS)
        self._make_room()
        return document

    def use(self, document: Document) -> None:
        """Make `document` the most recently used one."""
        self._documents.remove(document)
        self._documents.append(document)

    def _forget(self, counts: Callable[[Document], bool], most: int) -> None:
        """Forget the least recently used of those that count until at most `most` are left."""
        counted = [document for document in self._documents if counts(document)]
        # The newest is the one that room is made for.
        idle = [document for document in counted[:-1] if document.holder is None]
        for document in idle[: max(0, len(counted) - most)]:
            self._documents.remove(document)

    def _make_room(self) -> None:
        idle = [document for document in self._documents[:-1] if document.holder is None]
        n_bytes = sum(document.state_bytes for document in self._documents)
        for document in idle:
            if n_bytes <= self._most_bytes:
                return
            n_bytes -= document.state_bytes
            self._documents.remove(document)
