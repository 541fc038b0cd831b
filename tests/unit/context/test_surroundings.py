"""What may be repeated: the rest of the file at once, the files most like it soon after."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloister.context.query import Place
from cloister.context.surroundings import SurroundingsFinder, related_text, text_outside
from cloister.core.generation import TEXT_SEPARATOR, Surroundings
from cloister.core.text import Span, Text
from cloister.syntax.languages import language_for_id
from support.indexed import PACKAGE, Planted

UNLIKE = {"other/unlike.py": "def paint(wall):\n    return wall.colour\n"}
TEXT = Text(PACKAGE["shop/basket.py"])


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Planted]:
    with Planted(tmp_path, PACKAGE | UNLIKE) as planted:
        planted.build()
        yield planted


def place(window: Span, text: Text = TEXT) -> Place:
    return Place("shop/basket.py", text, window.start + 1, window, language_for_id("python"))


def test_the_window_itself_is_left_out() -> None:
    text = Text("one\ntwo\nthree\n")
    assert text_outside(text, Span(4, 8)) == f"one\n{TEXT_SEPARATOR}three\n"


def test_a_huge_file_is_cut_around_the_window() -> None:
    text = Text("a" * 1_000_000 + "WINDOW" + "b" * 1_000_000)
    outside = text_outside(text, Span(1_000_000, 1_000_006))
    assert len(outside) == 200_001
    assert set(outside) == {"a", TEXT_SEPARATOR, "b"}


def test_line_ends_are_those_that_a_model_reads() -> None:
    assert text_outside(Text("a\r\nb\r\n"), Span(6, 6)) == f"a\nb\n{TEXT_SEPARATOR}"


def test_related_files_come_without_the_file_itself(planted: Planted) -> None:
    related = related_text(place(Span(0, len(TEXT))), planted.index)
    assert PACKAGE["shop/model.py"] in related
    assert "total_price" not in related


async def test_other_files_follow_and_stay_while_the_window_does(planted: Planted) -> None:
    finder = SurroundingsFinder()
    here = place(Span(0, len(TEXT)))
    assert finder.surroundings("a", here, planted.index) == Surroundings(TEXT_SEPARATOR)
    await finder.ready()
    found = finder.surroundings("a", here, planted.index)
    assert PACKAGE["shop/model.py"] in found.others
    planted.index.overlay("shop/model.py", "class Item: ...\n")
    await finder.ready()
    assert finder.surroundings("a", here, planted.index).others == found.others
    moved = place(Span(10, len(TEXT)))
    finder.surroundings("a", moved, planted.index)
    await finder.ready()
    assert "class Item: ..." in finder.surroundings("a", moved, planted.index).others
    finder.close()


async def test_without_an_index_there_is_only_the_file() -> None:
    finder = SurroundingsFinder()
    surroundings = finder.surroundings("a", place(Span(0, 10)), None)
    assert surroundings == Surroundings(TEXT_SEPARATOR + TEXT.value[10:])
    await finder.ready()
    finder.close()
