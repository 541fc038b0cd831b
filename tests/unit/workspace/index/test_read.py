"""What the read side answers, also while the database is missing, broken or made anew."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from cloister.workspace.index.records import ChunkHit
from cloister.workspace.index.schema import discard
from support.indexed import PACKAGE, Planted, everything, plant

NESTED = "class Outer:\n    class Inner:\n        def member(self): pass\n"


@pytest.mark.parametrize(
    ("container", "path", "members"),
    [
        ("Outer", None, ["Inner"]),
        ("Inner", None, ["member", "member"]),
        ("Outer.Inner", None, ["member"]),
        ("Outer.Inner", "b.py", []),
        ("Inner", "b.py", ["member"]),
        ("ter.Inner", None, []),
        ("", None, []),
        ("%", None, []),
    ],
)
def test_members(container: str, path: str | None, members: list[str], tmp_path: Path) -> None:
    files = {"a.py": NESTED, "b.py": "class Inner:\n    def member(self): pass\n"}
    with Planted(tmp_path, files) as planted:
        planted.build()
        assert [each.name for each in planted.index.members_of(container, path)] == members


def test_the_chunk_with_most_and_rarest_words_comes_first(tmp_path: Path) -> None:
    files = {
        "common.py": "value = 1\nvalue = value\n",
        "rare.py": "value = special_case()\n",
        "other.py": "value = 3\n",
    }
    with Planted(tmp_path, files) as planted:
        planted.build()
        hits = planted.index.similar(["value", "special_case"], 2)
        assert [hit.path for hit in hits] == ["rare.py", "common.py"]
        assert hits[0] == ChunkHit("rare.py", 0, 1, hits[0].score)
        weighed = planted.index.similar({"value": 1.0, "special_case": 0.0}, 1)
        assert [hit.path for hit in weighed] == ["common.py"]
        assert planted.index.document_frequency(["value", "special", "nothing"]) == {
            "value": 3,
            "special": 1,
            "nothing": 0,
        }


def test_hidden_files_leave_room_for_others(tmp_path: Path) -> None:
    files = {f"f{n:02}.py": "common_name = 1\n" for n in range(40)}
    with Planted(tmp_path, files) as planted:
        planted.build()
        hits = planted.index.similar(["common_name"], 2, exclude=sorted(files)[:30])
        assert [hit.path for hit in hits] == ["f30.py", "f31.py"]


def test_no_more_than_asked_for(tmp_path: Path) -> None:
    with Planted(tmp_path, {f"f{n}.py": "def same(): pass\n" for n in range(5)}) as planted:
        planted.build()
        assert len(planted.index.symbols_named(["same", "missing"], 2)) == 2
        assert len(planted.index.similar(["same"], 3)) == 3
        assert len(planted.index.files_using("same", 4)) == 4
        assert len(planted.index.recent_files(1)) == 1
        assert planted.index.similar(["same"], 0) == []


def test_there_are_no_answers_before_there_is_a_database(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        index = planted.index
        assert index.symbols_named(["Item"], 5) == index.symbols_in("shop/model.py") == []
        assert index.similar(["price"], 5) == index.files_using("price", 5) == []
        assert index.imports_of("a.py") == index.importers_of("a.py") == index.members_of("A") == []
        assert index.co_changed("a.py", 5) == index.recent_files(5) == []
        assert index.document_frequency(["price"]) == {"price": 0}
        assert index.n_chunks == 0
        assert index.text_of("shop/model.py") == PACKAGE["shop/model.py"]


def test_the_same_index_is_there_as_soon_as_there_is_one(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        assert planted.index.symbols_named(["Item"], 5) == []
        planted.build()
        assert len(planted.index.symbols_named(["Item"], 5)) == 1


def test_a_database_that_is_made_anew_is_found(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        before = everything(planted.index)
        discard(planted.database)
        assert planted.index.symbols_named(["Item"], 5) == []
        planted.build()
        assert everything(planted.index) == before


@pytest.mark.parametrize("garbage", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 9000])
def test_a_broken_database_answers_nothing(garbage: bytes, tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.database.parent.mkdir()
        planted.database.write_bytes(garbage)
        assert planted.index.symbols_named(["Item"], 5) == []
        assert planted.index.similar(["price"], 5) == []


def test_an_index_of_another_version_answers_nothing(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        with closing(sqlite3.connect(planted.database)) as connection:
            connection.execute("PRAGMA user_version = 999")
        planted.index.close()
        assert planted.index.symbols_named(["Item"], 5) == []


def test_all_threads_get_the_same_answers(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        expected = everything(planted.index)
        found: list[object] = []
        threads = [
            threading.Thread(target=lambda: found.append(everything(planted.index)))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [expected] * 4


def test_texts_are_read_again_when_files_change(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        assert planted.index.text_of("shop/model.py") == PACKAGE["shop/model.py"]
        plant(planted.root, {"shop/model.py": "other = 1\n"})
        assert planted.index.text_of("shop/model.py") == "other = 1\n"
        (planted.root / "shop/model.py").unlink()
        assert planted.index.text_of("shop/model.py") is None
        assert planted.index.text_of("../outside.py") is None
        assert planted.index.text_of("a\0b.py") is None
