"""Changes are lines at the end, in files that a person could have written."""

from pathlib import Path

import pytest

from bench.index.changes import choose_files, with_line


@pytest.mark.parametrize(
    ("path", "text", "changed"),
    [
        ("a.py", "", "# word\n"),
        ("a.py", "x = 1\n", "x = 1\n# word\n"),
        ("a.py", "x = 1", "x = 1\n# word\n"),
        ("a.go", "package a\n", "package a\n// word\n"),
        ("a.html", "<p>\n", "<p>\n word\n"),
    ],
)
def test_the_word_is_in_a_last_line_of_its_own(path: str, text: str, changed: str) -> None:
    assert with_line(path, text, "word") == changed


def test_files_are_chosen_that_are_indexed_and_not_too_large(tmp_path: Path) -> None:
    texts = {f"{number}.py": f"x = {number}\n" for number in range(20)}
    texts |= {"large.py": "x = 1\n" * 20_000, "binary.py": "\0"}
    for path, text in texts.items():
        (tmp_path / path).write_text(text)
    chosen = choose_files(tmp_path, list(texts), 100)
    assert set(chosen) == texts.keys() - {"large.py", "binary.py"}
    assert choose_files(tmp_path, list(texts), 5) == chosen[:5]
    assert choose_files(tmp_path, list(texts), 100, seed=1) != chosen
