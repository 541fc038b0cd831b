"""Code actions by instruction, through the real server: asked, repaired once, or refused."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.code_actions import RESOLVES, SOURCE, URI, edited, menu, resolve
from support.lsp_client import RawClient, running

SCRIPT = Path(__file__).with_name("instructions.json")
SERVER = (sys.executable, "-m", "cloister", "lsp", "--backend", f"scripted:{SCRIPT}")


@pytest.fixture
async def client() -> AsyncIterator[RawClient]:
    async with running(SERVER) as client:
        await client.initialize(capabilities=RESOLVES)
        client.open(URI, SOURCE)
        yield client


async def test_an_answer_that_breaks_the_file_is_sent_back_once(client: RawClient) -> None:
    answer = await resolve(client, 0, "Simplify “add”")
    assert edited(answer) == SOURCE.replace("total = a + b\n    return total", "return sum((a, b))")


async def test_a_diagnostic_is_fixed(client: RawClient) -> None:
    problem = {
        "range": {"start": {"line": 7, "character": 4}, "end": {"line": 7, "character": 10}},
        "message": "result is unused",
        "source": "checker",
    }
    answer = await resolve(client, 7, "Fix “result is unused”", [problem])
    assert answer["result"]["kind"] == "quickfix"
    assert edited(answer) == SOURCE.replace("    result = a\n    return a", "    return a")


async def test_a_comment_is_followed_and_removed(client: RawClient) -> None:
    answer = await resolve(client, 11, "Do “rename a to first”")
    wish = SOURCE[SOURCE.index("# cloister") :]
    assert edited(answer) == SOURCE.replace(wish, "def wish(first):\n    return first\n")


async def test_a_refusal_changes_nothing(client: RawClient) -> None:
    answer = await resolve(client, 6, "Handle errors in “unused”")
    assert "edit" not in answer["result"]
    told = await client.message("window/showMessage")
    assert "definitions" in told["params"]["message"]


async def test_a_selection_is_extracted_or_simplified(client: RawClient) -> None:
    entries = await menu(client, (2, 12), (2, 17))
    titles = [it["title"] for it in entries]
    assert "Extract the selection into a variable" in titles
    assert "Simplify the selection" in titles


async def test_without_such_a_model_the_reason_is_told() -> None:
    script = Path(__file__).with_name("actions.json")
    server = (*SERVER[:-1], f"scripted:{script}")
    async with running(server) as client:
        await client.initialize(capabilities=RESOLVES)
        client.open(URI, SOURCE)
        entries = await menu(client, (0, 5), (0, 5))
        disabled = {it["title"]: it["disabled"]["reason"] for it in entries if "disabled" in it}
        assert "follows instructions" in disabled["Simplify “add”"]
        assert "Add types to “add”" not in disabled
