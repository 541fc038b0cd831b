from pathlib import Path

import pytest

from cloister.context.find import SOURCE_NAMES
from cloister.core.errors import SettingsError
from cloister.evaluation.configuration import Configuration, parse_configuration


@pytest.mark.parametrize(
    ("word", "disabled"),
    [
        ("default", set()),
        ("without:similar,outline", {"similar", "outline"}),
        ("only:similar", set(SOURCE_NAMES) - {"similar"}),
    ],
)
def test_words_name_configurations(word: str, disabled: set[str]) -> None:
    assert parse_configuration(word) == Configuration(word, frozenset(disabled))


def test_a_baseline_is_one() -> None:
    assert parse_configuration("bm25") == Configuration("bm25", is_baseline=True)


def test_a_file_is_one(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('disabled = ["similar"]\n')
    assert parse_configuration(str(path)).disabled == {"similar"}


@pytest.mark.parametrize("content", [None, "disabled =", 'disabled = "similar"', "disabled = [1]"])
def test_a_file_that_is_none_is_said(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SettingsError, match=r"a\.toml"):
        parse_configuration(str(path))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("nonsense", "is no configuration"),
        ("without:nonsense", "no context source 'nonsense'"),
        ("only:nonsense", "no context source 'nonsense'"),
    ],
)
def test_other_words_are_said(word: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        parse_configuration(word)
