"""The simple context builders that cloister's own is compared with.

Each ranks windows of other files; a budget is filled from the top and the last window is cut.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from cloister.evaluation.cases import Case
from cloister.evaluation.corpus import WINDOW_LINES, CodeWindow, Corpus
from cloister.evaluation.needs import CountTokens, Needs, Passage, Window
from cloister.evaluation.words import words_in
from cloister.workspace.index.read import Index

_QUERY_LINES = 20
# More than the largest budget can hold.
_MOST_WINDOWS = 60


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that a builder may look at, and for the oracle what is needed."""

    case: Case
    window: Window
    corpus: Corpus
    needs: Needs
    seed: int
    index: Index
    root: Path


Choose = Callable[[int], Sequence[Passage]]
"""Returns the passages for a budget in tokens."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One way to build a context, ready for a case; bits are told only where that is asked.

    `others` gives what stands in other files for a model to copy from, beside the context.
    """

    name: str
    choose: Choose
    tells_bits: bool = True
    others: Callable[[], str] = str


Builder = Callable[[Situation, CountTokens], Sequence[Arm]]


def baselines() -> Mapping[str, Builder]:
    """Return the baselines by name, from the least to the most that a builder can do."""
    rankings = {"none": _nothing, "random": _at_random, "jaccard": _by_jaccard, "bm25": _by_bm25}
    builders = {name: _builder(name, rank) for name, rank in rankings.items()}
    return builders | {"oracle": _builder("oracle", _needed_lines)}


def filled(passages: Sequence[Passage], budget: int, count_tokens: CountTokens) -> list[Passage]:
    """Return the passages from the first one on that fit into the budget, the last one cut."""
    chosen: list[Passage] = []
    room = budget
    for passage in passages:
        tokens = count_tokens(passage.text + "\n")
        if tokens > room:
            chosen.extend(_cut(passage, room, count_tokens))
            break
        room -= tokens
        chosen.append(passage)
    return chosen


def _builder(name: str, rank: Callable[[Situation], Iterable[Passage]]) -> Builder:
    def build(situation: Situation, count_tokens: CountTokens) -> Sequence[Arm]:
        passages = list(rank(situation))
        return (Arm(name, lambda budget: filled(passages, budget, count_tokens)),)

    return build


def _nothing(_situation: Situation) -> Iterable[Passage]:
    return ()


def _at_random(situation: Situation) -> Iterable[Passage]:
    name = f"{situation.seed}:{situation.case.name}"
    windows = [it for it in situation.corpus.windows() if it.path != situation.case.path]
    random = Random(name)  # noqa: S311  # sampling is no cryptography
    return _without_overlaps(random.sample(windows, min(_MOST_WINDOWS, len(windows))))


def _by_jaccard(situation: Situation) -> Iterable[Passage]:
    windows = situation.corpus.by_jaccard(_query(situation), situation.case.path, _MOST_WINDOWS)
    return _without_overlaps(windows)


def _by_bm25(situation: Situation) -> Iterable[Passage]:
    windows = situation.corpus.by_bm25(_query(situation), situation.case.path, _MOST_WINDOWS)
    return _without_overlaps(windows)


def _query(situation: Situation) -> list[str]:
    return words_in("\n".join(situation.window.before.split("\n")[-_QUERY_LINES:]))


def _without_overlaps(windows: Sequence[CodeWindow]) -> Iterator[Passage]:
    taken: dict[str, list[int]] = {}
    for window in windows:
        starts = taken.setdefault(window.path, [])
        if all(abs(window.first_line - start) >= WINDOW_LINES for start in starts):
            starts.append(window.first_line)
            yield Passage(window.path, window.first_line, window.text, "windows")


def _needed_lines(situation: Situation) -> Iterator[Passage]:
    """Yield one line for each needed name: one that defines it, else the first that uses it."""
    needs = situation.needs
    for name in needs.names:
        if defining := needs.defining_lines.get(name):
            yield Passage("", 0, min(defining), "oracle")
            continue
        path = min(situation.corpus.files_with(name) - {situation.case.path})
        for number, line in enumerate(situation.corpus.lines_of(path)):
            if name in words_in(line):
                yield Passage(path, number, line, "oracle")
                break


def _cut(passage: Passage, room: int, count_tokens: CountTokens) -> Iterator[Passage]:
    """Yield the first lines of a passage that fit, if any does."""
    lines = passage.text.split("\n")
    kept = 0
    while kept < len(lines) and count_tokens("\n".join(lines[: kept + 1]) + "\n") <= room:
        kept += 1
    if kept:
        yield replace(passage, text="\n".join(lines[:kept]))
