"""Ways in which an editor comes to a prompt, each beside the prompt it is compared with. Pure."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from bench.approximation.cases import Case
from cloister.context.window import Anchor, WindowBudget, plan_anchor
from cloister.core.text import Text
from cloister.engine.kv import ShiftRule, Wanted

TYPED_CHARS = (10, 40, 120)
JUMPED_LINES = (1, 5, 20, 40)
FRESH_TOKENS = (0, 16, 32, 64)
TOURED_PLACES = (1, 2, 4, 8)
CHARS_BEHIND_MARKER = (10, 40, 120, 300, 600)

_TOUR_LINES = 20
_USUAL_FRESH_TOKENS = 32
_NO_LIMIT = 1_000_000
_SMALL_BATCH_TOKENS = 37


class Measure(StrEnum):
    """What a trial is about.

    `TYPED`, `JUMP` and `TOUR` move the tail after typing, after one jump of the cursor and after
    several. `BEHIND` reads what was typed behind the last marker, `LINE` the beginning of the
    cursor's line: nothing is approximate, but the prompt is another one. `NOISE` reads the same
    prompt in small batches.
    """

    NOISE = "noise"
    TYPED = "typed"
    JUMP = "jump"
    TOUR = "tour"
    LINE = "line behind the marker"
    BEHIND = "behind the marker"


@dataclass(frozen=True, slots=True)
class Trial:
    """Read the prompts of `path` one after the other; the last is compared with `reference`.

    `amount` is in characters, lines or places, as the measure has it. Cells move by `rule`, and
    none do without one.
    """

    measure: Measure
    amount: int
    path: tuple[Wanted, ...]
    reference: Wanted
    rule: ShiftRule | None = None


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """The tokens of plain text, and those that stand before the texts around the cursor."""

    tokens_of: Callable[[str], Sequence[int]]
    opening: tuple[int, ...]
    suffix: int
    middle: int


@dataclass(frozen=True, slots=True)
class _View:
    """What a prompt shows of a file, and the window's edges."""

    prefix: str
    suffix: str
    anchor: Anchor


def trials(
    case: Case, tokenizer: Tokenizer, budget: WindowBudget, seed: int = 0
) -> Iterator[Trial]:
    """Yield every trial that the case has room for; `seed` chooses where a tour leads."""
    camera = _Camera(case, tokenizer, budget)
    here = camera.view(camera.offset)
    yield from _noise(camera.wanted(here))
    yield from _typing(camera, here)
    yield from _typing_behind_the_marker(camera, here)
    yield from _jumps(camera, 1 if seed % 2 else -1)
    yield from _tours(camera, random.Random(seed))  # noqa: S311  # a repeatable choice


def _noise(wanted: Wanted) -> Iterator[Trial]:
    tokens = wanted.tokens
    ends = range(_SMALL_BATCH_TOKENS, len(tokens), _SMALL_BATCH_TOKENS)
    parts = tuple(Wanted(tokens[:end], (), ()) for end in ends)
    yield Trial(Measure.NOISE, _SMALL_BATCH_TOKENS, (*parts, wanted), wanted)


def _typing(camera: "_Camera", here: _View) -> Iterator[Trial]:
    end = len(here.prefix)
    after = camera.wanted(here, end)
    for n_chars in TYPED_CHARS:
        if n_chars < end:
            before = _View(here.prefix[:-n_chars], here.suffix, here.anchor)
            path = (camera.wanted(before, end - n_chars), after)
            for fresh_tokens in FRESH_TOKENS:
                yield Trial(Measure.TYPED, n_chars, path, after, _moving(fresh_tokens))


def _typing_behind_the_marker(camera: "_Camera", here: _View) -> Iterator[Trial]:
    end = len(here.prefix)
    reference = camera.wanted(here, end)
    yield Trial(Measure.LINE, 0, (camera.wanted(here),), reference)
    for n_chars in CHARS_BEHIND_MARKER:
        if n_chars < end:
            path = (camera.wanted(here, end - n_chars),)
            yield Trial(Measure.BEHIND, n_chars, path, reference)


def _jumps(camera: "_Camera", direction: int) -> Iterator[Trial]:
    for n_lines in JUMPED_LINES:
        path = camera.visit([direction * n_lines, 0])
        for fresh_tokens in FRESH_TOKENS:
            yield Trial(Measure.JUMP, n_lines, path, path[-1], _moving(fresh_tokens))


def _tours(camera: "_Camera", generator: random.Random) -> Iterator[Trial]:
    for n_places in TOURED_PLACES:
        places = [generator.randint(-_TOUR_LINES, _TOUR_LINES) for _ in range(n_places)]
        path = camera.visit([*places, 0])
        yield Trial(Measure.TOUR, n_places, path, path[-1], _moving(_USUAL_FRESH_TOKENS))


def _moving(fresh_tokens: int) -> ShiftRule:
    """Return a rule that moves whatever can be moved."""
    return ShiftRule(fresh_tokens, least_tokens=1, most_drift_tokens=_NO_LIMIT)


class _Camera:
    """Sees the file of a case as the completion feature does, and writes prompts of it."""

    def __init__(self, case: Case, tokenizer: Tokenizer, budget: WindowBudget) -> None:
        self.offset = len(case.before)
        self._document = Text(case.before + case.after)
        self._line = self._document.line_of(self.offset)
        self._tokenizer = tokenizer
        self._budget = budget
        self._cost = cache(lambda line: len(tokenizer.tokens_of(self._document.line(line) + "\n")))

    def view(self, offset: int, previous: Anchor | None = None) -> _View:
        """Return what is seen with the cursor at `offset`."""
        text = self._document
        anchor = plan_anchor(
            text.line_of(offset), text.line_count, self._cost, self._budget, previous
        )
        start = text.line_start(anchor.first_line)
        end = text.line_end(text.line_count - 1 - anchor.lines_below)
        return _View(text.value[start:offset], text.value[offset:end], anchor)

    def visit(self, lines: Sequence[int]) -> tuple[Wanted, ...]:
        """Return the prompts at the ends of lines, counted from that of the case, which is 0."""
        prompts, anchor = list[Wanted](), None
        for line in lines:
            end = self._document.line_end(self._line + line) if line else self.offset
            view = self.view(end, anchor)
            prompts.append(self.wanted(view))
            anchor = view.anchor
        return tuple(prompts)

    def wanted(self, view: _View, split: int | None = None) -> Wanted:
        """Return the prompt with the prefix's text from `split` on behind the last marker.

        Without `split` that is the beginning of the cursor's line.
        """
        if split is None:
            split = view.prefix.rfind("\n") + 1
        it = self._tokenizer
        return Wanted(
            lead=(*it.opening, *it.tokens_of(view.prefix[:split])),
            tail=(it.suffix, *it.tokens_of(view.suffix)),
            rest=(it.middle, *it.tokens_of(view.prefix[split:])),
        )
