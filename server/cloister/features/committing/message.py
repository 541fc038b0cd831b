"""From an answer to the one message that it holds, or to a plain refusal.

What can be told apart with certainty is: a fence, a label, quotes around everything, the case of a
letter, lines that are too long. A model cannot know who signs or which issue a commit closes, so
such lines are left out. Everything else that is no message is refused.
"""

import re
import textwrap
from collections.abc import Iterator

from cloister.core.invisible import has_invisible
from cloister.features.committing.conventions import (
    MOST_SUBJECT_CHARS,
    USUAL_TYPES,
    Conventions,
    described_part,
    type_of,
    without_reference,
)
from cloister.features.editing.answer import RefusedAnswerError, code_candidates
from cloister.policy.secrets import REDACTED, scan

_MOST_LINE_CHARS = 72
_MOST_CHARS = 8_000
_MOST_BODY_LINES = 60
_LABEL = re.compile(
    r"(?:\*\*|#+ ?)?(?:(?:commit )?(?:message|subject|title))(?:\*\*)?:(?:\*\*)?[ \t]*",
    re.IGNORECASE,
)
_QUOTES = (("**", "**"), ("`", "`"), ('"', '"'), ("'", "'"), ("“", "”"))
_TALK = re.compile(
    r"(?:sure|certainly|of course|okay|here (?:is|are)|here's|below is|the following|this is"
    r"|i|i['\u2019](?:m|ve)|sorry|as an|unfortunately|based on|let me|you can"
    r"|the (?:commit )?message)\b",
    re.IGNORECASE,
)
_OF_A_LIST = re.compile(r"(?:\d{1,2}[.)]|[-*•]|option \d+\b|#+)[ \t]", re.IGNORECASE)
_OF_A_DIFF = re.compile(r"diff --git |@@ -|--- a/|\+\+\+ b/|```|~~~")
_NOT_KNOWN = re.compile(
    r"(?:[A-Z][a-z]+(?:-[a-z]+)+: .*@.*|Change-Id: .*"
    r"|(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?):? (?:\S+)?#\d+[.]?)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[-*•] ")


def message_in(answer: str, conventions: Conventions) -> str:
    """Return the message, with plain line ends and none at its end.

    Raises RefusedAnswerError with a sentence that says what is wrong.
    """
    if len(answer) > _MOST_CHARS:
        raise RefusedAnswerError("The model wrote far too much; try again.")
    lines = _without_unknown(_only_text(answer).split("\n"))
    lines[:1] = [without_reference(line.strip()) for line in lines[:1]]
    for reason in _objections(lines, conventions):
        raise RefusedAnswerError(reason)
    subject = _subject(lines[0], conventions)
    if len(subject) > MOST_SUBJECT_CHARS:
        raise RefusedAnswerError(
            f"The first line has {len(subject)} characters; it may have {MOST_SUBJECT_CHARS}."
        )
    body = "\n".join(_wrapped(lines[1:])).strip("\n").split("\n")
    if len(body) > _MOST_BODY_LINES:
        raise RefusedAnswerError("The message is far too long; write a shorter one.")
    return "\n".join([subject, "", *body]) if any(body) else subject


def _only_text(answer: str) -> str:
    candidates = list(dict.fromkeys(it.strip() for it in code_candidates(answer)))
    if len(candidates) > 1:
        raise RefusedAnswerError("The model wrote several messages; write one.")
    label = _LABEL.match(candidates[0])
    text = _unquoted(candidates[0][label.end() :] if label else candidates[0])
    subject, end, rest = text.partition("\n")
    return _unquoted(subject) + end + rest


def _unquoted(text: str) -> str:
    text = text.strip()
    for opening, closing in _QUOTES:
        inner = text[len(opening) : len(text) - len(closing)]
        if text == opening + inner + closing and opening not in inner and closing not in inner:
            return inner.strip()
    return text


def _without_unknown(lines: list[str]) -> list[str]:
    kept = [line.rstrip() for line in lines if not _NOT_KNOWN.fullmatch(line.strip())]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _objections(lines: list[str], conventions: Conventions) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong; the first says it to the model."""
    if not lines or not any(map(str.isalnum, lines[0])):
        yield "The model wrote no message; write one."
        return
    yield from _against_text(lines)
    yield from _against_subject(lines[0], lines[1:], conventions)


def _against_text(lines: list[str]) -> Iterator[str]:
    text = "\n".join(lines)
    if has_invisible(text):
        yield "The answer held invisible characters; choose another model."
    if REDACTED in text or scan(text):
        yield "The message holds what looks like a secret; write one without it."
    if any(_OF_A_DIFF.match(line.lstrip()) for line in lines):
        yield "The answer repeats the changes; say in words what they do."
    if any(line.startswith("#") for line in lines):
        yield "A line of the message begins with #, and git leaves such lines out."


def _against_subject(subject: str, rest: list[str], conventions: Conventions) -> Iterator[str]:
    if _TALK.match(subject) or (subject.endswith(":") and rest):
        yield "The model wrote about the message; only the message itself is wanted."
    if _OF_A_LIST.match(subject) or any(type_of(it.strip()) in USUAL_TYPES for it in rest):
        yield "The model wrote several messages; write one."
    if rest and rest[0].strip():
        yield "The second line of the message is not empty, as it has to be."
    if conventions.types and type_of(subject) not in (*conventions.types, *USUAL_TYPES):
        yield (
            "The message does not begin with a type and a colon, such as "
            f"`{conventions.types[0]}: `."
        )
    if subject in conventions.examples:
        yield "The model repeated an earlier commit's message; one about these changes is wanted."


def _subject(subject: str, conventions: Conventions) -> str:
    """Return the first line in the repository's own case, with or without its full stop."""
    rest = described_part(subject, conventions)
    first = rest.partition(" ")[0]
    is_word = first.isalpha() and first in (first.lower(), first.capitalize())
    if conventions.capital is not None and is_word:
        letter = rest[0].upper() if conventions.capital else rest[0].lower()
        subject = subject[: len(subject) - len(rest)] + letter + rest[1:]
    plain = subject if subject.endswith("..") else subject.removesuffix(".")
    return f"{plain}." if conventions.full_stop else plain


def _wrapped(lines: list[str]) -> Iterator[str]:
    """Yield the body with long lines of prose broken; what is indented stays as it is."""
    for line in lines:
        if len(line) <= _MOST_LINE_CHARS or line[:1].isspace():
            yield line
        else:
            yield from textwrap.wrap(
                line,
                _MOST_LINE_CHARS,
                subsequent_indent="  " if _BULLET.match(line) else "",
                break_long_words=False,
                break_on_hyphens=False,
            )
