"""Where a project keeps the tests of a source file, seen from the files that it has.

Only names are looked at, of a bounded number of files, and nothing outside of the root counts:
a link that leads out of it could have a file written anywhere.
"""

import os
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path, PurePath

_MOST_NAMES = 1_000
_MOST_NAMES_BELOW = 2_000


@dataclass(frozen=True, slots=True)
class _Custom:
    """How test files of a language are called, the usual name first, and where they are.

    `{}` stands for the name of what is tested. Of `folders` the one that exists counts, else the
    first. `is_beside` says that tests stand beside what they test without any other custom.
    """

    names: tuple[str, ...]
    folders: tuple[str, ...] = ("tests", "test")
    is_beside: bool = False


_JAVASCRIPT = _Custom(("{}.test", "{}.spec"), is_beside=True)
_SUFFIXES_OF_JAVASCRIPT = frozenset({".cjs", ".cts", ".js", ".jsx", ".mjs", ".mts", ".ts", ".tsx"})
_OF_CLASSES = ("{}Test", "{}Tests", "{}Spec", "Test{}")
_UNDERSCORED = ("test_{}", "{}_test", "{}_tests", "{}Test")
_CUSTOMS = {
    "bash": _Custom(("{}", "test_{}", "{}_test"), ("test", "tests")),
    "c": _Custom(_UNDERSCORED),
    "c_sharp": _Custom(("{}Tests", "{}Test")),
    "cpp": _Custom(("{}_test", "test_{}", "{}_tests", "{}Test", "{}Tests")),
    "go": _Custom(("{}_test",), (), is_beside=True),
    "java": _Custom(_OF_CLASSES, ("test", "tests"), is_beside=True),
    "javascript": _JAVASCRIPT,
    "kotlin": _Custom(_OF_CLASSES, ("test", "tests"), is_beside=True),
    "lua": _Custom(("{}_spec", "test_{}", "{}_test"), ("spec", "tests", "test")),
    "php": _Custom(("{}Test",)),
    "python": _Custom(("test_{}", "{}_test")),
    "ruby": _Custom(("{}_spec", "{}_test", "test_{}"), ("spec", "test", "tests")),
    "scala": _Custom(("{}Spec", "{}Test", "{}Suite", "{}Tests"), ("test", "tests"), is_beside=True),
    "swift": _Custom(("{}Tests", "{}Test"), ("Tests",)),
    "tsx": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
}
_FOLDERS_OF_TESTS = frozenset({"Tests", "__tests__", "androidTest", "spec", "test", "tests"})
_PROJECTS_OF_TESTS = ("{}.Tests", "{}.UnitTests", "{}.Test", "{}Tests")


def new_test_file(path: Path, root: Path, language: str) -> Path | None:
    """Return the file where the tests of `path` would go.

    None when there are some already, when `path` holds tests itself, for languages without a
    custom of that kind, and for what is not below `root`.
    """
    custom = _CUSTOMS.get(language)
    if custom is None or not path.is_relative_to(root) or _holds_tests(path, root, custom):
        return None
    suffix = _suffix(path, language)
    twins = list(_twins(path, root))
    mirrors = [path.parent / "__tests__", *_mirrors(path, root, custom)]
    known = [path.parent] if _holds_any(path.parent, custom, suffix) else list(twins)
    for mirror in mirrors:
        # Beside each other is the custom, unless tests are elsewhere already.
        if _holds_any(mirror, custom, suffix) if custom.is_beside else mirror.is_dir():
            known.append(mirror)
    folder = known[0] if known else _usual_folder(path, root, custom)
    wanted = folder / f"{_usual_name(folder, root, custom, suffix).format(path.stem)}{suffix}"
    names = {f"{it.format(path.stem)}{suffix}" for it in (*custom.names, "{}")}
    others = (each / it for each in (path.parent, *twins, *mirrors) for it in names)
    is_there = any(it != path and it.exists() for it in (wanted, *others))
    return None if is_there or not _is_within(wanted, root) else wanted


def neighbouring_tests(file: Path, root: Path, language: str) -> Iterator[Path]:
    """Yield files of tests, those beside `file` first and then those in the folders around."""
    custom = _CUSTOMS[language]
    for folder in (file.parent, *file.parent.parents):
        if not folder.is_relative_to(root):
            return
        here = (it for it in _names(folder) if _pattern(it, custom, file.suffix))
        yield from (folder / it for it in here)


