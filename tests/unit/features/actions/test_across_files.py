"""Actions are told what other files say: what is implemented, and how the project tests.

Through the real index; what somebody denies is never among it.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from cloister.backends.base import OnChunk
from cloister.backends.scripted import Rule, ScriptedBackend
from cloister.context.workspaces import OpenIndex, Workspaces
from cloister.core.cancel import CancelToken
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import CloisterError
from cloister.core.generation import Generation, GenerationRequest
from cloister.core.text import Span, Text
from cloister.features.editing.act import ActionFeature
from cloister.features.editing.possibility import Backends, Selection, Wish
from cloister.features.escalation.approval import Approver, Choice, Preview
from cloister.settings.settings import Settings
from cloister.syntax.languages import language_for_path
from support.indexed import Planted

_DEADLINE_MS = 60_000
_REFUSAL = "valid|not about|definitions"


class Reader(ScriptedBackend):
    """A model that remembers what it is asked, and answers nothing of use."""

    def __init__(self) -> None:
        super().__init__([Rule(instruction="careful programmer", text="no")], 16_384)
        self.prompts: list[str] = []

    async def generate(
        self, request: GenerationRequest, on_chunk: OnChunk, cancel: CancelToken
    ) -> Generation:
        prompt = request.prompt
        self.prompts.append("".join(segment.text for segment in prompt.segments) + prompt.opening)
        return await super().generate(request, on_chunk, cancel)


@dataclass(frozen=True, slots=True)
class Case:
    """A project; the last file is the one where the action is asked for, at `║`."""

    files: dict[str, str]
    implemented: tuple[str, str]
    tested: tuple[str, str]


CASES = {
    "python": Case(
        {
            "depot/__init__.py": "",
            "depot/carrier.py": (
                '"""Who delivers."""\n\nfrom abc import ABC, abstractmethod\n\n\n'
                'class Carrier(ABC):\n    """Somebody who delivers."""\n\n'
                "    @abstractmethod\n    def price_of(self, weight_kg: int) -> int:\n"
                '        """Return the price in cents."""\n'
            ),
            "depot/rail.py": "LIMIT_KG = 90\n\n\ndef rail_price(weight_kg):\n    return 3\n",
            "tests/test_rail.py": (
                "import pytest\n\nfrom depot.rail import rail_price\n\n\n"
                "def test_rail_price():\n    assert rail_price(1) == 3\n"
            ),
            "depot/post.py": (
                "from depot.carrier import Carrier\n\n\nclass Post(Carrier):\n"
                "    def price_of(self, weight_kg: int) -> int:\n        pass║\n"
            ),
        },
        ("depot/carrier.py", "def price_of(self, weight_kg: int) -> int"),
        ("Import it from `depot.post`", "Use pytest"),
    ),
    "typescript": Case(
        {
            "src/carrier.ts": (
                "/** Somebody who delivers. */\nexport interface Carrier {\n"
                "  /** Returns the price in cents. */\n  priceOf(weightKg: number): number;\n}\n"
            ),
            "src/rail.ts": "export const railPrice = (weightKg: number) => 3 * weightKg;\n",
            "src/rail.test.ts": (
                'import { expect, test } from "vitest";\nimport { railPrice } from "./rail";\n\n'
                'test("rail", () => {\n  expect(railPrice(1)).toBe(3);\n});\n'
            ),
            "src/post.ts": (
                'import { Carrier } from "./carrier";\n\nexport class Post implements Carrier {\n'
                "  priceOf(weightKg: number): number {║\n  }\n}\n"
            ),
        },
        ("src/carrier.ts", "priceOf(weightKg: number): number"),
        ("Import it from `./post`", "Use Vitest"),
    ),
    "go": Case(
        {
            "go.mod": "module depot.example\n",
            "depot/carrier.go": (
                "package depot\n\n// Carrier is somebody who delivers.\ntype Carrier interface {\n"
                "\t// PriceOf returns the price in cents.\n\tPriceOf(weightKg int) int\n}\n"
            ),
            "depot/rail_test.go": (
                'package depot\n\nimport "testing"\n\nfunc TestRail(t *testing.T) {}\n'
            ),
            "depot/post.go": (
                "package depot\n\n// Post is a Carrier.\ntype Post struct{}\n\n"
                "var _ Carrier = Post{}\n\nfunc (p Post) PriceOf(weightKg int) int {║\n}\n"
            ),
        },
        ("depot/carrier.go", "PriceOf(weightKg int) int"),
        ("post_test.go", "package `testing`"),
    ),
    "java": Case(
        {
            "src/main/java/depot/Carrier.java": (
                "package depot;\n\n/** Somebody who delivers. */\npublic interface Carrier {\n"
                "    /** Returns the price in cents. */\n    int priceOf(int weightKg);\n}\n"
            ),
            "src/test/java/depot/RailTest.java": (
                "package depot;\n\nimport org.junit.Test;\n\npublic class RailTest {\n"
                "    @Test\n    public void works() {}\n}\n"
            ),
            "src/main/java/depot/Post.java": (
                "package depot;\n\npublic class Post implements Carrier {\n"
                "    public int priceOf(int weightKg) {║\n    }\n}\n"
            ),
        },
        ("src/main/java/depot/Carrier.java", "int priceOf(int weightKg)"),
        ("It is in `depot`", "Use JUnit 4"),
    ),
}


@pytest.mark.parametrize("language", CASES)
async def test_what_is_implemented_is_told(language: str, tmp_path: Path) -> None:
    case = CASES[language]
    prompt = await told("implement", case, tmp_path, denied="")
    path, words = case.implemented
    assert words in prompt.partition(f"From {path}:")[2].partition("The file ")[0]


@pytest.mark.parametrize("language", CASES)
async def test_what_is_denied_is_not_told(language: str, tmp_path: Path) -> None:
    case = CASES[language]
    path, words = case.implemented
    prompt = await told("implement", case, tmp_path, denied=path)
    assert f"From {path}:" not in prompt
    assert words not in prompt.partition("The file ")[0]


@pytest.mark.parametrize("language", CASES)
async def test_how_the_project_tests_is_told(language: str, tmp_path: Path) -> None:
    case = CASES[language]
    prompt = await told("tests", case, tmp_path, denied="")
    assert [words for words in case.tested if words not in prompt] == []


async def told(action: str, case: Case, folder: Path, *, denied: str) -> str:
    """Return what a model is told for an action at the mark."""
    marked = list(case.files.values())[-1]
    files = {path: text.replace("║", "") for path, text in case.files.items()}
    with Planted(folder, files) as planted:
        if denied:
            mark = f'version = 1\ndeny = ["{denied}"]\n'
            (planted.root / ".cloister.toml").write_text(mark, encoding="utf-8")
        planted.build()
        backend = Reader()
        feature = ActionFeature(Backends(backend, backend), Settings(), workspaces(planted))
        try:
            for _ in range(2):
                # What the search of the first request finds is told the second at the latest.
                await ask(feature, Wish(action), selection(planted.root, case, marked.index("║")))
        finally:
            feature.close()
    return backend.prompts[-1]


def workspaces(planted: Planted) -> Workspaces:
    async def close() -> None:
        planted.index.close()

    return Workspaces(lambda _root: OpenIndex(planted.index, close))


def selection(root: Path, case: Case, offset: int) -> Selection:
    path = root / list(case.files)[-1]
    language = language_for_path(path)
    assert language is not None
    text = Text(path.read_text(encoding="utf-8"))
    document = DocumentSnapshot(path.as_uri(), path, language.language_ids[0], 1, text)
    return Selection(document, Span(offset, offset), root=root)


async def ask(feature: ActionFeature, wish: Wish, place: Selection) -> None:
    with pytest.raises(CloisterError, match=_REFUSAL):
        await feature.result(place, wish, Approver(no), CancelToken.after_ms(_DEADLINE_MS))


async def no(_preview: Preview) -> Choice:
    return Choice.NO
