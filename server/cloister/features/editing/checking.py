"""Has the user's own programs format and judge what an action writes, on a copy of it.

They come after every check of ours. A formatter counts only as far as it stays where the action may
write. A program that judges is asked about the text as it was as well, so that old faults refuse
nothing.
"""

import asyncio
import os
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cloister.core.cancel import CancelToken, unless_stopped
from cloister.core.edit import TextEdit, edited
from cloister.core.errors import CloisterError
from cloister.core.invisible import shown
from cloister.core.text import Span
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.place import Place
from cloister.features.editing.programs import Ended, name_of_copy, run_on_copy
from cloister.features.editing.ranges import edits_within, line_ranges
from cloister.features.editing.steps import CHECKING, Step, Watch
from cloister.features.editing.task import NewFile, Result
from cloister.settings.checks import FILE, CheckSettings
from cloister.syntax.errors import syntax_errors
from cloister.syntax.languages import Language, language_for_path
from cloister.syntax.tree import parse

_MOST_TOLD_CHARS = 4_000
_MOST_SAID_CHARS = 200
_DIGITS = re.compile(r"\d+")


Check = Callable[[Result], Awaitable[Result]]
"""Returns what may be done of a result; raises RefusedAnswerError when it may not be done."""


class FailedCheckError(RefusedAnswerError):
    """The user's own program refuses the result; `output` is what it says, for the model."""

    def __init__(self, program: str, reason: str, output: str) -> None:
        super().__init__(f"{program} refuses the result: {reason}")
        self.output = output


def user_check(
    span: Span,
    place: Place,
    checks: Sequence[CheckSettings],
    watch: Watch,
    cancel: CancelToken,
) -> Check:
    """Return who has the user's own programs check what is written about a span.

    Raises CloisterError when they cannot be run, so that nobody waits for a model first.
    """
    own_check(place.read.language, place, checks)

    async def check(result: Result) -> Result:
        watch(Step(CHECKING))
        work = checked_by_user(result, span, place, checks, watch)
        return await unless_stopped(work, cancel)

    return check


def own_check(
    language: Language, place: Place, checks: Sequence[CheckSettings]
) -> CheckSettings | None:
    """Return what the user wants to be run for a language, when an action at a place writes it.

    Raises CloisterError for programs that cannot be run.
    """
    names = (language.name, *language.language_ids)
    check = next((it for it in checks if it.name in names), None)
    for program in _programs(check) if check else ():
        _require_own(program, place)
        if not os.access(program, os.X_OK):
            raise CloisterError(f"{program} is no program; correct [checks] in your settings file.")
    return check


async def checked_by_user(
    result: Result, span: Span, place: Place, checks: Sequence[CheckSettings], watch: Watch
) -> Result:
    """Return what an action makes as the user's programs want it; `span` is what it is about.

    Raises FailedCheckError for what they refuse, CloisterError when they cannot be run.
    """
    language = place.read.language
    if isinstance(result, NewFile):
        language = language_for_path(result.path) or language
    check = own_check(language, place, checks)
    if check is None:
        return result
    names = dict.fromkeys(it.name for it in _programs(check))
    watch(Step(f"{CHECKING} with {' and '.join(names)}"))
    match result:
        case NewFile(path=path, text=text):
            file = _File(name_of_copy(path.name), language, check)
            text = await _formatted(file, text) or text
            await _require_accepted(file, text, None)
            return NewFile(path, text)
        case tuple():
            return await _edits_as_wanted(result, span, place, check)
        case _:
            return result


@dataclass(frozen=True, slots=True)
class _File:
    """Of what file the copies are, and what is run on them."""

    name: str
    language: Language
    check: CheckSettings


async def _edits_as_wanted(
    edits: tuple[TextEdit, ...], span: Span, place: Place, check: CheckSettings
) -> tuple[TextEdit, ...]:
    file = _File(_name(place), place.read.language, check)
    before = place.text.value
    formatted = await _formatted(file, edited(before, edits))
    if formatted:
        allowed = line_ranges(place.text, (span, *(it.span for it in edits)))
        edits = edits_within(before, allowed, formatted) or edits
    await _require_accepted(file, edited(before, edits), before)
    return edits


async def _formatted(file: _File, text: str) -> str:
    """Return the text as the formatter wants it, nothing where it gives none that parses."""
    words = file.check.format
    if not words:
        return ""
    ended = await run_on_copy(words, file.name, text)
    edits_copy = any(FILE in word for word in words)
    formatted = ended.text if edits_copy else ended.output
    if ended.code or await asyncio.to_thread(_breaks, text, formatted, file.language):
        return ""
    return formatted


async def _require_accepted(file: _File, text: str, before: str | None) -> None:
    words = file.check.command
    if not words:
        return
    ended = await run_on_copy(words, file.name, text)
    if not ended.code:
        return
    earlier = None if before is None else await run_on_copy(words, file.name, before)
    said = [*_lines(ended)]
    if earlier is not None and earlier.code and _is_about(file.name, said):
        said = _said_anew(said, [*_lines(earlier)])
        if not said:
            return
    reason = next(iter(said), f"it ended with code {ended.code}.")
    told = f"{ended.output}\n{ended.errors}".strip()[:_MOST_TOLD_CHARS]
    raise FailedCheckError(Path(words[0]).name, shown(reason)[:_MOST_SAID_CHARS], told)


def _is_about(name: str, said: Iterable[str]) -> bool:
    """Return whether a program names the file; what cannot run at all says something else."""
    return any(name in line for line in said)


def _said_anew(said: Iterable[str], earlier: Iterable[str]) -> list[str]:
    """Return the lines that were not said about the text as it was; numbers do not count."""
    known = Counter(map(_without_numbers, earlier))
    anew = []
    for line in said:
        key = _without_numbers(line)
        if known[key]:
            known[key] -= 1
        else:
            anew.append(line)
    return anew


def _lines(ended: Ended) -> Iterator[str]:
    for text in (ended.output, ended.errors):
        yield from (line.strip() for line in text.splitlines() if line.strip())


def _without_numbers(line: str) -> str:
    return _DIGITS.sub("0", line)


def _programs(check: CheckSettings) -> list[Path]:
    return [Path(words[0]) for words in (check.format, check.command) if words]


def _require_own(program: Path, place: Place) -> None:
    """Raise CloisterError for a program that the document's folder could replace."""
    document = place.read.document.path
    folder = place.root or (document.parent if document else None)
    if folder is None:
        return
    folders = {str(folder), os.path.realpath(folder)}
    if any(Path(it).is_relative_to(each) for it in _places(program) for each in folders):
        raise CloisterError(
            f"{program} lies in the folder that is open, where others may change it; name one "
            "elsewhere in [checks] of your settings file."
        )


def _places(program: Path) -> tuple[str, str]:
    return os.path.normpath(program), os.path.realpath(program)


def _name(place: Place) -> str:
    path = place.read.document.path
    extension = min(place.read.language.extensions, default="")
    return name_of_copy(path.name if path else f"untitled{extension}")


def _breaks(before: str, after: str, language: Language) -> bool:
    n_before, n_after = (len(syntax_errors(parse(it, language))) for it in (before, after))
    return n_after > n_before
