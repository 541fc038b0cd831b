"""What the menu offers, from syntax alone; and what a filled hole would look like."""

from pathlib import Path

import pytest

from cloister.core.document import DocumentSnapshot
from cloister.core.text import Span, Text
from cloister.features.actions import all_actions
from cloister.features.editing.place import Place, Problem, read_document
from cloister.features.editing.task import Hole, Instruction, Offer
from cloister.syntax.languages import language_named

STUBS = {
    "python": ('def area(r):\n    """Return it."""\n    ║pass\n', "    «»\n"),
    "javascript": ("function area(r) {║\n}\n", "function area(r) {\n    «»\n}\n"),
    "typescript": (
        "class A {\n  area(r: number) {\n    throw new Error('not implemented');║\n  }\n}\n",
        "    «»\n  }\n}\n",
    ),
    "go": ('package a\n\nfunc Area(r int) int {\n\tpanic("not implemented")║\n}\n', "\t«»\n}\n"),
    "rust": ("fn area(r: u8) -> u8 {\n    todo!()║\n}\n", "    «»\n}\n"),
    "java": ("class A {\n    int area(int r) {║\n    }\n}\n", "{\n        «»\n    }\n}\n"),
    "c": ("int area(int r) {║}\n", "int area(int r) {\n    «»\n}\n"),
    "cpp": ("int area(int r) {║\n}\n", "int area(int r) {\n    «»\n}\n"),
    "c_sharp": (
        (
            "class A {\n    int Area(int r) {\n        throw new NotImplementedException();║\n"
            "    }\n}\n"
        ),
        "        «»\n    }\n}\n",
    ),
    "php": ("<?php\nfunction area($r) {║\n}\n", "function area($r) {\n    «»\n}\n"),
    "kotlin": ("fun area(r: Int): Int {\n    TODO()║\n}\n", "    «»\n}\n"),
    "swift": ("func area(r: Int) -> Int {\n    fatalError()║\n}\n", "    «»\n}\n"),
}


@pytest.mark.parametrize("language", STUBS)
def test_a_body_that_is_missing_can_be_written(language: str) -> None:
    source, wanted = STUBS[language]
    offer = offers(language, source)["implement"]
    hole = next(task for task in offer.tasks if isinstance(task, Hole))
    assert filled(source, hole, "«»").endswith(wanted)


WRITTEN = {
    "python": "def area(r):\n    return r * r║\n",
    "javascript": "function area(r) {\n  return r * r;║\n}\n",
    "go": "package a\n\nfunc Area(r int) int {\n\treturn r║\n}\n",
    "rust": "fn area(r: u8) -> u8 {\n    r * r║\n}\n",
    "java": "class A {\n    int area(int r) {\n        return r;║\n    }\n}\n",
}


@pytest.mark.parametrize("language", WRITTEN)
def test_a_body_that_is_there_is_not_written_again(language: str) -> None:
    found = offers(language, WRITTEN[language])
    assert "implement" not in found
    assert {"document", "simplify", "handle-errors"} <= found.keys()


DOCUMENTED = {
    "python": ("def f(a):\n    ║return a\n", 'def f(a):\n    """«»"""\n    return a\n'),
    "javascript": (
        "class A {\n  f() {║ return 1; }\n}\n",
        "class A {\n  /** «» */\n  f() { return 1; }\n}\n",
    ),
    "go": ("package a\n\nfunc F() {║ g() }\n", "package a\n\n// F «»\nfunc F() { g() }\n"),
    "rust": ("fn f() {║ g() }\n", "/// «»\nfn f() { g() }\n"),
    "java": (
        "class A {\n    int f() {║ return 1; }\n}\n",
        "class A {\n    /** «» */\n    int f() { return 1; }\n}\n",
    ),
    "ruby": ("def f\n  ║1\nend\n", "# «»\ndef f\n  1\nend\n"),
    "lua": ("function f()\n  ║return 1\nend\n", "--- «»\nfunction f()\n  return 1\nend\n"),
    "bash": ("f() {\n  ║echo 1\n}\n", "# «»\nf() {\n  echo 1\n}\n"),
    "scala": ("def f(): Int = {\n  ║1\n}\n", "/** «» */\ndef f(): Int = {\n  1\n}\n"),
}


@pytest.mark.parametrize("language", DOCUMENTED)
def test_documentation_stands_where_the_language_wants_it(language: str) -> None:
    source, wanted = DOCUMENTED[language]
    offer = offers(language, source)["document"]
    hole = next(task for task in offer.tasks if isinstance(task, Hole))
    assert filled(source, hole, "«»") == wanted


@pytest.mark.parametrize(
    "source",
    ['def f(a):\n    """Return it."""\n    ║return a\n', "def f(a): ║return a\n", "x = 1║\n"],
)
def test_what_is_documented_or_has_no_room_is_left(source: str) -> None:
    assert "document" not in offers("python", source)


