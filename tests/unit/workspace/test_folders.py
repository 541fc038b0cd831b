from pathlib import Path

import pytest

from cloister.workspace.folders import WorkspaceFolders


@pytest.fixture
def folders() -> WorkspaceFolders:
    folders = WorkspaceFolders()
    folders.add(["file:///code", "file:///code/inner/", "untitled:folder"])
    return folders


@pytest.mark.parametrize(
    ("path", "root"),
    [
        ("/code/a.py", "/code"),
        ("/code/inner/a.py", "/code/inner"),
        ("/code/innermost/a.py", "/code"),
        ("/elsewhere/a.py", None),
    ],
)
def test_a_file_belongs_to_the_innermost_folder(
    folders: WorkspaceFolders, path: str, root: str | None
) -> None:
    assert folders.root_of(Path(path)) == (root and Path(root))


def test_a_document_that_is_no_file_belongs_nowhere(folders: WorkspaceFolders) -> None:
    assert folders.root_of(None) is None


def test_a_removed_folder_holds_nothing(folders: WorkspaceFolders) -> None:
    folders.remove(["file:///code/inner/", "file:///never"])
    assert folders.root_of(Path("/code/inner/a.py")) == Path("/code")
