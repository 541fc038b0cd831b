import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.policy import secrets
from cloister.policy.secrets import redact, scan
from cloister.policy.secrets.assignments import looks_random
from cloister.policy.secrets.formats import _LETTERS
from support.made_up_secrets import made_up_secrets

SECRETS = made_up_secrets()
FORMATS = tomllib.loads(
    Path(secrets.__file__).with_name("formats.toml").read_text(encoding="utf-8")
)["format"]

pieces = st.one_of(
    st.text(max_size=12),
    st.sampled_from([secret for _, secret in SECRETS.values()]),
    st.sampled_from([line for line, _ in SECRETS.values()]),
    st.sampled_from(["password", "=", ":", '"', "://", "@", "\\n", "eyJ", ".", "sk-", "AKIA"]),
    st.text("aZ09-_./+=", max_size=60),
)


@given(st.lists(pieces, max_size=12).map("".join))
def test_findings_are_apart_and_nothing_is_left_of_them(text: str) -> None:
    findings = scan(text)
    ends = [0, *(finding.end for finding in findings)]
    for finding, end in zip(findings, ends, strict=False):
        assert end <= finding.start < finding.end <= len(text)
    clean = redact(text)
    assert scan(clean) == ()
    assert redact(clean) == clean
    assert (clean == text) == (findings == ())


# A search that goes back and forth would need hours for these.
HOSTILE = [
    "eyJ-",
    "eyJ_",
    "eyJaaaaaaaaaaa.",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN ",
    "-",
    "://",
    "://a:",
    ":",
    "sk-ant-",
    "sk-",
    "hf_a-",
    "token",
    "token-",
    "token =",
    "token = '",
    "password ",
    "secret=\"'",
    "api_key=aB3",
    "1Q~",
    "1234567890:A",
    "Maaaaaaaaaaaaaaaaaaaaaaaa.",
    "\\n",
    ".atlasv1.",
    "hooks.slack.com/services/",
    "a" * 31 + "-us",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_makes_the_search_slow(piece: str) -> None:
    n_chars = 500_000
    scan((piece * (n_chars // len(piece)))[:n_chars])


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known["name"])
def test_facts_are_complete_and_found_exactly(known: dict[str, object]) -> None:
    prefixes = known["prefixes"]
    assert isinstance(prefixes, list)
    letters = str(known["letters"])
    count = known.get("length", known.get("least"))
    assert isinstance(count, int)
    assert {"length", "least"} & set(known)
    sample = {"hex": "0123456789abcdef", "upper base32": "ABCDEFG234567"}.get(letters)
    sample = sample or ("A1B2C3D4E5F6" if "upper" in letters else "a1b2c3d4e5f6")
    body = (sample * count)[:count]
    assert letters in _LETTERS
    for prefix in prefixes:
        found = scan(f"x {prefix}{body} y")
        assert [(f.rule, f.start, f.end) for f in found] == [
            (known["name"], 2, 2 + len(prefix) + count)
        ]
        assert scan(f"x {prefix}{body[:-1]} y") == ()


def test_no_beginning_is_listed_twice() -> None:
    prefixes = [prefix for known in FORMATS for prefix in known["prefixes"]]
    assert len(prefixes) == len(set(prefixes))


@pytest.mark.parametrize(
    ("value", "is_random"),
    [
        ("9f86d081884c7d659a2feaa0c55ad015", True),
        ("Zk3vQ9xW2mB7nR4tY8uP1", True),
        ("my-application-secret-2", False),
        ("aaaaaaaaaaaaaaaaaaaa1", False),
        ("short1Value", False),
        ("NoDigitsInHereAtAllQXZ", False),
    ],
)
def test_random_values_are_told_from_words(value: str, is_random: bool) -> None:  # noqa: FBT001  # a case
    assert looks_random(value) == is_random
