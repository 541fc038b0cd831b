from collections.abc import Sequence
from pathlib import Path

import pytest

from cloister.context.gather import MOST_PATH_TOKENS, ContextGatherer, shown_path
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


def most_tokens(text: str) -> int:
    return len(text.encode())


@pytest.mark.parametrize(
    ("before", "after"),
    [("字" * 400, ""), ("字" * 200, "字" * 200), ("", "x" * 1900), ("é" * 700, "b" * 700)],
)
async def test_a_long_line_is_cut_to_what_surely_fits(before: str, after: str) -> None:
    gatherer = ContextGatherer(WordCounter())
    context = await gatherer.gather(document(before + after), len(before), None, BUDGET)
    assert most_tokens(context.prefix) <= BUDGET.prefix_tokens
    assert most_tokens(context.suffix) <= BUDGET.suffix_tokens
    assert before.endswith(context.prefix)
    assert after.startswith(context.suffix)


async def test_a_long_path_is_cut_to_the_end_of_its_name() -> None:
    path = Path("/w") / ("深" * 80) / ("長" * 80 + ".py")
    counter = most_tokens_counter
    context = await ContextGatherer(counter).gather(document("x", path), 1, Path("/w"), BUDGET)
    assert most_tokens(context.path) <= MOST_PATH_TOKENS
    assert context.path.endswith("長.py")


async def most_tokens_counter(texts: Sequence[str]) -> list[int]:
    return [most_tokens(text) for text in texts]


async def test_one_message_to_the_tokenizer_stays_small() -> None:
    counter = WordCounter()
    text = "\n".join(chr(65 + n % 26) * 900 + str(n) for n in range(600))
    wide = WindowBudget(prefix_tokens=2048, suffix_tokens=512)
    await ContextGatherer(counter).gather(document(text), len(text) // 2, None, wide)
    assert sum(len(line) for line in counter.asked[0]) < 70_000


async def test_lines_that_no_window_can_hold_are_not_counted() -> None:
    counter = WordCounter()
    text = "\n".join(["x" * 5000, "y = 1", "", "z" * 5000])
    await ContextGatherer(counter).gather(document(text), 5008, None, BUDGET)
    assert max(len(line) for line in counter.asked[0]) < 1001


async def test_a_window_follows_the_cursor_up() -> None:
    gatherer = ContextGatherer(WordCounter())
    text = "".join(f"line {n}\n" for n in range(100))
    await gatherer.gather(document(text), text.index("line 80"), None, BUDGET)
    context = await gatherer.gather(document(text), text.index("line 70"), None, BUDGET)
    again = await ContextGatherer(WordCounter()).gather(
        document(text), text.index("line 70"), None, BUDGET
    )
    assert context.prefix == again.prefix


def test_paths_are_relative_to_the_workspace() -> None:
    inside = document("", Path("/w/pkg/a.py"))
    assert shown_path(inside, Path("/w")) == "pkg/a.py"
    assert shown_path(inside, Path("/other")) == "a.py"
    assert shown_path(document("", None), Path("/w")) == "untitled"
