"""A real run on a few files: what is counted, never how long it took."""

import asyncio
import sys
from pathlib import Path

from bench.index.measure import Extent, measure
from bench.index.rows import rows_of
from bench.index.tree import ensure_tree

SMALL = Extent(n_questions=4, n_saves=2, n_switched=30, n_warm_starts=1, quiet_seconds=0.05)


def test_everything_is_measured_and_the_folder_is_only_read(tmp_path: Path) -> None:
    root, scratch = ensure_tree(tmp_path, 50), tmp_path / "scratch"
    files = [path for path in root.rglob("*") if path.is_file()]
    before = {path: path.read_bytes() for path in files}
    scratch.mkdir()
    it = asyncio.run(measure(root, scratch, SMALL))
    sizes = [len(content) for path, content in before.items() if path.suffix not in {"", ".mod"}]
    assert [(each.n_files, each.n_bytes) for each in it.parses] == [(50, sum(sizes))] * 2
    assert it.cold.database_bytes > 0
    assert (it.memory is not None) == (sys.platform == "linux")
    assert [len(numbers) for numbers in (it.answers.similar_ms, it.answers.named_ms)] == [4, 4]
    assert (len(it.saved.visible_ms), it.switched.n_files) == (2, 30)
    assert len(rows_of(it)) == (14 if it.memory else 12)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
