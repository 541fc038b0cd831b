"""A database that cannot be trusted is thrown away and made again, without a word."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cloister.workspace.index.schema import open_for_writing
from support.indexed import Planted, everything

PAGE_BYTES = 4096


def overwrite(database: Path, first_page: int, n_pages: int, filling: bytes) -> None:
    with database.open("r+b") as file:
        file.seek(first_page * PAGE_BYTES)
        file.write(filling * (n_pages * PAGE_BYTES))


@pytest.mark.parametrize(
    "damage",
    [
        lambda database: database.write_bytes(b""),
        lambda database: database.write_bytes(b"no database at all"),
        lambda database: overwrite(database, 0, 1, b"\xff"),
        lambda database: overwrite(database, 3, 5, b"\xff"),
        lambda database: overwrite(database, 2, 12, b"\0"),
    ],
    ids=["empty", "text", "no header", "noise inside", "zeros inside"],
)
def test_a_damaged_database_is_made_again(damage: object, tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        before = everything(planted.index)
        planted.index.close()
        assert callable(damage)
        damage(planted.database)
        assert planted.build().indexed == 3
        assert everything(planted.index) == before


def test_one_of_another_version_is_made_again(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        with closing(sqlite3.connect(planted.database)) as connection:
            connection.execute("PRAGMA user_version = 999")
        assert planted.build().indexed == 3


def test_a_sound_one_is_kept(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        inode = planted.database.stat().st_ino
        with closing(open_for_writing(planted.database)) as connection:
            assert connection.execute("SELECT count(*) FROM files").fetchone() == (3,)
        assert planted.database.stat().st_ino == inode


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):  # noqa: PT011  # the system's own words
        open_for_writing(tmp_path / "file" / "index.sqlite")
