"""A review through the real server: findings in the code, fixed one by one or all at once."""

import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from support.code_actions import RESOLVES, SOURCE, URI, edited, menu, resolve
from support.lsp_client import Message, RawClient, running

SCRIPT = Path(__file__).with_name("reviews.json")
SERVER = (sys.executable, "-m", "cloister", "lsp", "--backend", f"scripted:{SCRIPT}")
SHOWS: Mapping[str, Any] = {
    "textDocument": RESOLVES["textDocument"] | {"publishDiagnostics": {}},
    "workspace": RESOLVES["workspace"],
}
CLEAR, REVIEW = "Clear the review", "Review “unused”"
UNUSED, SAME = "`result` is never used, see (link)", "It returns what it got."
FIX_ALL = {"only": ["source.fixAll.cloister"]}
LAST = SOURCE.count("\n")


@pytest.fixture
async def client() -> AsyncIterator[RawClient]:
    async with running(SERVER) as client:
        await client.initialize(capabilities=SHOWS)
        client.open(URI, SOURCE)
        yield client


async def test_findings_are_diagnostics_of_the_version_that_was_reviewed(client: RawClient) -> None:
    published = await reviewed(client)
    assert (published["uri"], published["version"]) == (URI, 1)
    assert said(published) == [(7, 2, UNUSED), (8, 3, SAME)]
    assert {it["source"] for it in published["diagnostics"]} == {"cloister"}


async def test_a_finding_goes_when_its_line_is_edited_and_moves_with_it(client: RawClient) -> None:
    await reviewed(client)
    client.insert(URI, 2, 0, 0, "import os\n")
    published = (await client.message("textDocument/publishDiagnostics", 2))["params"]
    assert (published["version"], said(published)) == (2, [(8, 2, UNUSED), (9, 3, SAME)])
    client.insert(URI, 3, 8, 4, "_")
    published = (await client.message("textDocument/publishDiagnostics", 3))["params"]
    assert said(published) == [(9, 3, SAME)]


async def test_a_finding_is_fixed_like_any_diagnostic(client: RawClient) -> None:
    published = await reviewed(client)
    title = f"Fix “{UNUSED}”"
    answer = await resolve(client, 7, title, published["diagnostics"][:1])
    assert edited(answer) == SOURCE.replace("    result = a\n    return a", "    return a")
    # Clients that send only other servers' diagnostics, or none, are offered the same.
    assert title in [it["title"] for it in await menu(client, (7, 0), (7, 0))]


async def test_a_review_is_cleared_by_an_entry_and_by_closing(client: RawClient) -> None:
    assert CLEAR not in [it["title"] for it in await menu(client, (0, 5), (0, 5))]
    await reviewed(client)
    entry = next(it for it in await menu(client, (0, 5), (0, 5)) if it["title"] == CLEAR)
    await client.request("workspace/executeCommand", entry["command"])
    published = await client.message("textDocument/publishDiagnostics", 2)
    assert published["params"] == {"uri": URI, "diagnostics": []}
    assert CLEAR not in [it["title"] for it in await menu(client, (0, 5), (0, 5))]


async def test_an_answer_without_lines_is_sent_back_once(client: RawClient) -> None:
    published = await reviewed(client, (0, 5), "Review “add”")
    assert said(published) == [(2, 2, "It joins texts.")]


async def test_reviewing_leaves_the_document_as_it_is(client: RawClient) -> None:
    await reviewed(client)
    assert not client.all_of("workspace/applyEdit")


async def test_everything_that_is_reported_is_fixed_at_once(client: RawClient) -> None:
    problems = [
        problem(7, "result is unused"),
        problem(8, "it returns what it got"),
        problem(0, "a has no type", "checker"),
    ]
    (entry,) = await whole_menu(client, problems)
    assert (entry["title"], entry["kind"]) == (
        "Fix 3 problems in this file",
        "source.fixAll.cloister",
    )
    answer = await client.request("codeAction/resolve", entry)
    assert edited(answer) == SOURCE.replace("def add(a,", "def add(a: int,").replace(
        "    result = a\n", ""
    )
    assert not client.all_of("window/showMessage")


async def test_what_cannot_be_fixed_is_left_out_and_counted(client: RawClient) -> None:
    problems = [problem(0, "a has no type", "checker"), problem(12, "a is untyped")]
    (entry,) = await whole_menu(client, problems)
    answer = await client.request("codeAction/resolve", entry)
    assert edited(answer) == SOURCE.replace("def add(a,", "def add(a: int,")
    told = await client.message("window/showMessage")
    assert told["params"]["message"] == (
        "Changed 1 of 2; for the others the model gave no usable answer."
    )


async def test_cancelling_in_the_middle_changes_nothing(client: RawClient) -> None:
    problems = [problem(0, "a has no type", "checker"), problem(12, "wait for it")]
    (entry,) = await whole_menu(client, problems)
    asked = client.start("codeAction/resolve", entry)
    client.notify("$/cancelRequest", {"id": asked})
    assert (await client.response(asked))["error"]["code"] == -32800


@pytest.mark.parametrize(
    ("only", "trigger", "n"),
    [
        (["source.fixAll.cloister"], 1, 1),
        (["source.fixAll.cloister"], 2, 1),
        (["source"], 1, 1),
        (["source"], 2, 0),
        (["source.fixAll"], 1, 0),
        (["source.fixAll"], 2, 0),
        (["source.organizeImports"], 1, 0),
        (["source.fixAll", "source.fixAll.cloister"], 2, 1),
    ],
)
async def test_saving_asks_no_model_unless_its_kind_is_named(
    client: RawClient, only: list[str], trigger: int, n: int
) -> None:
    problems = [problem(7, "result is unused")]
    found = await whole_menu(client, problems, {"only": only, "triggerKind": trigger})
    assert len(found) == n


async def test_what_the_editor_told_counts_where_a_request_says_less(client: RawClient) -> None:
    lines = [(7, "result is unused"), (12, "a is untyped"), (99, "gone"), (-1, "odd")]
    told = [{"firstLine": it, "lastLine": it, "message": message} for it, message in lines]
    client.notify("cloister/didDiagnose", {"uri": URI, "diagnostics": told})
    entries = await menu(client, (7, 5), (7, 5), [problem(7, "result is unused", "checker")])
    titles = [it["title"] for it in entries]
    assert titles.count("Fix “result is unused”") == 1
    assert "Fix “a is untyped”" not in titles
    assert "Fix 2 problems in this file" in titles


async def reviewed(client: RawClient, at: tuple[int, int] = (7, 5), title: str = REVIEW) -> Message:
    """Return what is published for a review."""
    entry = next(it for it in await menu(client, at, at) if it["title"] == title)
    assert (await client.request("workspace/executeCommand", entry["command"]))["result"] is None
    return dict((await client.message("textDocument/publishDiagnostics"))["params"])


async def whole_menu(
    client: RawClient, problems: list[Message], context: Mapping[str, Any] = FIX_ALL
) -> list[Message]:
    """Return the entries for the whole document."""
    places = {"start": {"line": 0, "character": 0}, "end": {"line": LAST, "character": 0}}
    answer = await client.request(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": URI},
            "range": places,
            "context": {"diagnostics": problems, **context},
        },
    )
    return list(answer["result"])


def problem(line: int, message: str, source: str = "") -> Message:
    place = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 6}}
    return {"range": place, "message": message} | ({"source": source} if source else {})


def said(published: Message) -> list[tuple[int, int, str]]:
    """Return line, severity and message of each diagnostic."""
    return [
        (it["range"]["start"]["line"], it["severity"], it["message"])
        for it in published["diagnostics"]
    ]
