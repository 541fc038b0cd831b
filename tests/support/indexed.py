"""Workspaces of a few files and their indexes; what an index says, as plain data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from cloister.workspace.index.build import build, refresh
from cloister.workspace.index.read import Index
from cloister.workspace.index.records import IndexSummary

PACKAGE = {
    "shop/__init__.py": "",
    "shop/model.py": (
        '"""What is sold."""\n\n\n'
        "class Item:\n"
        '    """One thing that has a price."""\n\n'
        "    price: int = 0\n\n"
        "    def double_price(self) -> int:\n"
        "        return 2 * self.price\n"
    ),
    "shop/basket.py": (
        "from shop.model import Item\n\n\n"
        "def total_price(items: list[Item]) -> int:\n"
        "    return sum(item.double_price() for item in items)\n"
    ),
}


def plant(root: Path, files: Mapping[str, str]) -> None:
    """Write files with these texts below the root."""
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


class Planted:
    """A workspace in a folder of its own, and its index beside it."""

    def __init__(self, folder: Path, files: Mapping[str, str] | None = None) -> None:
        self.root = folder / "root"
        self.root.mkdir(parents=True, exist_ok=True)
        self.database = folder / "cache" / "index.sqlite"
        self.index = Index.open(self.database, self.root)
        plant(self.root, PACKAGE if files is None else files)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.index.close()

    def build(self) -> IndexSummary:
        """Bring the whole index up to date."""
        return build(self.root, self.database)

    def refresh(self, *paths: str) -> IndexSummary:
        """Bring some files up to date."""
        return refresh(self.root, self.database, paths)


def everything(index: Index) -> dict[str, Any]:
    """Return what the index says of its files, in an order that tells nothing of how it came."""
    paths = sorted(index.recent_files(10_000))
    names = sorted({symbol.name for path in paths for symbol in index.symbols_in(path)})
    return {
        "paths": paths,
        "symbols": {path: index.symbols_in(path) for path in paths},
        "imports": {path: index.imports_of(path) for path in paths},
        "importers": {path: index.importers_of(path) for path in paths},
        "users": {name: index.files_using(name, 1_000) for name in names},
        "chunks": index.n_chunks,
        # Scores also count what is gone, until its block is cleared.
        "similar": {
            name: sorted((hit.path, hit.first_line) for hit in index.similar([name], 1_000))
            for name in names
        },
    }
