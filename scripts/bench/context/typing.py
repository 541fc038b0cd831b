"""Types real lines again, and counts what changing contexts would make a model read again.

Tokens are quarters of bytes, and nothing is generated: what is measured is which snippets stay.
The prompt is snippets first and the window after them, so a snippet that changes costs everything
from it to the end.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from bench.context.figures import Typing
from cloister.context.candidate import Workspace
from cloister.context.query import Place
from cloister.context.snippets import Request, SnippetFinder
from cloister.core.context import Snippet
from cloister.core.text import Span, Text
from cloister.evaluation.cases import Case
from cloister.evaluation.needs import CHARS_AFTER, CHARS_BEFORE, bytes_over_four
from cloister.evaluation.selection import select_steps
from cloister.evaluation.session import repository_at, stage_of
from cloister.workspace.activity import Activity

_BUDGET_TOKENS = 2048
_PATIENCE_S = 10.0
_KEYS_PER_PLACE = 500


@dataclass(slots=True)
class _Count:
    """What has been read so far."""

    prompt_tokens: int = 0
    read_again_tokens: int = 0


def measure_typing(root: Path, since: str, n_places: int) -> Typing:
    """Type at places of one state of a repository: the parent of the newest commit with cases."""
    with repository_at(root) as repository, stage_of(repository) as stage:
        steps = select_steps(repository, since, n_places, 0)
        stage.move_before(steps[-1].commit)
        workspace = Workspace(stage.index, Activity())
        cases = [case for step in steps for case in step.cases][-n_places:]
        return asyncio.run(_type_all(cases, workspace))


async def _type_all(cases: Sequence[Case], workspace: Workspace) -> Typing:
    finder = SnippetFinder(_count_lines)
    count = _Count()
    try:
        for number, case in enumerate(cases):
            await _type(case, f"bench:{number}", finder, workspace, count)
    finally:
        finder.close()
    return Typing(count.prompt_tokens, count.read_again_tokens)


async def _type(
    case: Case, uri: str, finder: SnippetFinder, workspace: Workspace, count: _Count
) -> None:
    """Type the lines up to the end of the case's own."""
    whole = case.prefix + case.truth
    first = whole.rfind("\n", 0, max(0, len(whole) - _KEYS_PER_PLACE)) + 1
    shown = await finder.snippets(_request(case, whole[:first], uri, workspace), _PATIENCE_S)
    for end in range(first + 1, min(len(whole), first + _KEYS_PER_PLACE) + 1):
        request = _request(case, whole[:end], uri, workspace)
        snippets = await finder.snippets(request, _PATIENCE_S)
        window = request.place.window
        n_window = bytes_over_four(request.place.text.value[window.start : window.end])
        count.prompt_tokens += _tokens(snippets) + n_window
        count.read_again_tokens += changed_tokens(shown, snippets, n_window)
        shown = snippets
        # A new line begins a search; people take longer than that to begin the next.
        await finder.idle()


def changed_tokens(before: Sequence[Snippet], now: Sequence[Snippet], n_window: int) -> int:
    """Return the tokens after the first snippet that is not the same, with the window's."""
    pairs = zip(before, now, strict=False)
    n_same = sum(1 for _ in takewhile(lambda pair: pair[0].text == pair[1].text, pairs))
    if n_same == len(before) == len(now):
        return 0
    return _tokens(now[n_same:]) + n_window


def _request(case: Case, before: str, uri: str, workspace: Workspace) -> Request:
    start = max(0, len(before) - CHARS_BEFORE)
    # The window keeps its beginning while somebody types a few lines.
    start -= start % (CHARS_BEFORE // 4)
    end = len(before) + min(len(case.suffix), CHARS_AFTER)
    text = Text(before + case.suffix)
    place = Place(case.path, text, len(before), Span(start, end), case.language)
    return Request(uri, place, workspace, _BUDGET_TOKENS)


async def _count_lines(lines: Sequence[str]) -> Mapping[str, int]:
    return {line: bytes_over_four(line + "\n") for line in lines}


def _tokens(snippets: Sequence[Snippet]) -> int:
    return sum(bytes_over_four(snippet.text) for snippet in snippets)
