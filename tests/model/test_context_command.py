"""`cloister context` with the real engine and the bundled model, whose tokenizer counts."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from support.engine_process import private_engine
from support.indexed import plant

CLOISTER = str(Path(sys.executable).with_name("cloister"))
FILES = {
    "shop/model.py": "class Item:\n    def double_price(self):\n        return 2\n",
    "shop/now.py": "from shop.model import Item\n\nitem = Item()\nitem.\n",
}

pytestmark = pytest.mark.model


@pytest.fixture(autouse=True)
async def _engine(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    async with private_engine(monkeypatch):
        yield


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "root"
    plant(folder, FILES)
    run("index", str(folder))
    return folder


def run(*words: str) -> str:
    result = subprocess.run([CLOISTER, *words], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def told(root: Path, *words: str) -> dict[str, Any]:
    place = f"{root / 'shop/now.py'}:4:6"
    answer = json.loads(run("context", place, "--root", str(root), "--json", *words))
    assert isinstance(answer, dict)
    return answer


def test_the_prompt_holds_the_window_and_what_other_files_say(root: Path) -> None:
    answer = told(root, "--budget-tokens", "200")
    assert "item." in answer["prompt"]
    assert answer["window"] == {"start_line": 1, "end_line": 5}
    texts = {each["path"]: each["text"] for each in answer["snippets"]}
    assert "double_price" in texts["shop/model.py"]
    assert all(text in answer["prompt"] for text in texts.values())
    tokens = sum(each["tokens"] for each in answer["snippets"])
    assert 0 < tokens <= min(200, answer["tokens"])


def test_a_budget_of_nothing_leaves_the_window(root: Path) -> None:
    answer = told(root, "--budget-tokens", "0")
    assert answer["snippets"] == []
    assert "item." in answer["prompt"]
