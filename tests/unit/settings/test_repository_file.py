"""What `.cloister.toml` may say; what is broken is a case of `tests/privacy/test_p06_*`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.settings.repository_file import (
    MAX_REPOSITORY_FILE_BYTES,
    RepositoryFile,
    parse_repository_file,
)

LOCAL_UNDERSCORE = "The key 'local_only' has no effect: a repository can only restrict"
TEXTS = st.text(alphabet='version = 1\n"[]{}.,#!\\-truefalsdn', max_size=80)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version = 1", RepositoryFile()),
        ("version = 1\nlocal-only = true", RepositoryFile(local_only=True)),
        ('version = 1\ndeny = ["*.sql", "/a/"]', RepositoryFile(deny=("*.sql", "/a/"))),
        ("version = 1\ndeny = []", RepositoryFile()),
        (
            'version = 1\ndeny = ["a", "!b"]',
            RepositoryFile(
                deny=("a",),
                problems=("The pattern '!b' has no effect: nothing can be permitted here.",),
            ),
        ),
        (
            "version = 1\nlocal_only = true",
            RepositoryFile(problems=(f"{LOCAL_UNDERSCORE}; did you mean 'local-only'?",)),
        ),
        (
            "version = 2\nlocal-only = true",
            RepositoryFile(local_only=True, broken="its version is not 1"),
        ),
    ],
)
def test_what_a_file_says(text: str, said: RepositoryFile) -> None:
    assert parse_repository_file(text.encode()) == said


def test_problems_are_few_and_short_however_many_mistakes_there_are() -> None:
    keys = "".join(f'"{number}{"x" * 500}" = 1\n' for number in range(100))
    problems = parse_repository_file(f"version = 1\n{keys}".encode()).problems
    assert len(problems) == 20
    assert max(map(len, problems)) < 200


def test_problems_hold_no_character_that_steers_a_terminal() -> None:
    said = parse_repository_file(b'version = 1\n"\\u001b]52;c;x\\u0007\\u202e" = 1\n')
    assert "\\x1b]52;c;x\\x07\\u202e" in said.problems[0]


@given(st.binary(max_size=200) | TEXTS.map(str.encode))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    said = parse_repository_file(data)
    assert said.is_restricting == (said.local_only or bool(said.broken))
    assert not said.broken or (said.deny, said.problems) == ((), ())


@given(TEXTS, TEXTS)
def test_more_text_never_takes_back_a_restriction_by_accident(before: str, after: str) -> None:
    """What stands around `local-only = true` may break the file, and then it restricts too."""
    text = f"version = 1\nlocal-only = true\n{after}"
    assert parse_repository_file(text.encode()).is_restricting
    assert parse_repository_file(f"{before}\n{text}".encode()).is_restricting or "[" in before


def test_what_is_too_large_is_not_parsed() -> None:
    text = b"version = 1\n" + b"#" * MAX_REPOSITORY_FILE_BYTES
    assert parse_repository_file(text).broken == "it is larger than 64 KB"
