from pathlib import Path

import pytest

from cloister.core.hardware import ModelSpeed, Placement
from cloister.engine import speed_cache
from cloister.engine.speed_cache import SpeedCache, speed_folder

SPEED = ModelSpeed(prefill_tokens_per_second=300.5, decode_tokens_per_second=70.25)
ON_CPU = Placement(layers=7)


@pytest.fixture(autouse=True)
def cache_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"weights")
    return path


def test_a_speed_is_found_again(model: Path) -> None:
    assert SpeedCache(model, 2, ON_CPU).recall() is None
    SpeedCache(model, 2, ON_CPU).remember(SPEED)
    assert SpeedCache(model, 2, ON_CPU).recall() == SPEED


def test_it_lies_in_the_users_cache_and_nowhere_else(model: Path, cache_home: Path) -> None:
    cache = SpeedCache(model, 2, ON_CPU)
    cache.remember(SPEED)
    cache.remember(SPEED)
    assert list(cache_home.rglob("*.json")) == list(speed_folder().iterdir()) == [cache.path]
    assert cache.path.stat().st_mode & 0o077 == 0


def test_nothing_known_is_nothing_kept(model: Path, cache_home: Path) -> None:
    SpeedCache(model, 2, ON_CPU).remember(None)
    assert not cache_home.exists()


def test_another_model_thread_or_device_was_not_measured(model: Path, tmp_path: Path) -> None:
    SpeedCache(model, 2, ON_CPU).remember(SPEED)
    other = tmp_path / "other.gguf"
    other.write_bytes(b"weights")
    assert SpeedCache(other, 2, ON_CPU).recall() is None
    assert SpeedCache(model, 1, ON_CPU).recall() is None
    assert SpeedCache(model, 2, Placement(7, 7, 100, ("GPU",))).recall() is None
    model.write_bytes(b"other weights")
    assert SpeedCache(model, 2, ON_CPU).recall() is None


def test_another_machine_or_build_was_not_measured(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SpeedCache(model, 2, ON_CPU).remember(SPEED)
    monkeypatch.setattr(speed_cache, "processor_name", lambda: "another processor")
    assert SpeedCache(model, 2, ON_CPU).recall() is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[1, 2]",
        b"[" * 900,
        b"\xff\xfe",
        b'{"prefill_tokens_per_second": 1.0}',
        b'{"prefill_tokens_per_second": 1.0, "decode_tokens_per_second": 0.0}',
        b'{"prefill_tokens_per_second": 1.0, "decode_tokens_per_second": -1.0}',
        b'{"prefill_tokens_per_second": 1.0, "decode_tokens_per_second": NaN}',
        b'{"prefill_tokens_per_second": Infinity, "decode_tokens_per_second": 1.0}',
        b'{"prefill_tokens_per_second": "1.0", "decode_tokens_per_second": 1.0}',
        b'{"prefill_tokens_per_second": true, "decode_tokens_per_second": 1.0}',
        b'{"prefill_tokens_per_second": 1.0, "decode_tokens_per_second": 1.0, "x": 1}',
        b'{"prefill_tokens_per_second": 1.0, "decode_tokens_per_second": 1.0}' + b" " * 1000 + b"x",
    ],
)
def test_a_damaged_file_is_as_good_as_none(model: Path, content: bytes) -> None:
    cache = SpeedCache(model, 2, ON_CPU)
    cache.remember(SPEED)
    cache.path.write_bytes(content)
    expected = ModelSpeed(1.0, 1.0) if content.endswith(b"x") else None
    assert cache.recall() == expected
    cache.remember(SPEED)
    assert cache.recall() == SPEED


def test_a_cache_that_cannot_be_written_costs_nothing(model: Path, cache_home: Path) -> None:
    cache_home.write_text("a file where the folder should be")
    cache = SpeedCache(model, 2, ON_CPU)
    cache.remember(SPEED)
    assert cache.recall() is None


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(model: Path) -> None:
    cache = SpeedCache(model, 2, ON_CPU)
    cache.path.mkdir(parents=True)
    cache.remember(SPEED)
    assert list(speed_folder().iterdir()) == [cache.path]


def test_a_user_without_a_home_has_no_cache(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")

    def fail() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", fail)
    cache = SpeedCache(model, 2, ON_CPU)
    cache.remember(SPEED)
    assert cache.recall() is None
