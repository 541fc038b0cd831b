"""However the index got where it is, it says what one that was built just now says."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloister.workspace.index import inversion, queue, update
from support.indexed import Planted, everything, plant

PATHS = ("a.py", "b.py", "pkg/__init__.py", "pkg/c.py")
TEXTS = (
    "",
    "def one(): pass\n",
    "import a\nclass Two(one):\n    def member(self): return one()\n",
    "from pkg import c\nfrom pkg.c import one\n",
    "from .c import *\nTHREE = one\n" + "x = one(two)\n" * 50,
)
EDITS = st.lists(
    st.tuples(st.sampled_from(PATHS), st.none() | st.sampled_from(TEXTS), st.booleans()),
    min_size=1,
    max_size=12,
)


def apply(root: Path, path: str, text: str | None, time_ns: int) -> None:
    if text is None:
        (root / path).unlink(missing_ok=True)
    else:
        plant(root, {path: text})
        # Times that are long past, so that they say for themselves what has changed.
        os.utime(root / path, ns=(time_ns, time_ns))


@given(EDITS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_small_updates_lead_to_what_a_build_finds(
    edits: list[tuple[str, str | None, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, Planted(Path(folder), {}) as planted:
        for number, (path, text, at_once) in enumerate(edits):
            apply(planted.root, path, text, 1_000_000_001 + number)
            if at_once:
                planted.refresh(path)
        planted.refresh(*PATHS)
        with Planted(Path(folder) / "fresh", {}) as fresh:
            fresh.root.rmdir()
            fresh.root.symlink_to(planted.root)
            fresh.refresh(*PATHS)
            assert everything(planted.index) == everything(fresh.index)


def test_what_a_file_leaves_behind_is_cleared_in_time(tmp_path: Path) -> None:
    small_blocks = 16
    with (
        patch.object(inversion, "BLOCK_CHUNKS", small_blocks),
        patch.object(update, "BLOCK_CHUNKS", small_blocks),
        patch.object(queue, "_MOST_FILES", 4),
        Planted(tmp_path, {f"f{n}.py": f"def f{n}(): pass\n" for n in range(20)}) as planted,
    ):
        planted.refresh(*(f"f{n}.py" for n in range(20)))
        for version in range(100):
            text = f"def edited{version}(): pass\n"
            apply(planted.root, "f3.py", text, 1_000_000_001 + version)
            planted.refresh("f3.py")
        with closing(sqlite3.connect(planted.database)) as connection:
            places = connection.execute("SELECT sum(length(alive)) FROM blocks").fetchone()[0]
        assert places < 4 * small_blocks
        assert planted.index.n_chunks == 20
        assert planted.index.files_using("edited99", 5) == ["f3.py"]
        assert planted.index.files_using("edited98", 5) == []
        assert planted.index.files_using("f7", 5) == ["f7.py"]
