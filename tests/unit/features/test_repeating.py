"""What an answer may repeat reaches the backend: the file beyond the window, and other files."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cloister.backends.base import OnChunk
from cloister.backends.scripted import Rule, ScriptedBackend
from cloister.context.workspaces import OpenIndex, Workspaces
from cloister.core.cancel import CancelToken
from cloister.core.document import DocumentSnapshot
from cloister.core.generation import Generation, GenerationRequest, Surroundings
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Text
from cloister.features.completion.complete import CompletionFeature
from cloister.observe.outcomes import OutcomeRing
from cloister.settings.settings import Settings
from support.indexed import PACKAGE, Planted

FILLER = "\n".join(f"value_{number} = compute_value({number})" for number in range(400))
DOCUMENT = f"FIRST_LINE = 1\n{FILLER}\nprice = Item.\n{FILLER}\nLAST_LINE = 2\n"


class Recording(ScriptedBackend):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__([Rule(text="price")])
        self.asked: list[Surroundings | None] = []

    async def generate(
        self, request: GenerationRequest, on_chunk: OnChunk, cancel: CancelToken
    ) -> Generation:
        self.asked.append(request.surroundings)
        return await super().generate(request, on_chunk, cancel)


@pytest.fixture
async def planted(tmp_path: Path) -> AsyncIterator[Planted]:
    with Planted(tmp_path, PACKAGE | {"shop/till.py": DOCUMENT}) as planted:
        planted.build()
        yield planted


async def nothing_to_close() -> None:
    pass


async def test_an_answer_may_repeat_the_rest_of_its_file_and_other_files(planted: Planted) -> None:
    backend = Recording()
    workspaces = Workspaces(lambda _root: OpenIndex(planted.index, nothing_to_close))
    feature = CompletionFeature(backend, Settings(), OutcomeRing(), workspaces=workspaces)
    path = planted.root / "shop/till.py"
    offset = DOCUMENT.index("Item.") + len("Item.")

    async def complete(version: int, text: str) -> Surroundings:
        document = DocumentSnapshot(path.as_uri(), path, "python", version, Text(text))
        request = CompletionRequest(document, offset + version, Trigger.INVOKED, planted.root)
        await feature.complete(request, CancelToken.after_ms(60_000))
        surroundings = backend.asked[-1]
        assert surroundings is not None
        return surroundings

    first = await complete(0, DOCUMENT)
    assert first.familiarity == 1
    assert "FIRST_LINE" in first.file
    assert "LAST_LINE" in first.file
    assert "Item." not in first.file
    await feature._asker.telling._surroundings.ready()
    second = await complete(1, DOCUMENT.replace("Item.", "Item.x"))
    assert PACKAGE["shop/model.py"] in second.others
    # What the user types in the window changes nothing of what lies around it.
    assert second.file == first.file


@pytest.mark.parametrize(
    ("language_id", "familiarities"), [("python", [1.0]), ("go", [0.3]), ("plaintext", [])]
)
async def test_code_in_other_languages_is_repeated_and_prose_is_not(
    language_id: str, familiarities: list[float]
) -> None:
    backend = Recording()
    feature = CompletionFeature(backend, Settings(), OutcomeRing())
    document = DocumentSnapshot("untitled:1", None, language_id, 1, Text("x = "))
    request = CompletionRequest(document, 4, Trigger.INVOKED)
    result = await feature.complete(request, CancelToken.after_ms(60_000))
    assert [asked and asked.familiarity for asked in backend.asked] == familiarities
    assert familiarities or "knows python only" in result.outcome.reason
