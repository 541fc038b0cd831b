"""Into which languages code can be translated here, as which file, and what has to be in it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from cloister.core.document import DocumentSnapshot
from cloister.core.text import Span, Text
from cloister.features.actions.translate import ACTION
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.creating import new_file
from cloister.features.editing.place import Place, read_document
from cloister.features.editing.task import Creation
from cloister.syntax.languages import language_for_path

PYTHON = "import re\n\n\ndef parse_date(text):\n    ║return text\n\n\ndef other():\n    pass\n"
CLASS = "class DateParser:\n    def parse(self, text):\n        ║return text\n"
JAVA = "class DateParser {\n  String parse(String text) {║ return text; }\n}\n"


@pytest.mark.parametrize(
    ("path", "marked", "others", "files"),
    [
        ("a.py", PYTHON, (), ["parse-date.ts", "parse_date.go", "parse_date.rs"]),
        ("dates.py", CLASS, (), ["dates.ts", "dates.go", "dates.rs"]),
        (
            "a.py",
            PYTHON,
            ("x/b.java", "c.java", "d.kt", "node_modules/e.rb", ".git/f.php", "b.py"),
            ["ParseDate.java", "ParseDate.kt", "parse-date.ts", "parse_date.go"],
        ),
        (
            "DateParser.java",
            JAVA,
            (),
            ["DateParser.kt", "date_parser.py", "date-parser.ts", "date_parser.go"],
        ),
        ("a.js", "function a() {║}\n", (), ["a.ts", "a.py", "a.go", "a.rs"]),
        ("a.tsx", "function A() {║}\n", (), ["a.ts", "a.py", "a.go", "a.rs"]),
        ("a.sh", "├echo a┤\n", (), ["a.py", "a.ts", "a.go", "a.rs"]),
        ("a.py", PYTHON, ("parse_date.go",), ["parse-date.ts", "parse_date.rs"]),
        ("a.py", "x = 1║\n", (), []),
        ("a.rb", "def /(other)\n  ║1\nend\n", (), []),
        ("a.sh", "/() {\n  echo ║a\n}\nb() { :; }\n", (), []),
        ("a.json", '{"a"║: 1}\n', (), []),
    ],
)
def test_the_folders_languages_come_first(
    tmp_path: Path, path: str, marked: str, others: tuple[str, ...], files: list[str]
) -> None:
    for other in others:
        (tmp_path / other).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / other).touch()
    found = offered(tmp_path / path, marked, tmp_path)
    assert [it.path for it in found.values()] == [tmp_path / file for file in files]


@pytest.mark.parametrize(
    ("marked", "target", "title", "mentions", "shown"),
    [
        (PYTHON, "parse_date.go", "“parse_date” to Go", "ParseDate", "def parse_date"),
        (PYTHON, "parse-date.ts", "“parse_date” to TypeScript", "parseDate", "def parse_date"),
        (CLASS, "a.go", "“DateParser” to Go", "DateParser", "class DateParser"),
        ("├x = 1\ny = 2┤\n", "a.go", "the selection to Go", "", "x = 1"),
        ("├def a_b():\n    pass\n┤def c():\n    pass\n", "a_b.go", "“a_b” to Go", "AB", "def a_b"),
    ],
)
def test_the_name_is_the_targets_own(
    tmp_path: Path, marked: str, target: str, title: str, mentions: str, shown: str
) -> None:
    found = offered(tmp_path / "a.py", marked, tmp_path)
    task = found[f"Translate {title} in {target}"]
    assert task.mentions == mentions
    assert plain(marked)[task.span.start : task.span.end].startswith(shown)
    assert (f"`{mentions}`" in task.text) == bool(mentions)


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "parse_date.go").symlink_to("nowhere")
    assert not [it for it in offered(tmp_path / "a.py", PYTHON, tmp_path) if "Go" in it]


def test_a_link_that_came_meanwhile_is_not_written_through(tmp_path: Path) -> None:
    creation = offered(tmp_path / "a.py", PYTHON, tmp_path)[
        "Translate “parse_date” to Go in parse_date.go"
    ]
    (tmp_path / "parse_date.go").symlink_to("nowhere")
    with pytest.raises(RefusedAnswerError, match="exists by now"):
        new_file(f"```go\n{GO}```", creation, place(tmp_path / "a.py", PYTHON, tmp_path))


GO = "package dates\n\nfunc ParseDate(text string) string {\n\treturn text\n}\n"
RUBY = "def parse_date(text)\n  text\nend\n"
PHP = "<?php\n\nfunction parseDate($text) {\n    return $text;\n}\n"


@pytest.mark.parametrize(
    ("language", "answer", "wanted"),
    [
        ("go", f"```go\n{GO}```", GO),
        ("go", f"Here it is:\n```go\n{GO}```\nIt does the same.", GO),
        ("ruby", f"```ruby\n{RUBY}```", RUBY),
        ("php", f"```php\n{PHP}```", PHP),
        ("php", f"```php\n{PHP.removeprefix('<?php')[1:]}```", PHP),
    ],
)
def test_the_new_file_is_in_the_other_language(
    tmp_path: Path, language: str, answer: str, wanted: str
) -> None:
    assert translated(tmp_path, language, answer) == wanted


@pytest.mark.parametrize(
    ("language", "answer", "reason"),
    [
        ("go", f"```python\n{PYTHON.replace('║', '')}```", "not be valid go"),
        ("go", f"```go\n{GO.replace('ParseDate', 'Parse')}```", "not about ParseDate"),
        ("go", "```go\npackage dates\n\n// ParseDate\nvar x = 1\n```", "not define ParseDate"),
        ("go", GO, "fenced block"),
        ("ruby", f"Here is the code\n{RUBY}", "fenced block"),
        ("go", f"```go\n{GO}// ... the rest\n```", "left out code"),
        ("go", "", "wrote nothing"),
    ],
)
def test_what_is_no_translation_is_refused(
    tmp_path: Path, language: str, answer: str, reason: str
) -> None:
    with pytest.raises(RefusedAnswerError, match=reason):
        translated(tmp_path, language, answer)


def translated(root: Path, language: str, answer: str) -> str:
    suffix = {"go": ".go", "ruby": ".rb", "php": ".php"}[language]
    (root / f"there{suffix}").touch()
    found = offered(root / "a.py", PYTHON, root)
    creation = next(it for it in found.values() if it.path.suffix == suffix)
    return new_file(answer, creation, place(root / "a.py", PYTHON, root)).text


def offered(path: Path, marked: str, root: Path) -> Mapping[str, Creation]:
    """Return what is offered at `║` or for `├ ┤`, by title."""
    offers = {it.title: it.tasks[0] for it in ACTION.offers(place(path, marked, root))}
    return {title: task for title, task in offers.items() if isinstance(task, Creation)}


def place(path: Path, marked: str, root: Path) -> Place:
    start = min(marked.index(char) for char in "║├" if char in marked)
    end = marked.index("┤") - 1 if "┤" in marked else start
    language = language_for_path(path)
    assert language is not None
    path.write_text(plain(marked), encoding="utf-8")
    document = DocumentSnapshot(path.as_uri(), path, language.name, 1, Text(plain(marked)))
    return Place(read_document(document, language), Span(start, end), root=root)


def plain(marked: str) -> str:
    return "".join(char for char in marked if char not in "║├┤")
