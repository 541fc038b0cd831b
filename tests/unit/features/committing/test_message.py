"""Whatever a model answers, it is one message as the repository writes them, or a refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.invisible import has_invisible
from cloister.features.committing.conventions import Conventions
from cloister.features.committing.message import message_in
from cloister.features.editing.answer import RefusedAnswerError
from support.made_up_secrets import made_up_secrets

PLAIN = Conventions()
TYPED = Conventions(types=("feat", "fix"), capital=False, examples=("fix: count from one",))
CAPITAL = Conventions(capital=True)
GOOD = "Add a limit\n\nWithout it a file of any size was read."
LONG = "It was read as a whole, however large it was, so that a machine with little memory stood."


@pytest.mark.parametrize(
    ("answer", "conventions", "wanted"),
    [
        (GOOD, PLAIN, GOOD),
        (f"\n\n{GOOD}\n\n\n", PLAIN, GOOD),
        (f"```\n{GOOD}\n```", PLAIN, GOOD),
        (f"Here is the message:\n\n```text\n{GOOD}\n```\nIt follows the rules.", PLAIN, GOOD),
        (f"```\n{GOOD}\n```\nAgain:\n```\n{GOOD}\n```", PLAIN, GOOD),
        (f"<think>What changes?</think>\n{GOOD}", PLAIN, GOOD),
        (GOOD.replace("\n", "\r\n"), PLAIN, GOOD),
        ('"Add a limit"', PLAIN, "Add a limit"),
        ("`Add a limit`", PLAIN, "Add a limit"),
        ("**Add a limit**\n\nIt was missing.", PLAIN, "Add a limit\n\nIt was missing."),
        ("Say “no” to “yes”", PLAIN, "Say “no” to “yes”"),
        ("Commit message: Add a limit", PLAIN, "Add a limit"),
        ("**Subject:** Add a limit", PLAIN, "Add a limit"),
        ("Add a limit.", PLAIN, "Add a limit"),
        ("Add a limit", Conventions(full_stop=True), "Add a limit."),
        ("KAFKA-12: Add a limit (#17)", PLAIN, "Add a limit"),
        ("Load more...", PLAIN, "Load more..."),
        ("add a limit", CAPITAL, "Add a limit"),
        ("read_file has a limit", CAPITAL, "read_file has a limit"),
        ("feat: Add a limit", TYPED, "feat: add a limit"),
        ("fix(api)!: HTTP errors", TYPED, "fix(api)!: HTTP errors"),
        ("refactor: move it", TYPED, "refactor: move it"),
        ("Add a limit\n\n\n\n- one\n- two", PLAIN, "Add a limit\n\n- one\n- two"),
        ("Add a limit\n\nSigned-off-by: Me <me@example.org>", PLAIN, "Add a limit"),
        (f"{GOOD}\n\nFixes #12\nChange-Id: I12", PLAIN, GOOD),
    ],
)
def test_the_message_is_what_was_meant(answer: str, conventions: Conventions, wanted: str) -> None:
    assert message_in(answer, conventions) == wanted


def test_long_lines_are_broken_and_code_is_not() -> None:
    code = f"    {LONG}"
    message = message_in(f"Add a limit\n\n{LONG}\n\n- {LONG}\n\n{code}", PLAIN)
    _, _, *body = message.split("\n")
    assert body[-1] == code
    assert max(map(len, body[:-1])) <= 72
    assert [line[:2] for line in body if line.startswith(("- ", "  "))] == ["- ", "  ", "  "]


@pytest.mark.parametrize(
    ("answer", "conventions", "reason"),
    [
        ("", PLAIN, "wrote nothing"),
        ("```\n```", PLAIN, "wrote no code"),
        ("x" * 9_000, PLAIN, "far too much"),
        ("Fixes #12", PLAIN, "no message"),
        (".", PLAIN, "no message"),
        ("KAFKA-12: (#17)", PLAIN, "no message"),
        (f"{'word ' * 20}", PLAIN, "99 characters"),
        ("I cannot help with that.", PLAIN, "only the message itself is wanted"),
        ("Sure! Add a limit", PLAIN, "only the message itself is wanted"),
        (f"Here is a message:\n\n{GOOD}", PLAIN, "only the message itself is wanted"),
        ("Changes:\n\n- a limit", PLAIN, "only the message itself is wanted"),
        ("Add a limit\nto what is read", PLAIN, "second line"),
        ("1. Add a limit\n2. Read less", PLAIN, "several messages"),
        ("- Add a limit", PLAIN, "several messages"),
        ("fix: one\n\nfeat: two", PLAIN, "several messages"),
        ("```\nAdd a limit\n```\n```\nRead less\n```", PLAIN, "several messages"),
        ("Add a limit\n\n# of files", PLAIN, "begins with #"),
        ("Add a limit\n\n@@ -1 +1 @@\n-a\n+b", PLAIN, "repeats the changes"),
        ("Add a limit\u202e", PLAIN, "invisible"),
        ("Set the password to [redacted]", PLAIN, "secret"),
        (f"Use {next(iter(made_up_secrets().values()))}", PLAIN, "secret"),
        ("Add a limit\n\n" + "- one\n" * 70, PLAIN, "too long"),
        ("Add a limit", TYPED, "such as `feat: `"),
        ("fix: count from one", TYPED, "earlier commit"),
    ],
)
def test_what_is_no_message_is_refused(answer: str, conventions: Conventions, reason: str) -> None:
    with pytest.raises(RefusedAnswerError, match=reason):
        message_in(answer, conventions)


@given(
    st.text(alphabet="Aadf:ix#-`\"'*.@+\n\r\t \u202e", max_size=200)
    | st.lists(st.sampled_from([GOOD, "```", "fix: it", "\n", "Here is:", "# x", LONG])).map(
        "\n".join
    ),
    st.sampled_from([PLAIN, TYPED, CAPITAL]),
)
def test_every_answer_is_a_message_that_git_keeps_or_a_refusal(
    answer: str, conventions: Conventions
) -> None:
    try:
        message = message_in(answer, conventions)
    except RefusedAnswerError:
        return
    subject, *rest = message.split("\n")
    assert 0 < len(subject) <= 72
    assert subject == subject.strip()
    assert not rest or (rest[0] == "" and rest[-1])
    assert not any(line.startswith("#") for line in (subject, *rest))
    assert not has_invisible(message)
