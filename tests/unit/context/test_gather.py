from collections.abc import Sequence
from pathlib import Path

from cloister.context.gather import ContextGatherer, shown_path
from cloister.context.window import WindowBudget
from cloister.core.document import DocumentSnapshot
from cloister.core.text import Text

BUDGET = WindowBudget(prefix_tokens=60, suffix_tokens=20)


class WordCounter:
    """Counts words, and remembers how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []

    async def __call__(self, texts: Sequence[str]) -> list[int]:
        self.asked.append(texts)
        return [len(text.split()) + 1 for text in texts]


def document(text: str, path: Path | None = None) -> DocumentSnapshot:
    return DocumentSnapshot("file:///w/a.py", path, "python", 1, Text(text))


async def test_the_window_joins_to_the_document_around_the_cursor() -> None:
    text = "".join(f"line {n}\n" for n in range(100))
    offset = text.index("line 50") + 4
    context = await ContextGatherer(WordCounter()).gather(document(text), offset, None, BUDGET)
    assert text[context.window.start : context.window.end] == context.prefix + context.suffix
    assert context.window.start + len(context.prefix) == offset
    assert context.prefix.startswith("line ")


async def test_typing_asks_for_no_new_counts() -> None:
    counter = WordCounter()
    gatherer = ContextGatherer(counter)
    lines = [f"line {n}" for n in range(50)]
    for typed in ("", "r", "re", "ret", "retu", "return"):
        lines[25] = typed
        text = "\n".join(lines)
        offset = text.index("line 24\n") + len("line 24\n") + len(typed)
        context = await gatherer.gather(document(text), offset, None, BUDGET)
        assert context.prefix.endswith(typed)
    assert len(counter.asked) == 1


async def test_the_prefix_only_grows_while_typing() -> None:
    gatherer, prefix = ContextGatherer(WordCounter()), ""
    head = "".join(f"line {n}\n" for n in range(50))
    for typed in ("x", "x =", "x = 1", "x = 1\ny", "x = 1\ny = 2"):
        text = f"{head}{typed}\nafter\n"
        context = await gatherer.gather(document(text), len(head) + len(typed), None, BUDGET)
        assert context.prefix.startswith(prefix)
        assert context.suffix == "\nafter\n"
        prefix = context.prefix


async def test_the_model_reads_plain_newlines_and_no_lone_surrogates() -> None:
    text = "a\r\nb\rc\ud800d\r\ne"
    context = await ContextGatherer(WordCounter()).gather(document(text), 5, None, BUDGET)
    assert context.prefix == "a\nb\n"
    assert context.suffix == "c?d\ne"


def test_paths_are_relative_to_the_workspace() -> None:
    inside = document("", Path("/w/pkg/a.py"))
    assert shown_path(inside, Path("/w")) == "pkg/a.py"
    assert shown_path(inside, Path("/other")) == "a.py"
    assert shown_path(document("", None), Path("/w")) == "untitled"