TITLES = [
    ("python", "def f(a║):\n    return a\n", "annotate", "Add types to “f”"),
    (
        "python",
        "def f():\n    r = []\n    for a in b:\n        r.append(a)\n    ║return r\n",
        "convert",
        "Convert the loop in “f” to a comprehension",
    ),
    (
        "python",
        "class A:║\n    def __init__(self, a, b=(1, 2)):\n        self.a = a\n        self.b = b\n",
        "convert",
        "Convert “A” to a dataclass",
    ),
    (
        "javascript",
        "function f() {\n  return g().then(h);║\n}\n",
        "convert",
        "Convert “f” to async and await",
    ),
    (
        "typescript",
        "function f() {\n  for (let i = 0; i < 3; i++) g(i);║\n}\n",
        "convert",
        "Convert the loop in “f” to for…of or an array method",
    ),
    ("go", "package a\n\n// cloister: use a map║\nfunc F() {}\n", "follow", "Do “use a map”"),
    ("python", "# cloister: add a test\n║x = 1\n", "follow", "Do “add a test”"),
    (
        "python",
        "def f(a):\n    return ├a + 1┤\n",
        "extract",
        "Extract the selection into a variable",
    ),
    (
        "python",
        "def f(a):\n├    b = a\n    return b┤\n",
        "extract",
        "Extract the selection into a function",
    ),
    ("python", "def f(a):\n├    b = a\n    return b┤\n", "simplify", "Simplify the selection"),
]


@pytest.mark.parametrize(("language", "source", "action", "title"), TITLES)
def test_titles_say_what_is_done(language: str, source: str, action: str, title: str) -> None:
    assert offers(language, source)[action].title == title


@pytest.mark.parametrize(
    ("language", "source", "action"),
    [
        ("python", "def f(a) -> int:\n    return a║\n", "annotate"),
        ("javascript", "function f(a) { return a║ }\n", "annotate"),
        ("python", "def f():\n    for a in b:\n        g(a)║\n", "convert"),
        ("python", "def f(a):\n    return a║\n", "extract"),
        ("python", "x = ├1 + 2┤\n", "extract"),
        ("python", "# cloisters are old║\n", "follow"),
        ("python", "def f(a):\n    return a║\n", "fix"),
    ],
)
def test_what_makes_no_sense_is_not_offered(language: str, source: str, action: str) -> None:
    assert action not in offers(language, source)


def test_a_problem_is_fixed_in_its_function() -> None:
    source = "def f(a):\n    b = 1\n    return a\n"
    start = source.index("b = 1")
    problem = Problem(Span(start, start + 1), "unused\nvariable", "checker")
    offer = offers("python", source.replace("b = 1", "║b = 1"), (problem,))["fix"]
    (task,) = offer.tasks
    assert offer.title == "Fix “unused variable”"
    assert isinstance(task, Instruction)
    assert task.span == Span(0, len(source) - 1)
    assert task.said == "unused variable"


STRANGE = {
    "a loop far from its body": "def f():\n    for a in b:" + "\n" * 20_000 + "    if c:║\n",
    "many loops": "def f():\n" + "    for a in b:\n" * 3_000 + "        pass║\n",
    "a wish of spaces": "# cloister: a" + " " * 50_000 + "b║\n",
    "fields": "class A:║\n    def __init__(self, a):\n" + "        self.a = a\n" * 5_000,
    "brackets": "class A:║\n    def __init__(self, " + "(" * 300 + "\n",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", STRANGE)
def test_strange_files_are_looked_at_in_one_pass(name: str) -> None:
    offers("python", STRANGE[name])


def test_every_action_has_a_name_and_a_known_kind() -> None:
    names = [action.name for action in all_actions()]
    assert len(set(names)) == len(names)
    kinds = {action.kind.split(".")[0] for action in all_actions()}
    assert kinds == {"explain", "quickfix", "refactor"}


def offers(language: str, marked: str, problems: tuple[Problem, ...] = ()) -> dict[str, Offer]:
    """Return the first offer of each action at `║`, or for what stands between `├` and `┤`."""
    source = "".join(char for char in marked if char not in "║├┤")
    start = min(marked.index(char) for char in "║├" if char in marked)
    end = marked.index("┤") - 1 if "┤" in marked else start
    document = DocumentSnapshot("file:///a", Path("/a"), language, 1, Text(source))
    place = Place(read_document(document, language_named(language)), Span(start, end), problems)
    found = {action.name: list(action.offers(place)) for action in all_actions()}
    return {name: each[0] for name, each in found.items() if each}


def filled(marked: str, hole: Hole, text: str) -> str:
    source = marked.replace("║", "")
    return f"{source[: hole.span.start]}{hole.lead}{text}{hole.tail}{source[hole.span.end :]}"