def _holds_tests(path: Path, root: Path, custom: _Custom) -> bool:
    stem = path.stem
    is_named_so = (
        stem.startswith("__")
        or stem.endswith(".d")
        or stem == "conftest"
        or any(_fits(stem, it) for it in custom.names if it != "{}")
    )
    folders = path.parent.relative_to(root).parts
    is_project = any(it.endswith((".Tests", ".UnitTests")) for it in folders)
    return is_named_so or is_project or not _FOLDERS_OF_TESTS.isdisjoint(folders)


def _suffix(path: Path, language: str) -> str:
    if language == "bash":
        return ".bats"
    is_header = path.suffix.startswith(".h")
    return {"c": ".c", "cpp": ".cpp"}.get(language, path.suffix) if is_header else path.suffix


def _usual_folder(path: Path, root: Path, custom: _Custom) -> Path:
    """Return where the tests go in a project that has none."""
    beside = path.parent / "__tests__"
    if custom.is_beside:
        return beside if beside.is_dir() else path.parent
    return root / custom.folders[0]


def _twins(path: Path, root: Path) -> Iterator[Path]:
    """Yield folders of tests that build tools know by the place of what is tested."""
    parts = path.parent.relative_to(root).parts
    for number, (part, following) in enumerate(pairwise(parts)):
        here = root.joinpath(*parts[:number])
        if part == "src" and following.lower().endswith("main"):
            tests = "test" if following == "main" else f"{following.removesuffix('Main')}Test"
            yield here / "src" / tests / Path(*parts[number + 2 :])
        elif part == "Sources":
            yield here / "Tests" / f"{following}Tests"
    for project in path.parents:
        if project == root or not project.is_relative_to(root):
            return
        around = (project.parent, root / "tests", root / "test")
        places = (it / name.format(project.name) for it in around for name in _PROJECTS_OF_TESTS)
        yield from (it for it in places if it.is_dir())


def _mirrors(path: Path, root: Path, custom: _Custom) -> Iterator[Path]:
    """Yield folders for tests that are built like the one of `path`, the likeliest first."""
    ancestors = [it for it in path.parents if it.is_relative_to(root)]
    for ancestor in ancestors:
        parts = path.parent.relative_to(ancestor).parts
        for name in custom.folders:
            base = ancestor / name
            if not base.is_dir():
                continue
            bases = (base / "unit", base / "Unit", base)
            for folder in bases:
                for left_out in range(len(parts)):
                    yield folder.joinpath(*parts[left_out:])
            yield from bases


def _usual_name(folder: Path, root: Path, custom: _Custom, suffix: str) -> str:
    """Return how tests are called most often in a folder, else anywhere, else by custom."""
    if len(custom.names) == 1:
        return custom.names[0]
    bases = [it for base in custom.folders if (it := root / base).is_dir()]
    around = root if custom.is_beside else (*bases, folder)[0]
    for names in (_names(folder), _names_below(around)):
        found = Counter(one for name in names if (one := _pattern(name, custom, suffix)))
        if found:
            return max(custom.names, key=lambda it: found[it])
    return custom.names[0]


def _holds_any(folder: Path, custom: _Custom, suffix: str) -> bool:
    return any(_pattern(name, custom, suffix) for name in _names(folder))


def _pattern(name: str, custom: _Custom, suffix: str) -> str | None:
    """Return which of the custom's names a file has; None for another file."""
    file = PurePath(name)
    suffixes = _SUFFIXES_OF_JAVASCRIPT if custom is _JAVASCRIPT else {suffix}
    if file.suffix not in suffixes:
        return None
    fitting = (it for it in custom.names if _fits(file.stem, it))
    return max(fitting, key=len, default=None)


def _fits(stem: str, name: str) -> bool:
    before, after = name.split("{}")
    rest = stem.removeprefix(before)
    is_whole_word = not before or before.endswith("_") or rest[:1].isupper()
    return (
        len(stem) > len(before + after)
        and stem.startswith(before)
        and stem.endswith(after)
        and is_whole_word
    )


def _is_within(path: Path, root: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


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
