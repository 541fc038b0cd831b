"""The models in memory: who keeps them there, and which of them makes room."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloister.core.errors import ModelError
from cloister.engine import shelf as shelf_module
from cloister.engine.llama.model import open_model
from cloister.engine.messages import ModelSource
from cloister.engine.model_file import file_identity
from cloister.engine.shelf import UNUSED_SECONDS, Place, Shelf
from support.engine_process import MODEL

pytestmark = pytest.mark.model


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf(clock: Clock) -> Iterator[Shelf]:
    shelf = Shelf(clock)
    yield shelf
    shelf.close()


@pytest.fixture
def sources(tmp_path: Path) -> list[ModelSource]:
    """Return three copies of the model."""
    return [ModelSource(str(shutil.copy(MODEL, tmp_path / name))) for name in ("a", "b", "c")]


def put(shelf: Shelf, source: ModelSource, n_bytes: int = 100) -> None:
    path = Path(source.path)
    identity = file_identity(path)
    assert identity is not None
    model = open_model(path, 1, lambda _fraction: None)
    shelf.put(Place(source, model, identity, 1, n_bytes))


def names(shelf: Shelf) -> list[str]:
    """Return the models from the least to the most recently used."""
    return [model.path.name for model in shelf.models()]


def limit(monkeypatch: pytest.MonkeyPatch, n_bytes: int | None) -> None:
    monkeypatch.setattr(shelf_module, "_limit_bytes", lambda: n_bytes)


def test_a_model_is_lent_when_it_is_there(shelf: Shelf, sources: list[ModelSource]) -> None:
    with shelf.lend(sources[0]) as model:
        assert model is None
    put(shelf, sources[0])
    with shelf.lend(sources[0]) as model:
        assert model is not None
        assert model.tokenize("import os")


def test_a_replaced_file_is_not_lent_and_whoever_has_the_old_one_keeps_it(
    shelf: Shelf, sources: list[ModelSource]
) -> None:
    put(shelf, sources[0])
    with shelf.lend(sources[0]) as old:
        assert old is not None
        shutil.copy(MODEL, f"{sources[0].path}.new")
        Path(f"{sources[0].path}.new").replace(sources[0].path)
        with shelf.lend(sources[0]) as nothing:
            assert nothing is None
        put(shelf, sources[0])
        with shelf.lend(sources[0]) as new:
            assert new is not None
            assert new is not old
        assert old.tokenize("import os") == new.tokenize("import os")
    assert shelf.models() == (new,)


def test_a_removed_file_is_not_lent(shelf: Shelf, sources: list[ModelSource]) -> None:
    put(shelf, sources[0])
    Path(sources[0].path).unlink()
    with shelf.lend(sources[0]) as model:
        assert model is None
    assert shelf.models() == ()


def test_who_expects_a_hash_gets_only_what_was_verified(
    shelf: Shelf, sources: list[ModelSource]
) -> None:
    path = sources[0].path
    expecting = ModelSource(path, hashlib.sha256(Path(path).read_bytes()).hexdigest())
    put(shelf, sources[0])
    with shelf.lend(expecting) as model:
        assert model is None
    put(shelf, expecting)
    for source in (sources[0], expecting):
        with shelf.lend(source) as model:
            assert model is not None


def test_room_is_made_by_those_not_used_for_longest_and_no_others(
    shelf: Shelf, sources: list[ModelSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in sources:
        put(shelf, source)
    with shelf.lend(sources[0]):
        pass
    assert names(shelf) == ["b", "c", "a"]
    limit(monkeypatch, 400)
    assert shelf.make_room("d", 100)
    assert names(shelf) == ["b", "c", "a"]
    assert shelf.make_room("d", 101)
    assert names(shelf) == ["c", "a"]
    assert shelf.make_room("d", 400)
    assert names(shelf) == []


def test_what_is_in_use_makes_no_room(
    shelf: Shelf, sources: list[ModelSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(shelf, sources[0])
    put(shelf, sources[1])
    limit(monkeypatch, 250)
    with shelf.lend(sources[0]) as model, shelf.lend(sources[0]):
        assert not shelf.make_room("d", 200)
        assert names(shelf) == ["a"]
        assert model is not None
        assert model.tokenize("import os")
    assert shelf.make_room("d", 200)
    assert names(shelf) == []


def test_an_outdated_model_in_use_counts(
    shelf: Shelf, sources: list[ModelSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(shelf, sources[0])
    limit(monkeypatch, 150)
    with shelf.lend(sources[0]):
        Path(sources[0].path).unlink()
        assert not shelf.holds(sources[0])
        assert not shelf.make_room("d", 100)
    assert shelf.make_room("d", 100)


def test_a_model_that_never_fits_is_one_sentence_and_costs_no_other(
    shelf: Shelf, sources: list[ModelSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(shelf, sources[0])
    limit(monkeypatch, 1_500_000_000)
    with pytest.raises(ModelError) as caught:
        shelf.make_room("large.gguf", 2_000_000_000)
    assert str(caught.value) == (
        "The model large.gguf needs 2.0 GB of memory and 1.5 GB are free; "
        "choose a smaller model or free some memory."
    )
    assert names(shelf) == ["a"]


def test_where_nobody_says_how_much_there_is_everything_fits(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, None)
    assert shelf.make_room("large.gguf", 10**18)


def test_the_limit_is_what_is_free_and_what_we_could_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "available_bytes", lambda: 10**9)
    measured = shelf_module._limit_bytes()
    assert measured is not None
    # This very process has some memory of its own.
    assert 10**9 + 10**6 < measured < 10**9 + 10**10
    monkeypatch.setattr(shelf_module, "available_bytes", lambda: None)
    assert shelf_module._limit_bytes() is None


def test_what_is_not_used_for_long_is_freed(
    shelf: Shelf, sources: list[ModelSource], clock: Clock
) -> None:
    assert shelf.unload_unused() is None
    put(shelf, sources[0])
    clock.now = 100.0
    put(shelf, sources[1])
    assert shelf.unload_unused() == UNUSED_SECONDS - 100
    clock.now = 200.0
    with shelf.lend(sources[0]):
        pass
    assert shelf.unload_unused() == UNUSED_SECONDS - 100
    clock.now = UNUSED_SECONDS + 100.0
    assert shelf.unload_unused() == 100
    assert names(shelf) == ["a"]
    clock.now = UNUSED_SECONDS + 200.0
    assert shelf.unload_unused() is None
    assert names(shelf) == []
