"""What the model is told: through the completion feature, with a model that can read enough."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from cloister.backends.base import OnChunk
from cloister.backends.scripted import Rule, ScriptedBackend
from cloister.context.workspaces import OpenIndex, Workspaces
from cloister.core.cancel import CancelToken
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import ModelError
from cloister.core.generation import Generation, GenerationRequest
from cloister.core.model import ModelDescription
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Text
from cloister.features.completion.complete import CompletionFeature
from cloister.features.completion.telling import as_json
from cloister.observe.outcomes import OutcomeRing
from cloister.settings.settings import ContextSettings, Settings
from support.indexed import Planted
from support.marked import cursor

MARKED = "from shop.model import Item\n\nitem = Item()\nitem.║\n"


class Reader(ScriptedBackend):
    """A model that reads so many tokens, and remembers the prompts it got."""

    def __init__(self, context_tokens: int, name: str = "cloister-reader") -> None:
        super().__init__([Rule("", "price")])
        self.context_tokens = context_tokens
        self.model_name = name
        self.prompts: list[str] = []

    async def describe(self) -> ModelDescription:
        described = await super().describe()
        return replace(described, context_tokens=self.context_tokens, name=self.model_name)

    async def generate(
        self, request: GenerationRequest, on_chunk: OnChunk, cancel: CancelToken
    ) -> Generation:
        self.prompts.append("".join(segment.text for segment in request.prompt.segments))
        return await super().generate(request, on_chunk, cancel)


@pytest.fixture
async def planted(tmp_path: Path) -> AsyncIterator[Planted]:
    with Planted(tmp_path) as made:
        made.build()
        yield made


def feature(backend: Reader, planted: Planted, disabled: str = "") -> CompletionFeature:
    async def close() -> None:
        planted.index.close()

    workspaces = Workspaces(lambda _root: OpenIndex(planted.index, close))
    settings = Settings(context=ContextSettings(disabled))
    return CompletionFeature(backend, settings, OutcomeRing(), workspaces=workspaces)


def request(root: Path | None, marked: str = MARKED) -> CompletionRequest:
    text, offset = cursor(marked)
    path = (root or Path("/")) / "now.py"
    document = DocumentSnapshot(path.as_uri(), path, "python", 1, Text(text))
    return CompletionRequest(document, offset, Trigger.INVOKED, root)


async def test_a_model_that_reads_enough_is_told_of_other_files(planted: Planted) -> None:
    backend = Reader(8192)
    completion = feature(backend, planted)
    asked = request(planted.root)
    # What the search of the first request finds is shown to the second one at the latest.
    await completion.tell(asked)
    await completion.complete(asked, CancelToken.after_ms(60_000))
    assert "def double_price(self)" in backend.prompts[-1]
    assert backend.prompts[-1].index("double_price") < backend.prompts[-1].index("item = Item()")


async def test_people_are_told_what_the_model_is_told(planted: Planted) -> None:
    told = as_json(await feature(Reader(8192), planted).tell(request(planted.root)))
    assert json.loads(json.dumps(told)) == told
    assert list(told) == ["prompt", "tokens", "ms", "path", "window", "snippets"]
    assert told["path"] == "now.py"
    assert told["window"] == {"start_line": 1, "end_line": MARKED.count("\n") + 1}
    (snippet, *_) = [each for each in told["snippets"] if each["path"] == "shop/model.py"]
    assert list(snippet) == [
        *("path", "start_line", "end_line", "source", "score", "reason", "tokens", "text"),
    ]
    lines = (planted.root / "shop/model.py").read_text().split("\n")
    shown = lines[snippet["start_line"] - 1 : snippet["end_line"]]
    assert snippet["text"].endswith("\n".join(shown) + "\n")
    assert all(each["text"] in told["prompt"] for each in told["snippets"])
    assert told["tokens"] > 0


async def test_a_small_model_needs_its_context_for_the_window(planted: Planted) -> None:
    told = await feature(Reader(1024), planted).tell(request(planted.root))
    assert not told.context.snippets


async def test_room_for_other_files_can_be_asked_for(planted: Planted) -> None:
    told = await feature(Reader(1024), planted).tell(request(planted.root), snippet_tokens=200)
    assert 0 < sum(snippet.tokens for snippet in told.context.snippets) <= 200


async def test_sources_can_be_switched_off(planted: Planted) -> None:
    completion = feature(Reader(8192), planted, disabled="members, similar")
    told = await completion.tell(request(planted.root))
    assert not {"members", "similar"} & {each.source for each in told.context.snippets}


async def test_without_a_workspace_only_the_document_is_told(planted: Planted) -> None:
    told = await feature(Reader(8192), planted).tell(request(None))
    assert not told.context.snippets


async def test_a_model_that_cannot_complete_is_told_nothing(planted: Planted) -> None:
    with pytest.raises(ModelError, match="cannot complete code"):
        await feature(Reader(8192, "unknown"), planted).tell(request(planted.root))
