"""What a repository's last messages have in common, and what a model is told of it."""

import pytest

from cloister.features.committing.conventions import conventions_of, told

TYPED = ["fix: count lines", "feat(cli): say where", "fix!: refuse links", "docs: name them"]
AREAS = ["net/http: refuse links", "cmd/go: say where", "net: count lines", "doc: name it"]
SENTENCES = ["Count lines", "Say where", "Refuse links\n\nThey lead elsewhere.", "Name them"]
FULL = ["Count lines.\n\nBecause.", "Say where.\n\nSo.", "Refuse links.\n\nThey.", "Name them"]
ABOUT_ISSUES = [
    "KAFKA-12 Say 0",
    "[AB-1]: Say 1 (#12)",
    "Say 2 (#34) (#5)",
    "PROJ-123456: Say 3",
]
BY_PROGRAMS = ["Merge branch x", "Revert “y”", "fixup! z", "Bump a from 1 to 2"]


@pytest.mark.parametrize(
    ("messages", "customs"),
    [
        (TYPED, {"types": ("fix", "feat", "docs"), "prefixed": False, "capital": False}),
        (AREAS, {"types": (), "prefixed": True, "capital": False}),
        (SENTENCES, {"types": (), "prefixed": False, "capital": True}),
        ([*TYPED, *SENTENCES], {"types": (), "prefixed": False, "capital": None}),
        ([*BY_PROGRAMS, *TYPED], {"types": ("fix", "feat", "docs")}),
        ([*BY_PROGRAMS, *TYPED[:3]], {"types": (), "capital": None, "examples": ()}),
        (
            ABOUT_ISSUES,
            {"capital": True, "prefixed": False, "examples": ("Say 0", "Say 1", "Say 2", "Say 3")},
        ),
        ([], {"types": (), "capital": None, "examples": ()}),
        (FULL, {"full_stop": True, "body": True, "usual_subject_chars": 30}),
    ],
)
def test_a_custom_is_what_most_messages_do(messages: list[str], customs: dict[str, object]) -> None:
    found = conventions_of(messages)
    assert {name: getattr(found, name) for name in customs} == customs


def test_a_model_is_told_the_customs() -> None:
    words = told(conventions_of(TYPED))
    for word in ("`fix: `", "fix, feat, docs", "small one", "without a full stop", TYPED[0]):
        assert word in words
    assert "changed and a colon" in told(conventions_of(AREAS))


def test_what_nobody_can_read_is_no_example() -> None:
    hidden = "fix: co\u202eunt"
    assert hidden not in conventions_of([hidden, *TYPED]).examples
    assert "x" * 73 not in conventions_of(["x" * 73, *TYPED]).examples
