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


MORE_STUBS = [
    ("ruby", "def f\n║end\n", "def f\n    «»\nend\n"),
    ("ruby", "def f(a)\n  # Later.║\nend\n", "  # Later.\n  «»\nend\n"),
    ("ruby", "def f\n  raise NotImplementedError, 'later'║\nend\n", "  «»\nend\n"),
    ("lua", "function f(a)║\nend\n", "function f(a)\n    «»\nend\n"),
    ("lua", "function f()\n  error('not implemented')║\nend\n", "  «»\nend\n"),
    ("bash", "f() {\n  :║\n}\n", "f() {\n  «»\n}\n"),
    ("kotlin", "fun f(): Int = TODO()║\n", "fun f(): Int = «»\n"),
    ("scala", "def f(): Int = ???║\n", "def f(): Int = «»\n"),
    (
        "c_sharp",
        "class A {\n  int F() => throw new NotImplementedException();║\n}\n",
        "  int F() => «»;\n}\n",
    ),
    ("cpp", 'int f() {\n  throw std::logic_error("TODO");║\n}\n', "  «»\n}\n"),
    ("php", "<?php\nfunction f() {\n  throw new \\A\\B('not implemented');║\n}\n", "  «»\n}\n"),
    ("javascript", "function f() {\n  // Later.║\n}\n", "  // Later.\n  «»\n}\n"),
    ("python", "def f():\n    # Later.║\n    pass\n", "    # Later.\n    «»\n"),
    ("rust", "fn f() {\n  // Later.║\n  todo!()\n}\n", "  // Later.\n  «»\n}\n"),
]


@pytest.mark.parametrize(("language", "source", "wanted"), MORE_STUBS)
def test_a_stub_is_known_in_every_form(language: str, source: str, wanted: str) -> None:
    hole = hole_of(offers(language, source)["implement"])
    assert filled(source, hole, "«»").endswith(wanted)


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("php", "<?php\nclass A {\n  function __construct(private int $a) {║}\n}\n"),
        ("typescript", "class A {\n  constructor(readonly a: number) {║}\n}\n"),
        ("java", "class A {\n  A() {║}\n}\n"),
        ("cpp", "struct A {\n  A() : b(1) {║}\n  int b;\n};\n"),
        ("php", "<?php\nabstract class A {\n  abstract function f();║\n}\n"),
        ("lua", "function f()\n  return 1║\nend\n"),
        ("ruby", "def f = 1║\n"),
        ("java", "class A {\n  int f() { throw new UnsupportedOperationException(name());║ }\n}\n"),
    ],
)
def test_what_is_meant_to_be_empty_is_left_so(language: str, source: str) -> None:
    assert "implement" not in offers(language, source)


RESULTS = [
    ("python", "def f(a):\n    return a║\n", "def f(a) -> «»:\n    return a\n"),
    (
        "typescript",
        "const f = (a: number) => {║ return a; };\n",
        "(a: number): «» => { return a; };\n",
    ),
    ("typescript", "function f(a) {║}\n", "function f(a): «» {}\n"),
    ("php", "<?php\nfunction f() {║ return 1; }\n", "function f(): «» { return 1; }\n"),
    ("kotlin", "fun f(a: Int) = a║\n", "fun f(a: Int): «» = a\n"),
    ("scala", "def f =║ 1\n", "def f: «» = 1\n"),
]


@pytest.mark.parametrize(("language", "source", "wanted"), RESULTS)
def test_the_type_of_a_result_stands_where_the_language_has_it(
    language: str, source: str, wanted: str
) -> None:
    hole = hole_of(offers(language, source)["annotate"])
    assert filled(source, hole, "«»").endswith(wanted)


@pytest.mark.parametrize(
    ("language", "source", "is_offered"),
    [
        ("python", "def f(a) -> int:║\n    return a\n", True),
        ("python", "def f(*args) -> int:║\n    return 1\n", True),
        ("python", "def f(self, a: int) -> int:║\n    return a\n", False),
        ("typescript", "function f(a): void {║}\n", True),
        ("tsx", "function F({ a }: P): void {║}\n", False),
        ("php", "<?php\nfunction f($a): int {║ return 1; }\n", True),
        ("php", "<?php\nfunction f(int $a): int {║ return 1; }\n", False),
        ("kotlin", "fun f() {║}\n", False),
        ("scala", "def f: Int =║ 1\n", False),
    ],
)
def test_parameters_without_types_need_an_instruction(
    language: str, source: str, *, is_offered: bool
) -> None:
    offer = offers(language, source).get("annotate")
    tasks = [type(task) for task in offer.tasks] if offer else []
    assert tasks == ([Instruction] if is_offered else [])


WISHES = [
    (
        "python",
        "def f():\n    # cloister: add║\n    return 1\n",
        "    # add\n    «»\n    return 1\n",
    ),
    ("go", "package a\n\nfunc F() {\n\t// cloister: add║\n}\n", "\t// add\n\t«»\n}\n"),
    ("c", "int f(void)\n{\n  /* cloister: add */║\n}\n", "  /* add */\n  «»\n}\n"),
    ("lua", "-- cloister: add║\n", "-- add\n«»\n"),
    ("bash", "set -eu\n# cloister: add║\n", "# add\n«»\n"),
]


@pytest.mark.parametrize(("language", "source", "wanted"), WISHES)
def test_what_a_comment_wishes_can_be_written_below_it(
    language: str, source: str, wanted: str
) -> None:
    hole = hole_of(offers(language, source)["follow"])
    assert filled(source, hole, "«»").endswith(wanted)


def test_a_definition_that_follows_a_wish_is_rewritten() -> None:
    offer = offers("python", "# cloister: add║\ndef f():\n    return 1\n")["follow"]
    assert [type(task) for task in offer.tasks] == [Instruction]


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


def test_what_is_documented_is_brought_up_to_date_by_instruction_only() -> None:
    offer = offers("python", 'def f(a):\n    """Return it."""\n    ║return a\n')["document"]
    assert offer.title == "Update the documentation of “f”"
    assert [type(task) for task in offer.tasks] == [Instruction]


@pytest.mark.parametrize("source", ["def f(a): ║return a\n", "x = 1║\n"])
def test_what_has_no_room_is_not_documented(source: str) -> None:
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
        ("python", "def f(a: int) -> int:\n    return a║\n", "annotate"),
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
    assert kinds == {"explain", "quickfix", "refactor", "source"}


def offers(language: str, marked: str, problems: tuple[Problem, ...] = ()) -> dict[str, Offer]:
    """Return the first offer of each action at `║`, or for what stands between `├` and `┤`."""
    source = "".join(char for char in marked if char not in "║├┤")
    start = min(marked.index(char) for char in "║├" if char in marked)
    end = marked.index("┤") - 1 if "┤" in marked else start
    document = DocumentSnapshot("file:///a", Path("/a"), language, 1, Text(source))
    place = Place(read_document(document, language_named(language)), Span(start, end), problems)
    found = {action.name: list(action.offers(place)) for action in all_actions()}
    return {name: each[0] for name, each in found.items() if each}


def hole_of(offer: Offer) -> Hole:
    return next(task for task in offer.tasks if isinstance(task, Hole))


def filled(marked: str, hole: Hole, text: str) -> str:
    source = marked.replace("║", "")
    return f"{source[: hole.span.start]}{hole.lead}{text}{hole.tail}{source[hole.span.end :]}"
