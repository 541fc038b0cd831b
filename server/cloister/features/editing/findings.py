"""What a model finds in some lines, read strictly: each finding names a line that is really there.

A model is asked for two lines each: the line of the code, and what is wrong with it. Everything
around them is ignored, and a finding about a line that the code does not have is dropped, because
nobody could tell what it is about. What is left is plain text of bounded length.
"""

import re
from collections.abc import Iterator
from itertools import islice

from cloister.core.invisible import shown
from cloister.core.text import Span, Text
from cloister.features.editing.answer import RefusedAnswerError, readable
from cloister.features.editing.propose import whole_lines
from cloister.features.editing.prose import LINK, harmless_prose
from cloister.features.editing.task import Finding, Findings, Prose, Severity

NOTHING_FOUND = "The model found nothing."
FINDINGS_FORM = (
    "Answer with two lines for each of at most ten, the worst first, and nothing else:\n"
    "LINE: one line of the code between <code> and </code>, exactly as it is written\n"
    "WARNING: what is wrong with it and what to do instead, in one sentence\n"
    "Write INFORMATION instead of WARNING for what is only worth knowing. If there is nothing, "
    "answer with the one word NOTHING. An example of an answer:\n\n"
    "LINE: average = total / count\n"
    "WARNING: This divides by zero when nothing was counted; return early then."
)
_MOST_FINDINGS = 20
_MOST_READ = 60
_MOST_MESSAGE_CHARS = 300
_MOST_LINE_CHARS = 2_000
# So much of a line is enough where no other line has it.
_LEAST_PART_CHARS = 8
_QUOTES = "`'\"“”"
_FIELD = re.compile(
    r"[\s>*_#.)\-\d]{0,12}(?P<name>LINE|WARNING|ERROR|INFO|INFORMATION|NOTE)[*_ \d]{0,8}:[*_]{0,2}"
    r"\s*(?P<value>.*)",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"^\W*NOTHING\W*$", re.IGNORECASE | re.MULTILINE)
_LINK = re.compile(rf"\(?(?:{LINK})")


def findings_in(answer: str, text: Text, span: Span) -> Findings:
    """Return the findings of an answer about the lines of `span`, by line.

    Raises RefusedAnswerError when it neither names a line of them nor says that there is nothing.
    """
    reply = readable(answer)
    lines = _Lines(text, span)
    found: dict[Finding, None] = {}
    for quote, name, sentence in islice(_quoted(reply), _MOST_READ):
        place, message = lines.find(quote), _plain(sentence)
        if place is not None and message:
            found[Finding(place, _severity(name), message)] = None
    if not found and not _NOTHING.search(reply):
        raise RefusedAnswerError(
            "The model named no line of this code; try again or choose another model."
        )
    first = list(found)[:_MOST_FINDINGS]
    return Findings(span, tuple(sorted(first, key=lambda it: it.span.start)))


def findings_as_prose(findings: Findings, text: Text) -> Prose:
    """Return findings as a document, for who cannot show them in the code."""
    said = "\n".join(
        f"- Line {text.line_of(it.span.start) + 1}, {it.severity}: {it.message}"
        for it in findings.found
    )
    return Prose(harmless_prose(said or NOTHING_FOUND))


class _Lines:
    """Where the lines of a span are."""

    def __init__(self, text: Text, span: Span) -> None:
        lines = whole_lines(text, span)
        self._places: dict[str, Span] = {}
        for number in range(text.line_of(lines.start), text.line_of(lines.end) + 1):
            line = text.line(number)
            start = text.line_start(number) + len(line) - len(line.lstrip())
            # Of several that are alike the first one stands for all.
            self._places.setdefault(line.strip(), Span(start, start + len(line.strip())))

    def find(self, quote: str) -> Span | None:
        """Return the line that is quoted, whole or in a part that no other line has."""
        for wanted in (quote.strip(), quote.strip().strip(_QUOTES).strip()):
            if any(map(str.isalnum, wanted)) and (place := self._places.get(wanted)):
                return place
            parts = [place for line, place in self._places.items() if wanted in line]
            if len(wanted) >= _LEAST_PART_CHARS and len(parts) == 1:
                return parts[0]
        return None


def _quoted(reply: str) -> Iterator[tuple[str, str, str]]:
    """Yield each quoted line with the name and the value of the field that follows it."""
    quote = ""
    for line in reply.split("\n"):
        field = _FIELD.match(line[:_MOST_LINE_CHARS])
        if field is None:
            continue
        if field["name"].upper() == "LINE":
            quote = field["value"]
        elif quote:
            yield quote, field["name"], field["value"]
            quote = ""


def _severity(name: str) -> Severity:
    is_bad = name.upper() in {"WARNING", "ERROR"}
    return Severity.WARNING if is_bad else Severity.INFORMATION


def _plain(sentence: str) -> str:
    """Return a sentence in which nothing can be followed or hidden; empty when it says nothing."""
    text = _LINK.sub("(link)", shown(" ".join(sentence.split())))
    is_long = len(text) > _MOST_MESSAGE_CHARS
    text = f"{text[:_MOST_MESSAGE_CHARS]}…" if is_long else text
    return text if any(map(str.isalnum, text)) else ""
