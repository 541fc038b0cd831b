"""From an answer to a new file or a new definition: it has to parse and be about the right thing.

Nothing that exists is ever changed by it.
"""

import os
import re
from collections.abc import Iterator

from cloister.core.edit import TextEdit
from cloister.core.invisible import has_invisible
from cloister.core.outline import Definition
from cloister.core.text import Span
from cloister.features.editing.answer import RefusedAnswerError, code_candidates, leaves_out
from cloister.features.editing.checks import Promise
from cloister.features.editing.fitting import line_terminator
from cloister.features.editing.place import Place
from cloister.features.editing.propose import Target, checked_edits
from cloister.features.editing.snippet import as_file
from cloister.features.editing.task import Addition, Creation, NewFile
from cloister.policy.secrets import REDACTED
from cloister.syntax.errors import syntax_errors
from cloister.syntax.languages import Language
from cloister.syntax.outline import outline_of
from cloister.syntax.tree import ParsedSource, parse


def new_file(answer: str, creation: Creation, place: Place) -> NewFile:
    """Return the file that an answer holds; raises RefusedAnswerError when it cannot be used."""
    language = creation.language or place.read.language
    code = _only_code(answer, creation.mentions, language)
    if creation.language is not None:
        _require_translation(answer, code, creation.mentions, language)
    if os.path.lexists(creation.path):
        raise RefusedAnswerError(f"{creation.path.name} exists by now; open it, and ask there.")
    return NewFile(creation.path, _in_line_ends(f"{code.rstrip()}\n", place))


def addition_edits(answer: str, addition: Addition, place: Place) -> tuple[TextEdit, ...]:
    """Return the edits that add one definition at the document's end.

    Raises RefusedAnswerError when the answer cannot be used.
    """
    document, language = place.read.document, place.read.language
    code = _definition(_only_code(answer, addition.mentions, language), addition.name, language)
    source = document.text.value
    gap = "\n" if source.endswith("\n") else "\n\n"
    new = _in_line_ends(f"{gap}{code.rstrip()}\n", place)
    end = Span(len(source), len(source))
    return checked_edits(new, (), Target(document, end, language, Promise(definitions=False)))


def _require_translation(answer: str, code: str, name: str, language: Language) -> None:
    """Raise RefusedAnswerError for what may hold prose, and for code without the definition."""
    # Prose is valid Ruby, and outside of its tags PHP is all prose.
    if not any(fence in answer for fence in ("```", "~~~")):
        raise RefusedAnswerError("The code has to stand in one fenced block.")
    found = outline_of(parse(code, language)).definitions
    if name and not any(it.name == name for it in found):
        raise RefusedAnswerError(f"The answer does not define {name}; try again.")


def _only_code(answer: str, mentions: str, language: Language) -> str:
    """Return the one piece of an answer that parses and mentions what it has to."""
    reasons: list[str] = []
    usable: dict[str, None] = {}
    for code in (as_file(it, language) for it in code_candidates(answer)):
        reason = next(_objections(code, mentions, language), "")
        if reason:
            reasons.append(reason)
        else:
            usable[code.strip("\n")] = None
    if len(usable) > 1:
        raise RefusedAnswerError("The model wrote several versions; try again.")
    if not usable:
        raise RefusedAnswerError(reasons[0])
    return next(iter(usable))


def _objections(code: str, mentions: str, language: Language) -> Iterator[str]:
    if has_invisible(code):
        yield "The answer held invisible characters; choose another model."
    if REDACTED in code:
        yield "The answer holds a gap in place of a secret; write it by hand."
    if leaves_out(code, ""):
        yield "The model left out code with dots; try again."
    parsed = parse(code, language)
    if not parsed.is_complete or syntax_errors(parsed):
        yield f"The result would not be valid {language.name}."
    if not re.search(rf"(?<!\w){re.escape(mentions)}(?!\w)", code):
        yield f"The answer is not about {mentions}; try again or choose another model."


def _definition(code: str, name: str, language: Language) -> str:
    """Return the definition called `name` with what stands before it, without what is repeated."""
    parsed = parse(code, language)
    found = outline_of(parsed).definitions
    wanted = [it for it in found if it.name == name and not it.container]
    if len(wanted) != 1:
        raise RefusedAnswerError(f"The model did not write {name!r}; try again.")
    return code[_start(parsed, wanted[0]) : wanted[0].span.end]


def _start(parsed: ParsedSource, definition: Definition) -> int:
    """Return where the attributes directly above a definition begin."""
    lines = parsed.source[: definition.span.start].split("\n")[:-1]
    start = definition.span.start
    for line in reversed(lines):
        if not line.lstrip().startswith(("#[", "//")):
            break
        start -= len(line) + 1
    return start


def _in_line_ends(text: str, place: Place) -> str:
    return text.replace("\n", line_terminator(place.text))
