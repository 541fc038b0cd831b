"""Documents: versions, loss and recovery, URIs, and files that are not what they seem."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cloister.core.errors import CloisterError
from cloister.core.text import Span, Text
from cloister.workspace import documents
from cloister.workspace.documents import DocumentStore, path_from_uri, read_document

URI = "file:///home/me/a.py"


def append(new: str) -> Callable[[Text], Text]:
    return lambda text: text.replace(Span(len(text), len(text)), new)


def opened(version: int = 1) -> DocumentStore:
    store = DocumentStore()
    store.open(URI, "python", version, "a")
    return store


def text_of(store: DocumentStore) -> str | None:
    document = store.get(URI)
    return None if document is None else document.text.value


def test_an_opened_document_has_a_path_a_language_and_a_version() -> None:
    document = opened(7).get(URI)
    assert document is not None
    assert document.path == Path("/home/me/a.py")
    assert (document.language_id, document.version) == ("python", 7)


def test_edits_with_newer_versions_apply_also_when_some_are_skipped() -> None:
    store = opened()
    assert store.edit(URI, 2, append("b"))
    assert store.edit(URI, 9, append("c"))
    assert text_of(store) == "abc"


def test_a_snapshot_does_not_change() -> None:
    store = opened()
    snapshot = store.get(URI)
    store.edit(URI, 2, append("b"))
    assert snapshot is not None
    assert snapshot.text.value == "a"


@pytest.mark.parametrize("version", [5, 4, -1])
def test_an_edit_that_is_not_newer_loses_the_document(version: int) -> None:
    store = opened(5)
    assert not store.edit(URI, version, append("b"))
    assert store.is_lost(URI)
    assert text_of(store) is None


def test_a_lost_document_takes_no_edits_until_its_whole_text_comes() -> None:
    store = opened(5)
    store.lose(URI)
    assert not store.edit(URI, 6, append("b"))
    assert store.resync(URI, 7, Text("whole"))
    assert text_of(store) == "whole"
    assert store.edit(URI, 8, append("!"))
    assert text_of(store) == "whole!"


def test_opening_again_finds_a_lost_document() -> None:
    store = opened(5)
    store.lose(URI)
    store.open(URI, "python", 1, "again")
    assert text_of(store) == "again"
    assert not store.is_lost(URI)


def test_documents_that_are_not_open_stay_unknown() -> None:
    store = DocumentStore()
    assert not store.edit(URI, 1, append("b"))
    assert not store.resync(URI, 1, Text("b"))
    store.lose(URI)
    store.close(URI)
    assert text_of(store) is None
    assert not store.is_lost(URI)


def test_a_closed_document_is_forgotten() -> None:
    store = opened()
    store.lose(URI)
    store.close(URI)
    assert text_of(store) is None
    assert not store.is_lost(URI)


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a.py", "/a.py"),
        ("FILE:///a.py", "/a.py"),
        ("file:/a.py", "/a.py"),
        ("file://localhost/a.py", "/a.py"),
        ("file:///with%20space/%C3%A9%F0%9F%92%A5.py", "/with space/é💥.py"),
        ("file:///raw é.py", "/raw é.py"),
        ("file:///percent%25.py", "/percent%.py"),
        ("file:///hash%23tag.py", "/hash#tag.py"),
        ("file:///not%FFutf8.py", os.fsdecode(b"/not\xffutf8.py")),
    ],
)
def test_file_uris_name_paths(uri: str, path: str) -> None:
    assert path_from_uri(uri) == Path(path)


@pytest.mark.parametrize(
    "uri",
    [
        "", "file:", "file://", "file:///", "file:///folder/", "file://host/a.py", "file:a.py",
        "file:///nul%00.py", "untitled:Untitled-1", "git:/a.py?ref", "/a.py", "file://[/a.py",
    ],
)  # fmt: skip
def test_other_uris_name_nothing(uri: str) -> None:
    assert path_from_uri(uri) is None


def test_a_file_is_read_as_an_editor_opens_it(tmp_path: Path) -> None:
    path = tmp_path / "ünïcode 💥.py"
    path.write_bytes("\ufeffa\r\nb\f\u2028\r".encode())
    document = read_document(path, "python")
    assert document.text.value == "a\r\nb\f\u2028\r"
    assert (document.path, document.language_id, document.version) == (path, "python", None)
    assert path_from_uri(document.uri) == path


def check_refused(path: Path, message: str) -> None:
    with pytest.raises(CloisterError, match=message) as caught:
        read_document(path)
    assert str(caught.value).startswith(str(path))


def test_what_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"a\0b")
    check_refused(path, "is not text")
    path.write_bytes("utf 16".encode("utf-16"))
    check_refused(path, "is not valid UTF-8|is not text")
    path.write_bytes(b"caf\xe9")
    check_refused(path, "is not valid UTF-8 at byte 3")


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    check_refused(tmp_path / "fifo", "not a regular file")
    check_refused(tmp_path, "Is a directory")
    check_refused(tmp_path / "missing", "No such file")
    check_refused(Path("/dev/zero"), "not a regular file")


def test_a_file_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"12345")
    monkeypatch.setattr(documents, "MAX_FILE_BYTES", 4)
    check_refused(path, "is larger than")
    path.write_bytes(b"1234")
    assert read_document(path).text.value == "1234"
