from dataclasses import dataclass

import pytest

from cloister.core.generation import GenerationRequest
from cloister.core.prompt import Prompt
from cloister.engine import documents as module
from cloister.engine.documents import Document, Documents

REQUEST = GenerationRequest(Prompt(()), 0)


@dataclass(frozen=True)
class Cells:
    nbytes: int


def names(documents: Documents) -> list[str]:
    return [document.name for document in documents]


def test_the_least_recently_used_document_goes_first() -> None:
    documents = Documents()
    added = [documents.add(str(number)) for number in range(8)]
    documents.use(added[0])
    documents.add("new")
    assert names(documents) == ["2", "3", "4", "5", "6", "7", "0", "new"]
    assert documents.latest is not None
    assert documents.latest.name == "new"


def test_one_file_has_two_places_at_most() -> None:
    documents = Documents()
    for name in ("a", "b", "a", "a"):
        documents.add(name)
    assert names(documents) == ["b", "a", "a"]


def test_a_document_that_is_worked_on_is_never_forgotten() -> None:
    documents = Documents()
    held = documents.add("a")
    held.holder = REQUEST
    for _ in range(20):
        documents.add("a")
    assert held in list(documents)
    assert len(names(documents)) <= 3


def test_saved_cells_stay_within_the_memory_they_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "available_bytes", lambda: 800)
    documents = Documents()
    for name in "abcd":
        document: Document = documents.add(name)
        document.state = Cells(30)
    documents.add("e")
    assert names(documents) == ["b", "c", "d", "e"]
    assert sum(document.state_bytes for document in documents) <= 100


def test_without_documents_none_is_the_latest() -> None:
    assert Documents().latest is None
