import random

import numpy as np

from cloister.core.context import CompletionContext, Snippet
from cloister.core.text import Span
from cloister.families.cloister import FAMILY
from train.corpus import SourceFile
from train.examples import CODES, SILENT, TEXT, _file, _with_hole, example, library_of
from train.rows import shard
from train.tokenizer import END, MIDDLE, SPECIAL, trained

TEXTS = [
    "".join(
        f"def {name}_{i}(value):\n    return value + {i} * offset_{name}\n\n" for i in range(40)
    )
    for name in ("alpha", "beta", "gamma")
]
FILES = [
    SourceFile("package", f"package/{number}.py", "python", "train", text)
    for number, text in enumerate(TEXTS)
]
TOKENIZER = trained(iter(TEXTS), 320)


def test_an_example_is_what_the_product_asks() -> None:
    text = "a = 1\nb = a + 2\nc = 3\n"
    hole = Span(text.index("a + 2"), text.index("\nc"))
    pieces = [*_file("lib/other.py", "def f(): ...\n"), *_file("lib/this.py", "")]
    pieces += _with_hole(text, hole, CODES["rest of line"], random.Random(0))  # noqa: S311  # repeatable
    snippet = Snippet("lib/other.py", 0, 0, "def f(): ...\n", "test")
    context = CompletionContext(
        "lib/this.py", text[: hole.start], text[hole.end :], Span(0, len(text)), (snippet,)
    )
    asked = "".join(segment.text for segment in FAMILY.segments(context))
    assert "".join(piece.text for piece in pieces) == f"{asked}a + 2{END}"


def test_only_the_answer_counts_as_one() -> None:
    pieces = list(_with_hole("x = 1\ny = 2\n", Span(4, 5), CODES["any span"], random.Random(0)))  # noqa: S311  # repeatable
    assert [piece.code for piece in pieces] == [
        SILENT, TEXT, SILENT, TEXT, SILENT, CODES["any span"], CODES["any span"],
    ]  # fmt: skip


def test_rows_are_full_and_the_same_every_time() -> None:
    library = library_of(FILES)
    rows = shard(library, TOKENIZER, "1/0", 128, 40)
    again = shard(library, TOKENIZER, "1/0", 128, 40)
    other = shard(library, TOKENIZER, "1/1", 128, 40)
    assert rows.tokens.shape == rows.codes.shape == (40, 129)
    assert np.array_equal(rows.tokens, again.tokens)
    assert np.array_equal(rows.codes, again.codes)
    assert not np.array_equal(rows.tokens, other.tokens)


def test_every_answer_in_a_row_stands_between_its_markers() -> None:
    rows = shard(library_of(FILES), TOKENIZER, "1/0", 256, 60)
    middle, end = TOKENIZER.token_to_id(MIDDLE), TOKENIZER.token_to_id(END)
    n_answers = 0
    for tokens, codes in zip(rows.tokens, rows.codes, strict=True):
        for place in np.flatnonzero(np.diff((codes > TEXT).astype(int)) == 1):
            length = int(np.argmax(tokens[place + 1 :] == end))
            assert tokens[place] == middle
            assert np.all(codes[place + 1 : place + length + 2] > TEXT)
            n_answers += 1
    assert n_answers > 30
    markers = [TOKENIZER.token_to_id(name) for name in SPECIAL if name != END]
    assert np.all(rows.codes[np.isin(rows.tokens, markers)] == SILENT)


def test_a_package_counts_less_than_its_size() -> None:
    big = [SourceFile("big", f"big/{n}.py", "python", "train", TEXTS[0]) for n in range(90)]
    library = library_of([*big, *FILES])
    dice = random.Random(0)  # noqa: S311  # repeatable
    heads = [example(library, dice, 128) for _ in range(400)]
    n_small = sum("package/" in "".join(it.text for it in pieces[:2]) for pieces in heads)
    assert n_small / 400 > 2 * 3 / 93
