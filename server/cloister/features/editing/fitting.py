r"""Makes code that a model wrote look like the place where it goes.

The indentation of the place, the file's own unit and its line ends: models drop the first line's
indentation, write from the first column, or use other units.
"""

import re
from collections import Counter
from itertools import pairwise

from cloister.core.text import Text

_INDENTATION = re.compile(r"[ \t]*")
_USUAL_STEP = 4
_WIDEST_STEP = 8
_MOST_LINES_READ = 2_000


def fitted(code: str, indentation: str, unit: str) -> str:
    r"""Return `code` with its first level at `indentation`, in the file's `unit`, ended by no `\n`.

    `unit` is one step of indentation, a tab or spaces. Lines without text lose their spaces.
    """
    lines = _without_blank_ends(code.split("\n"))
    if not lines:
        return ""
    lines = [_first_line_aligned(lines), *lines[1:]]
    widths = [_width(line) for line in lines if line.strip()]
    base = min(widths)
    step = _most_common_step(lines)
    if any((width - base) % step for width in widths):
        # Something is aligned by columns: what stands beside each other has to stay so.
        step = _width(unit)
    return "\n".join(_moved(line, base, step, (indentation, unit)) for line in lines)


def indentation_unit(text: Text) -> str:
    """Return the step of indentation that most lines of the file were written with."""
    lines = [text.line(number) for number in range(min(text.line_count, _MOST_LINES_READ))]
    n_tabs = sum(line.startswith("\t") for line in lines)
    n_spaces = sum(line.startswith("  ") for line in lines)
    return "\t" if n_tabs > n_spaces else " " * _most_common_step(lines)


def line_terminator(text: Text) -> str:
    r"""Return how the text's first line ends, `\n` where it has only one."""
    if text.line_count == 1:
        return "\n"
    return text.value[text.line_end(0) : text.line_start(1)]


def leading_space(line: str) -> str:
    """Return the spaces and tabs that a line begins with."""
    match = _INDENTATION.match(line)
    return match[0] if match else ""


def _without_blank_ends(lines: list[str]) -> list[str]:
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def _first_line_aligned(lines: list[str]) -> str:
    """Return the first line where the others show it should begin.

    A model that continues from the middle of a line leaves the first line's indentation out, and
    then the last line, which closes what the first one opens, stands further right.
    """
    first, rest = lines[0], [line for line in lines[1:] if line.strip()]
    if not rest or _width(first):
        return first
    closing = _width(rest[-1])
    lowest = min(_width(line) for line in rest)
    if closing == lowest > 0 and rest[-1].lstrip()[0] in ")]}":
        return leading_space(rest[-1]) + first
    if lowest > _USUAL_STEP and first.rstrip().endswith(":"):
        return " " * (lowest - _USUAL_STEP) + first
    return first


def _most_common_step(lines: list[str]) -> int:
    """Return by how many columns most lines stand further right than the one before them."""
    widths = [_width(line) for line in lines if line.strip()]
    steps = Counter(b - a for a, b in pairwise(widths) if 1 < b - a <= _WIDEST_STEP)
    return min(steps, key=lambda step: (-steps[step], step), default=_USUAL_STEP)


def _moved(line: str, base: int, step: int, place: tuple[str, str]) -> str:
    if not line.strip():
        return ""
    indentation, unit = place
    levels, columns = divmod(max(_width(line) - base, 0), step)
    return indentation + unit * levels + " " * columns + line.lstrip(" \t")


def _width(line: str) -> int:
    return len(leading_space(line).expandtabs(4))
