"""Snippets stay while somebody types, come anew after a jump, and never hold anybody up."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

import pytest

from cloister.context.candidate import Workspace
from cloister.context.snippets import Request, SnippetFinder
from cloister.core.context import Snippet
from support.indexed import PACKAGE, Planted
from support.places import place_in

PATIENT_S = 30.0
ROUNDS = 300
# So much of all prompts may be read again because snippets changed.
READ_AGAIN_SHARE = 0.02
FAR_DOWN = "\n" * 200
FILES = {
    **PACKAGE,
    **{f"topic{n}.py": f"def topic{n}_first():\n    topic{n}_second()\n" for n in range(40)},
}


async def count_lines(lines: Sequence[str]) -> Mapping[str, int]:
    return {line: len(line.split()) + 1 for line in lines}


@pytest.fixture
async def finder() -> AsyncIterator[SnippetFinder]:
    made = SnippetFinder(count_lines)
    yield made
    made.close()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    planted = Planted(tmp_path_factory.mktemp("snippets"), FILES)
    planted.build()
    return Workspace(planted.index)


def request(workspace: Workspace, marked: str, budget_tokens: int = 60) -> Request:
    return Request("file:///now.py", place_in(marked), workspace, budget_tokens)


def paths(snippets: Sequence[Snippet]) -> set[str]:
    return {snippet.path for snippet in snippets}


async def test_a_new_place_gets_what_suits_it(finder: SnippetFinder, workspace: Workspace) -> None:
    snippets = await finder.snippets(request(workspace, "topic7_first(║"), PATIENT_S)
    assert "topic7.py" in paths(snippets)
    assert 0 < sum(snippet.tokens for snippet in snippets) <= 60
    assert all(snippet.source and snippet.reason for snippet in snippets)


async def test_typing_in_a_line_changes_nothing(
    finder: SnippetFinder, workspace: Workspace
) -> None:
    first = await finder.snippets(request(workspace, "topic7_first(║"), PATIENT_S)
    for typed in ("t", "to", "topic8", "topic8_first"):
        marked = f"topic7_first({typed}║"
        assert await finder.snippets(request(workspace, marked), PATIENT_S) == first


async def test_after_a_jump_there_are_new_ones(finder: SnippetFinder, workspace: Workspace) -> None:
    text = f"topic7_first()║{FAR_DOWN}topic9_first()"
    await finder.snippets(request(workspace, text), PATIENT_S)
    text = f"topic7_first(){FAR_DOWN}topic9_first()║"
    assert "topic9.py" in paths(await finder.snippets(request(workspace, text), PATIENT_S))


async def test_typing_on_and_on_reads_little_again(
    finder: SnippetFinder, workspace: Workspace
) -> None:
    text, shown, n_changes = "", (), 0
    for n in range(ROUNDS):
        text += f"topic{n % 40}_first()\n" if n % 3 == 0 else "x"
        before = shown
        asked = request(workspace, f"{text[-400:]}║")
        shown = await finder.snippets(asked, PATIENT_S if n == 0 else 0.04)
        n_changes += n > 0 and shown != before
        await finder.idle()
    assert 0 < n_changes <= READ_AGAIN_SHARE * ROUNDS


async def test_nobody_waits_long_for_a_slow_search(workspace: Workspace) -> None:
    never = asyncio.Event()

    async def hang(_lines: Sequence[str]) -> Mapping[str, int]:
        await never.wait()
        return {}

    slow = SnippetFinder(hang)
    try:
        async with asyncio.timeout(10):
            assert await slow.snippets(request(workspace, "topic7_first(║"), 0.01) == ()
    finally:
        slow.close()


async def test_what_comes_late_is_shown_next_time(
    finder: SnippetFinder, workspace: Workspace
) -> None:
    asked = request(workspace, "topic7_first(║")
    await finder.snippets(asked, 0)
    await finder.idle()
    assert "topic7.py" in paths(await finder.snippets(asked, 0))


async def test_sources_can_be_switched_off(finder: SnippetFinder, workspace: Workspace) -> None:
    asked = replace(request(workspace, "topic7_first(║"), disabled=frozenset({"similar"}))
    snippets = await finder.snippets(asked, PATIENT_S)
    assert "similar" not in {snippet.source for snippet in snippets}


async def test_a_document_that_is_closed_is_forgotten(
    finder: SnippetFinder, workspace: Workspace
) -> None:
    await finder.snippets(request(workspace, "topic7_first(║"), PATIENT_S)
    finder.forget("file:///now.py")
    snippets = await finder.snippets(request(workspace, "topic9_first(║"), PATIENT_S)
    assert "topic9.py" in paths(snippets)


async def test_a_search_that_fails_is_no_error(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_lines: Sequence[str]) -> Mapping[str, int]:
        raise ZeroDivisionError

    broken = SnippetFinder(fail)
    try:
        assert await broken.snippets(request(workspace, "topic7_first(║"), PATIENT_S) == ()
    finally:
        broken.close()
    assert "ZeroDivisionError" in caplog.text
