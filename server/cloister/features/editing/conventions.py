"""Where a project keeps the tests of a source file, seen from the files that it has.

Only names are looked at, of a bounded number of files, and nothing outside of the root counts:
a link that leads out of it could have a file written anywhere.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

_TEST_FOLDERS = ("tests", "test")
_MOST_NAMES = 1_000
_MOST_NAMES_BELOW = 2_000


def new_test_file(path: Path, root: Path, language: str) -> Path | None:
    """Return the file where the tests of `path` would go.

    None when there are some already, when `path` holds tests itself, for languages without a
    custom of that kind, and for what is not below `root`.
    """
    custom = _CUSTOMS.get(language)
    if custom is None or not path.is_relative_to(root) or _holds_tests(path, root):
        return None
    wanted, *others = custom(path, root)
    if any(it.exists() for it in (wanted, *others)) or not _is_within(wanted, root):
        return None
    return wanted


def _holds_tests(path: Path, root: Path) -> bool:
    stem = path.stem
    is_named_so = (
        stem.startswith(("test_", "__"))
        or stem.endswith(("_test", ".test", ".spec", ".d"))
        or stem == "conftest"
    )
    folders = path.parent.relative_to(root).parts
    return is_named_so or not {*_TEST_FOLDERS, "__tests__"}.isdisjoint(folders)


def _is_within(path: Path, root: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _python(path: Path, root: Path) -> Iterator[Path]:
    """Yield where the tests should be, and then where they might be."""
    usual, other = f"test_{path.stem}.py", f"{path.stem}_test.py"
    names = _names(path.parent)
    if any(it.startswith("test_") and it.endswith(".py") for it in names):
        yield path.with_name(usual)
    elif any(it.endswith("_test.py") for it in names):
        yield path.with_name(other)
    mirrors = list(_mirrors(path, root))
    yield next((it for it in mirrors if it.is_dir()), root / "tests") / usual
    for folder in (path.parent, *mirrors):
        yield folder / usual
        yield folder / other


def _javascript(path: Path, root: Path) -> Iterator[Path]:
    """Yield where the tests should be, and then where they might be."""
    beside, mirrors = path.parent / "__tests__", [it for it in _mirrors(path, root) if it.is_dir()]
    folders = [path.parent, beside, *mirrors]
    known = next((it for it in folders if any(map(_infix, _names(it)))), None)
    infix = _common_infix(_names(known) if known else _names_below(root)) or ".test"
    usual = f"{path.stem}{infix}{path.suffix}"
    yield (known or (beside if beside.is_dir() else path.parent)) / usual
    for folder in folders:
        for each in (".test", ".spec", ""):
            if each or folder != path.parent:
                yield folder / f"{path.stem}{each}{path.suffix}"


def _go(path: Path, _root: Path) -> Iterator[Path]:
    yield path.with_name(f"{path.stem}_test.go")


def _mirrors(path: Path, root: Path) -> Iterator[Path]:
    """Yield folders for tests that are built like the one of `path`, the likeliest first."""
    ancestors = [it for it in path.parents if it.is_relative_to(root)]
    for ancestor in ancestors:
        parts = path.parent.relative_to(ancestor).parts
        for name in _TEST_FOLDERS:
            base = ancestor / name
            if not base.is_dir():
                continue
            for folder in (base / "unit", base):
                for left_out in range(len(parts)):
                    yield folder.joinpath(*parts[left_out:])
            yield from (base / "unit", base)


def _infix(name: str) -> str:
    """Return how a file of tests is marked before its extension, empty for another file."""
    infix = Path(Path(name).stem).suffix
    return infix if infix in {".test", ".spec"} else ""


def _common_infix(names: list[str]) -> str:
    infixes = [infix for name in names if (infix := _infix(name))]
    return max(sorted(set(infixes)), key=infixes.count, default="")


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(it.name for it in islice(entries, _MOST_NAMES))
    except OSError:
        return []


def _names_below(root: Path) -> list[str]:
    """Return names of files and folders below the root, those further up first."""
    names: list[str] = []
    waiting = deque([root])
    while waiting and len(names) < _MOST_NAMES_BELOW:
        folder = waiting.popleft()
        here = [it for it in _names(folder) if it != "node_modules" and it[0] != "."]
        names += here
        # A folder has seldom an extension, and a file without one holds no tests.
        waiting.extend(folder / it for it in here if "." not in it)
    return names


_CUSTOMS: dict[str, Callable[[Path, Path], Iterator[Path]]] = {
    "go": _go,
    "javascript": _javascript,
    "python": _python,
    "tsx": _javascript,
    "typescript": _javascript,
}
