"""What is kept between small updates makes them small, and leads to the same answers."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloister.workspace.index.catalogue import Catalogue
from cloister.workspace.index.schema import open_for_writing
from cloister.workspace.index.survey import survey_paths
from cloister.workspace.index.update import Workshop, update
from support.indexed import Planted, everything, plant


@dataclass(frozen=True)
class Keeper:
    """Takes in changes as an index worker does."""

    shop: Workshop
    catalogue: Catalogue

    def change(self, path: str, text: str | None) -> None:
        if text is None:
            (self.shop.root / path).unlink()
        else:
            plant(self.shop.root, {path: text})
        self.catalogue.note_changes([path])
        update(self.shop, survey_paths(self.shop.root, [path]))


@contextmanager
def keeper(planted: Planted) -> Iterator[Keeper]:
    with closing(open_for_writing(planted.database)) as connection:
        catalogue = Catalogue(planted.root, connection)
        yield Keeper(Workshop(planted.root, connection, catalogue=catalogue), catalogue)


FILES = {
    "app/main.ts": "import { used } from '@lib/used'\n",
    "one/used.ts": "export const used = 1\n",
    "two/used.ts": "export const used = 2\n",
    "tsconfig.json": '{"compilerOptions": {"paths": {"@lib/*": ["./one/*"]}}}',
}


@pytest.mark.parametrize(
    "changes",
    [
        [("one/used.ts", "export const used = 3\n")],
        [("two/new.ts", "export const fresh = 1\n"), ("app/main.ts", "import '../two/new'\n")],
        [("app/main.ts", "import './later'\n"), ("app/later.ts", "export const later = 1\n")],
        [("one/used.ts", None), ("app/other.ts", "import { used } from '@lib/used'\n")],
        [
            ("tsconfig.json", FILES["tsconfig.json"].replace("one", "two")),
            ("app/main.ts", "import { used } from '@lib/used' // again\n"),
        ],
    ],
    ids=["edited", "added", "imported before", "removed", "configured"],
)
def test_it_leads_to_what_a_build_finds(
    changes: list[tuple[str, str | None]], tmp_path: Path
) -> None:
    with Planted(tmp_path, FILES) as planted, Planted(tmp_path / "fresh", {}) as fresh:
        planted.build()
        with keeper(planted) as kept:
            for path, text in changes:
                kept.change(path, text)
        fresh.root.rmdir()
        fresh.root.symlink_to(planted.root)
        fresh.build()
        assert everything(planted.index) == everything(fresh.index)


def n_steps_of_an_update(n_files: int, folder: Path) -> int:
    """Return how many hundred steps of its machine SQLite takes for a saved file."""
    files = {
        f"pkg{n // 20}/f{n}.py": f"import os\ndef function{n}(): pass\n" for n in range(n_files)
    }
    with Planted(folder, files) as planted:
        planted.build()
        n_hundreds = 0

        def count() -> None:
            nonlocal n_hundreds
            n_hundreds += 1

        with keeper(planted) as kept:
            kept.change("pkg0/f0.py", "def before(): pass\n")
            kept.shop.connection.set_progress_handler(count, 100)
            kept.change("pkg0/f0.py", "import pkg0.f1\ndef edited(): pass\n")
        return n_hundreds


def test_a_saved_file_costs_no_more_in_a_large_workspace(tmp_path: Path) -> None:
    few, many = (n_steps_of_an_update(n, tmp_path / str(n)) for n in (20, 600))
    assert few > 0
    assert many <= few + 3
