from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.context.workspaces import OpenIndex, Workspaces, edit_between, path_below
from cloister.core.document import DocumentSnapshot
from cloister.core.text import Text
from cloister.workspace.activity import Diagnostic, Edit, View
from support.indexed import Planted

texts = st.text("ab\n", max_size=30)


def document(path: Path, text: str) -> DocumentSnapshot:
    return DocumentSnapshot(path.as_uri(), path, "python", 1, Text(text))


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    made = Planted(tmp_path)
    made.build()
    return made


@pytest.fixture
async def workspaces(planted: Planted) -> AsyncIterator[Workspaces]:
    async def close() -> None:
        planted.index.close()

    opened = Workspaces(lambda _root: OpenIndex(planted.index, close))
    yield opened
    await opened.close()


async def test_an_unsaved_document_stands_for_its_file(
    workspaces: Workspaces, planted: Planted
) -> None:
    path = planted.root / "shop/model.py"
    workspaces.edited(None, document(path, "class Unsaved: ...\n"))
    workspace = workspaces.at(planted.root)
    assert workspace is not None
    assert workspace.index.symbols_named(["Unsaved"], 1)
    workspaces.edited(None, document(path, "class Later: ...\n"))
    assert workspace.index.symbols_named(["Later"], 1)
    workspaces.closed(path.as_uri())
    assert workspace.index.symbols_named(["Item"], 1)
    assert not workspace.index.symbols_named(["Later"], 1)


@pytest.mark.parametrize("is_open_before", [True, False])
async def test_what_the_person_does_is_known_in_the_workspace(
    workspaces: Workspaces, planted: Planted, *, is_open_before: bool
) -> None:
    if is_open_before:
        workspaces.at(planted.root)
    path = planted.root / "shop/model.py"
    workspaces.edited(document(path, "a\nb\n"), document(path, "a\nc\n"))
    workspaces.viewed(path, 3, 9)
    workspaces.copied("text")
    workspaces.diagnosed(path, [Diagnostic(1, 1, "wrong")])
    workspaces.named_types(path, ["Item"])
    workspaces.viewed(Path("/elsewhere.py"), 0, 1)
    workspace = workspaces.at(planted.root)
    assert workspace is not None
    activity = workspace.activity
    assert activity.edits == (Edit("shop/model.py", 1, "b", "c"),)
    assert activity.views == (View("shop/model.py", 3, 9),)
    assert activity.clipboard == "text"
    assert activity.diagnostics == {"shop/model.py": (Diagnostic(1, 1, "wrong"),)}
    assert activity.type_names == {"shop/model.py": ("Item",)}


async def test_so_many_workspaces_and_no_more(workspaces: Workspaces) -> None:
    opened = [workspaces.at(Path(f"/root{n}")) for n in range(20)]
    assert opened[0] is not None
    assert opened[-1] is None


@pytest.mark.parametrize(
    ("path", "below"), [("/w/a/b.py", "a/b.py"), ("/elsewhere/b.py", None), (None, None)]
)
def test_the_path_from_the_root_on(path: str | None, below: str | None) -> None:
    place = Path(path) if path else None
    snapshot = DocumentSnapshot("uri", place, "python", 1, Text(""))
    assert path_below(Path("/w"), snapshot) == below


@given(texts, texts)
def test_an_edit_makes_one_text_of_the_other(old: str, new: str) -> None:
    edit = edit_between("a.py", Text(old), Text(new))
    if edit is None:
        assert old == new
        return
    lines = old.split("\n")
    n_replaced = edit.old.count("\n") + 1
    assert "\n".join(lines[edit.first_line : edit.first_line + n_replaced]) == edit.old
    lines[edit.first_line : edit.first_line + n_replaced] = edit.new.split("\n")
    assert "\n".join(lines) == new


async def test_nothing_of_a_denied_file_is_known(planted: Planted) -> None:
    async def close() -> None:
        planted.index.close()

    def opened(_root: Path) -> OpenIndex:
        return OpenIndex(planted.index, close)

    denied, path = planted.root / "shop/secret.py", planted.root / "shop/model.py"
    workspaces = Workspaces(opened, lambda file: file == denied)
    workspaces.at(planted.root)
    for file in (denied, path):
        workspaces.edited(None, document(file, "class Hidden:\n    pin = 1\n"))
        workspaces.edited(document(file, "a\n"), document(file, "class Hidden:\n    pin = 2\n"))
        workspaces.viewed(file, 0, 1)
        workspaces.diagnosed(file, [Diagnostic(0, 0, "wrong")])
        workspaces.named_types(file, ["Hidden"])
    workspace = workspaces.at(planted.root)
    assert workspace is not None
    found = workspace.index.symbols_named(["Hidden"], 5)
    assert [symbol.path for symbol in found] == ["shop/model.py"]
    activity = workspace.activity
    told = [*activity.edits, *activity.views]
    assert {each.path for each in told} == {"shop/model.py"}
    assert set(activity.diagnostics) == set(activity.type_names) == {"shop/model.py"}
    for copied, kept in (("text", "text"), ("pin = 2", ""), ("more", "more"), ("Hidden:", "")):
        workspaces.copied(copied)
        assert workspaces.at(planted.root).activity.clipboard == kept  # type: ignore[union-attr]  # open
    workspaces.closed(denied.as_uri())
    workspaces.copied("pin = 2")
    assert workspaces.at(planted.root).activity.clipboard == "pin = 2"  # type: ignore[union-attr]  # open
    await workspaces.close()
