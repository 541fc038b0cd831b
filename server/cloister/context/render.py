"""What was chosen, as snippets in the order in which the model reads them. Pure.

Lines of a file stand in their order, with a mark where some are left out. Files that were shown
before keep their places, and what changed comes after them: the common beginning of two prompts
need not be read again. Among new files the most valuable comes last, nearest to the cursor.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from cloister.context.assemble import Chosen, LineCost, gap_line
from cloister.context.candidate import Candidate
from cloister.core.context import Snippet


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    candidate: Candidate


def snippets_of(
    chosen: Sequence[Chosen],
    comment: str,
    cost: LineCost,
    previous: Iterable[Snippet] = (),
) -> tuple[Snippet, ...]:
    """Return the snippets; `comment` is what begins a comment in the language of the document."""
    worth: dict[str, float] = {}
    for each in chosen:
        worth[each.candidate.path] = worth.get(each.candidate.path, 0.0) + each.candidate.score
    files = {path: tuple(_file(path, chosen, comment, cost)) for path in worth}
    kept = [path for path, _ in groupby(previous, key=attrgetter("path")) if path in files]
    kept = [
        path for path in dict.fromkeys(kept) if _shown(previous, path) == _shown(files[path], path)
    ]
    others = sorted(files.keys() - set(kept), key=lambda path: (worth[path], path))
    return tuple(snippet for path in (*kept, *others) for snippet in files[path])


def _shown(snippets: Iterable[Snippet], path: str) -> str:
    return "".join(snippet.text for snippet in snippets if snippet.path == path)


def _file(path: str, chosen: Iterable[Chosen], comment: str, cost: LineCost) -> Iterator[Snippet]:
    """Yield the runs of lines of one file, and after them what stands for itself."""
    own = [each for each in chosen if each.candidate.path == path]
    lines = sorted(
        (line for each in own if not each.candidate.is_remark for line in _lines(each)),
        key=attrgetter("number"),
    )
    remarks = [list(_lines(each)) for each in own if each.candidate.is_remark]
    header_tokens = cost(path)
    for run in (*_runs(lines), *remarks):
        snippet = _snippet(run, comment, cost, has_gap=not header_tokens and run[0].number > 0)
        yield replace(snippet, tokens=snippet.tokens + header_tokens)
        header_tokens = 0


def _lines(chosen: Chosen) -> Iterator[_Line]:
    texts = chosen.candidate.text.split("\n")
    first = chosen.candidate.first_line
    return (_Line(number, texts[number - first], chosen.candidate) for number in chosen.lines)


def _runs(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    run: list[_Line] = []
    for line in lines:
        if run and line.number != run[-1].number + 1:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _snippet(run: Sequence[_Line], comment: str, cost: LineCost, *, has_gap: bool) -> Snippet:
    best = max((line.candidate for line in run), key=attrgetter("score"))
    shown = [line.text.rstrip() for line in run]
    if has_gap:
        shown.insert(0, gap_line(comment))
    return Snippet(
        path=best.path,
        first_line=run[0].number,
        last_line=run[-1].number,
        text="".join(f"{line}\n" for line in shown),
        source=best.source,
        reason=best.reason,
        score=best.score,
        tokens=sum(cost(line) for line in shown),
    )
