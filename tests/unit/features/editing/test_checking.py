"""The user's own programs over what an action writes: formatted, accepted, or refused."""

import sys
from pathlib import Path

import pytest

from cloister.core.document import DocumentSnapshot
from cloister.core.edit import TextEdit, edited
from cloister.core.errors import CloisterError
from cloister.core.text import Span, Text
from cloister.features.editing.checking import FailedCheckError, checked_by_user
from cloister.features.editing.place import Place, read_document
from cloister.features.editing.steps import Step, unwatched
from cloister.features.editing.task import NewFile, Prose
from cloister.settings.checks import CheckSettings
from cloister.syntax.languages import language_for_id

SOURCE = "import os\n\ndef f():\n    return 1\n\nx=1\n"
BODY = Span(SOURCE.index("def"), SOURCE.index("\n\nx"))
TWO = (TextEdit(Span(SOURCE.index("1\n\n"), SOURCE.index("\n\nx")), "2;"),)
AFTER = edited(SOURCE, TWO)
FORMATTED = AFTER.replace("2;", "2")
# Says every line that holds a semicolon or no space around `=`, and fails then.
FINDS = """
import sys
found = [it for it in enumerate(open(sys.argv[1]), 1) if ";" in it[1] or "=1" in it[1]]
for line, text in found: print(f"{sys.argv[1]}:{line}: {text.strip()} is bad")
sys.exit(bool(found))
"""
FINDS_SEMICOLONS = FINDS.replace(' or "=1" in it[1]', "")
STRIPS = "import sys; sys.stdout.write(sys.stdin.read().replace(';', ''))"
STRIPS_COPY = """
import pathlib, sys
copy = pathlib.Path(sys.argv[1])
copy.write_text(copy.read_text().replace(";", ""))
"""
STRIPS_ALL = STRIPS.replace("replace(';', '')", "replace(';', '').replace('x=1', 'x = 1')")
FAILS = f"{STRIPS}; sys.exit(1)"
BREAKS = STRIPS.replace("';', ''", "';', ' +'")


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def command(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code, *(["{file}"] if "argv" in code else []))


def place(folder: Path, root: Path | None = None) -> Place:
    path = folder / "a.py"
    document = DocumentSnapshot(path.as_uri(), path, "python", 1, Text(SOURCE))
    language = language_for_id("python")
    assert language is not None
    return Place(read_document(document, language), BODY, root=root)


async def checked(folder: Path, check: str = "", form: str = "", language: str = "python") -> str:
    """Return the document as it would be."""
    settings = CheckSettings(
        language, command(check) if check else (), command(form) if form else ()
    )
    edits = await checked_by_user(TWO, BODY, place(folder), [settings], unwatched)
    assert isinstance(edits, tuple)
    return edited(SOURCE, edits)


@pytest.mark.parametrize(
    ("check", "form", "result"),
    [
        ("", STRIPS, FORMATTED),
        ("", STRIPS_COPY, FORMATTED),
        ("", STRIPS_ALL, AFTER),
        ("", FAILS, AFTER),
        ("", BREAKS, AFTER),
        ("", "", AFTER),
        ("import sys", "", AFTER),
        (FINDS_SEMICOLONS, STRIPS, FORMATTED),
        # What it said of the text before as well refuses nothing.
        (FINDS, STRIPS, FORMATTED),
    ],
)
async def test_a_result_is_formatted_and_accepted(
    tmp_path: Path, check: str, form: str, result: str
) -> None:
    assert await checked(tmp_path, check, form) == result


@pytest.mark.parametrize(
    ("check", "reason", "output"),
    [
        (FINDS, "a.py:4: return 2; is bad", "a.py:4: return 2; is bad\na.py:6: x=1 is bad"),
        ("import sys; sys.exit('no\\x1b[31m')", "no\\x1b[31m", "no\x1b[31m"),
        ("import sys; sys.exit(';' in sys.stdin.read())", "it ended with code 1.", ""),
        ("import os; os.kill(os.getpid(), 9)", "it ended with code -9.", ""),
    ],
)
async def test_a_refusal_says_what_is_new(
    tmp_path: Path, check: str, reason: str, output: str
) -> None:
    with pytest.raises(FailedCheckError) as refused:
        await checked(tmp_path, check)
    name = Path(sys.executable).name
    assert str(refused.value) == f"{name} refuses the result: {reason}"
    assert refused.value.output == output


async def test_other_languages_have_other_checks(tmp_path: Path) -> None:
    assert await checked(tmp_path, "exit(1)", language="go") == AFTER


async def test_new_files_are_formatted_and_checked(tmp_path: Path) -> None:
    settings = CheckSettings("python", command(FINDS_SEMICOLONS), command(STRIPS))
    result = NewFile(tmp_path / "test_a.py", "x = 1;\n")
    steps: list[Step] = []
    here = place(tmp_path)
    new = await checked_by_user(result, BODY, here, [settings], steps.append)
    assert new == NewFile(tmp_path / "test_a.py", "x = 1\n")
    name = Path(sys.executable).name
    assert [it.message for it in steps] == [f"Checking with {name}"]
    refuses = CheckSettings("python", command(FINDS_SEMICOLONS))
    with pytest.raises(FailedCheckError, match=r"test_a\.py:1: x = 1; is bad"):
        await checked_by_user(result, BODY, here, [refuses], steps.append)


async def test_prose_is_not_checked(tmp_path: Path) -> None:
    settings, prose = CheckSettings("python", command("exit(1)")), Prose("Good.")
    assert await checked_by_user(prose, BODY, place(tmp_path), [settings], unwatched) == prose


@pytest.mark.parametrize("link", [None, "link"])
async def test_a_program_of_the_folder_is_never_started(tmp_path: Path, link: str | None) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    program = folder / "lint"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)
    named = program
    if link:
        named = tmp_path / link
        named.symlink_to(program)
    settings = CheckSettings("python", (str(named),))
    for root in (None, folder):
        with pytest.raises(CloisterError, match="lies in the folder that is open"):
            await checked_by_user(TWO, BODY, place(folder, root), [settings], unwatched)
    assert not (tmp_path / "ran").exists()
