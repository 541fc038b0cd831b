"""Actions that do not change the code they are about: tests for it, and answers about it."""

from pathlib import Path

import pytest

from cloister.core.document import DocumentSnapshot
from cloister.core.text import Span, Text
from cloister.features.actions import all_actions
from cloister.features.editing.place import Place, read_document
from cloister.features.editing.task import Addition, Creation, Inquiry, Offer, Review
from cloister.syntax.languages import language_for_path

PYTHON = "class Shop:\n    def total(self):\n        ║return 0\n"
RUST = "fn area(r: u8) -> u8 {\n    ║r * r\n}\n"
TYPESCRIPT = "export function area(r: number) {\n  ║return r;\n}\n"
GO = "package shop\n\nfunc Area(r int) int {\n\t║return r\n}\n"


@pytest.mark.parametrize(
    ("path", "marked", "file", "words"),
    [
        ("src/shop/a.py", PYTHON, "tests/test_a.py", ("`Shop.total`", "from `shop.a`", "pytest")),
        ("src/a.ts", TYPESCRIPT, "src/a.test.ts", ("`area`", "from `./a`", "test framework")),
        ("pkg/a.go", GO, "pkg/a_test.go", ("`Area`", "package `testing`")),
    ],
)
def test_tests_are_written_where_the_project_has_them(
    tmp_path: Path, path: str, marked: str, file: str, words: tuple[str, ...]
) -> None:
    offer = offered("tests", tmp_path / path, marked, tmp_path)
    assert offer is not None
    (task,) = offer.tasks
    assert isinstance(task, Creation)
    assert (task.path, offer.title.endswith(Path(file).name)) == (tmp_path / file, True)
    assert [word for word in words if word not in task.text] == []


def test_a_method_is_shown_with_its_class(tmp_path: Path) -> None:
    offer = offered("tests", tmp_path / "a.py", PYTHON, tmp_path)
    assert offer is not None
    assert offer.tasks[0].span.start == 0


def test_rust_has_its_tests_in_the_same_file(tmp_path: Path) -> None:
    offer = offered("tests", tmp_path / "a.rs", RUST, tmp_path)
    assert offer is not None
    (task,) = offer.tasks
    assert isinstance(task, Addition)
    assert (task.name, task.mentions) == ("tests", "area")
    with_tests = f"{RUST}\n#[cfg(test)]\nmod tests {{\n}}\n"
    assert offered("tests", tmp_path / "a.rs", with_tests, tmp_path) is None


@pytest.mark.parametrize("marked", ["x = 1║\n", "def f():\n    pass\n\n\nx = 1║\n"])
def test_without_a_definition_there_is_nothing_to_test(tmp_path: Path, marked: str) -> None:
    assert offered("tests", tmp_path / "a.py", marked, tmp_path) is None


@pytest.mark.parametrize(
    ("marked", "titles"),
    [
        (PYTHON, ["Explain “total”", "Review “total”"]),
        ("├x = 1┤\n", ["Explain the selection", "Review the selection"]),
        ("x = 1║\n", []),
    ],
)
def test_code_is_explained_and_reviewed(tmp_path: Path, marked: str, titles: list[str]) -> None:
    offers = [offered(name, tmp_path / "a.py", marked, tmp_path) for name in ("explain", "review")]
    assert [it.title for it in offers if it] == titles
    tasks = [type(it.tasks[0]) for it in offers if it]
    assert tasks == [Inquiry, Review][: len(tasks)]


def offered(name: str, path: Path, marked: str, root: Path) -> Offer | None:
    """Return an action's offer at `║` or for `├ ┤` in a file of a package below `src`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.parent.name == "shop":
        (path.parent / "__init__.py").touch()
    source = "".join(char for char in marked if char not in "║├┤")
    start = min(marked.index(char) for char in "║├" if char in marked)
    end = marked.index("┤") - 1 if "┤" in marked else start
    language = language_for_path(path)
    assert language is not None
    document = DocumentSnapshot(path.as_uri(), path, language.name, 1, Text(source))
    place = Place(read_document(document, language), Span(start, end), root=root)
    action = next(it for it in all_actions() if it.name == name)
    return next(iter(action.offers(place)), None)
