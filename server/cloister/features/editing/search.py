"""Puts search-and-replace blocks into a text: each must be found exactly once."""

from collections.abc import Iterable

from cloister.core.text import with_plain_newlines
from cloister.features.editing.answer import RefusedAnswerError, Replacement
from cloister.features.editing.fitting import leading_space


def replaced(code: str, replacements: Iterable[Replacement]) -> str:
    """Return `code`, with plain line ends, after all replacements in their order.

    Where a text is not found as it is, lines that differ in their indentation only count as well.
    Raises RefusedAnswerError when a text is not there or there more than once.
    """
    lines = with_plain_newlines(code).split("\n")
    for replacement in replacements:
        old, new = _lines(replacement.old), _lines(replacement.new)
        start = _place(lines, old)
        spaces = _spaces(lines[start : start + len(old)], old)
        lines[start : start + len(old)] = [_moved(line, *spaces) for line in new]
    return "\n".join(lines)


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _place(lines: list[str], old: list[str]) -> int:
    if not any(line.strip() for line in old):
        raise RefusedAnswerError("The model does not say what to replace; try again.")
    for same in (str, str.rstrip, str.strip):
        wanted = [same(line) for line in old]
        present = [same(line) for line in lines]
        last = len(lines) - len(old)
        places = [i for i in range(last + 1) if present[i : i + len(old)] == wanted]
        if len(places) > 1:
            raise RefusedAnswerError("The model's change fits several places; select less.")
        if places:
            return places[0]
    raise RefusedAnswerError("The model's change does not fit the code; try again.")


def _spaces(found: list[str], old: list[str]) -> tuple[str, str]:
    """Return with what the first line that has text begins here, and at the model's."""
    pairs = zip(found, old, strict=True)
    return next((leading_space(here), leading_space(said)) for here, said in pairs if said.strip())


def _moved(line: str, here: str, said: str) -> str:
    """Return a new line, which the model indented as `said`, as it has to be `here`."""
    if not line.strip():
        return line
    if here.endswith(said):
        return here.removesuffix(said) + line
    if said.endswith(here):
        return line.removeprefix(said.removesuffix(here))
    return here + line.removeprefix(said) if line.startswith(said) else line
