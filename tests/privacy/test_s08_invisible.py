"""What is not seen is neither inserted nor printed; what is only rare is left as it is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cloister.core.invisible import has_invisible
from support.lsp_client import environment, running

URI = "file:///project/a.py"
LINE = "value = "
HIDDEN = {
    "a colour": "1\x1b[31m",
    "the clipboard of a terminal": "'\x1b]52;c;bXkgc2VjcmV0\x07'",
    "another escape": "'\x9b2J'",
    "an order from right to left": "'a\u202e b\u2066'",
    "zero width": "'a\u200bb\u2060c\ufeff'",
    "a tag": "'a\U000e0068\U000e0069'",
    "selectors": "'a\U000e0101\U000e0102'",
    "nothing": "'\x00'",
    "half a character": "'\ud83d'",
    "line ends": "(1,\r\n    2,\n)\r",
    "a line of another kind": "'a\u2028b'",
    "a letter without ink": "a\u3164b",
    "private": "'\ue000'",
}
ORDINARY = ["'é'", "'e\u0301'", "'😀'", "'❤\ufe0f'", "'日本'", "'עברית'", "'a\tb'"]


async def offered(folder: Path, text: str) -> list[str]:
    """Return what a server offers whose model gives this answer, with ghost text or a menu."""
    script = folder / "script.json"
    rule = {"after": LINE, "text": text, "probability": 1.0}
    script.write_text(json.dumps({"rules": [rule]}))
    command = (sys.executable, "-m", "cloister", "lsp", "--backend", f"scripted:{script}")
    async with running(command) as client:
        await client.initialize()
        client.open(URI, LINE + "\n")
        ghost = await client.response(client.complete(URI, 0, len(LINE)))
        place = {"line": 0, "character": len(LINE)}
        menu = await client.request(
            "textDocument/completion", {"textDocument": {"uri": URI}, "position": place}
        )
        assert await client.bye() == 0
    items = menu["result"]["items"]
    return [item["insertText"] for item in ghost["result"]["items"]] + [
        item["textEdit"]["newText"] for item in items
    ]


@pytest.mark.parametrize("kind", HIDDEN)
async def test_s08_what_nobody_sees_is_never_offered(kind: str, tmp_path: Path) -> None:
    texts = await offered(tmp_path, HIDDEN[kind])
    assert not any(map(has_invisible, texts))
    assert all(text.isprintable() or "\n" in text for text in texts)


@pytest.mark.parametrize("text", ORDINARY)
async def test_s08_ordinary_text_is_offered_as_it_is(text: str, tmp_path: Path) -> None:
    assert await offered(tmp_path, text) == [text, text]


@pytest.mark.model
@pytest.mark.parametrize("command", ["complete", "context"])
def test_s08_a_terminal_is_told_nothing_by_a_file(command: str, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("# \x1b]52;c;bXk=\x07\x1b[2J \u202e [bold]mark[/bold] [/]\nimport \n")
    result = subprocess.run(
        [sys.executable, "-m", "cloister", command, f"{path}:2:8", "--root", str(tmp_path)],
        env=environment() | {"FORCE_COLOR": "", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "\\x1b]52;c;bXk=\\x07\\x1b[2J \\u202e [bold]mark[/bold] [/]" in result.stdout
    assert not has_invisible(result.stdout + result.stderr)


@pytest.mark.parametrize("arguments", [("complete", "a\x1b[2J\u202e.py:1:1"), ("index", "\x1b[2J")])
def test_s08_an_error_tells_a_terminal_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "cloister", *arguments],
        env=environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "\\x1b[2J" in result.stderr
    assert not has_invisible(result.stderr)
