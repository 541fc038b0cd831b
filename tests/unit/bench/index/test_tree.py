"""The tree that we write is code of several languages, and the same each time."""

from itertools import groupby
from pathlib import Path, PurePosixPath
from statistics import fmean

import pytest

from bench.index.tree import ensure_tree, place_of, tree_files
from cloister.core.outline import FileOutline
from cloister.syntax.languages import language_for_path
from cloister.syntax.outline import outline_of
from cloister.syntax.tree import parse
from cloister.workspace.files.content import source_text
from cloister.workspace.files.walk import walk
from cloister.workspace.imports import Project, resolve
from cloister.workspace.index.extract import facts_of
from cloister.workspace.index.words import count_terms

# A folder of each language, and a second one of the first.
N_FILES = 220
FILES = dict(tree_files(N_FILES))
SOURCES = {place_of(number, 0).path: number for number in range(N_FILES)}
SUFFIXES = {".go", ".java", ".py", ".rs", ".ts"}


def outline_at(path: str) -> FileOutline:
    language = language_for_path(PurePosixPath(path))
    assert language is not None
    return outline_of(parse(FILES[path], language))


def first_of_each_language() -> list[str]:
    by_suffix = sorted(SOURCES, key=lambda path: (PurePosixPath(path).suffix, SOURCES[path]))
    groups = groupby(by_suffix, key=lambda path: PurePosixPath(path).suffix)
    return [next(paths) for _, paths in groups]


def test_every_file_is_another_one() -> None:
    assert len(SOURCES) == N_FILES
    assert {PurePosixPath(path).suffix for path in SOURCES} == SUFFIXES
    assert len({FILES[path] for path in SOURCES}) == N_FILES


def test_a_smaller_tree_is_the_beginning_of_a_larger_one() -> None:
    assert dict(tree_files(30)).items() <= FILES.items()


def test_another_seed_is_another_tree() -> None:
    assert (
        dict(tree_files(30, seed=1))
        .items()
        .isdisjoint({path: FILES[path] for path in SOURCES}.items())
    )


def test_the_index_takes_every_file() -> None:
    taken = [path for path in SOURCES if isinstance(source_text(path, FILES[path].encode()), str)]
    assert len(taken) == N_FILES


@pytest.mark.parametrize("path", first_of_each_language())
def test_files_are_code_of_their_language(path: str) -> None:
    language = language_for_path(PurePosixPath(path))
    assert language is not None
    assert not parse(FILES[path], language).root.has_error
    names = {definition.name for definition in outline_at(path).definitions}
    assert place_of(SOURCES[path], 0).type in names
    assert len(names) > 3


# Rust's lead to a crate, and the tree is none.
@pytest.mark.parametrize("suffix", sorted(SUFFIXES - {".rs"}))
def test_imports_lead_to_other_files(suffix: str) -> None:
    project = Project(FILES.keys(), FILES.get)
    paths = [path for path in SOURCES if path.endswith(suffix)]
    language = language_for_path(PurePosixPath(suffix.replace(".", "any.")))
    assert language is not None
    targets = [
        set(resolve(imported, path, language.name, project))
        for path in paths
        for imported in outline_at(path).imports
    ]
    assert len(targets) > len(paths)
    assert all(target & SOURCES.keys() for target in targets)


def test_files_are_as_dense_as_real_code() -> None:
    facts = [facts_of(path, FILES[path]) for path in SOURCES]
    n_chars = sum(len(FILES[path]) for path in SOURCES)
    words = [len(count_terms(chunk.text)) for each in facts for chunk in each.chunks]
    # Real projects have 46 to 56 words in a chunk and 1.6 to 3.3 symbols in a kilobyte.
    assert 45 < fmean(words) < 60
    assert 1.6 < 1000 * sum(len(each.symbols) for each in facts) / n_chars < 3.3
    assert 5_000 < n_chars / N_FILES < 12_000


def test_a_tree_is_written_once(tmp_path: Path) -> None:
    root = ensure_tree(tmp_path, 30)
    assert {entry.path for entry in walk(root)} == {place_of(n, 0).path for n in range(30)}
    (root / "kept").touch()
    assert ensure_tree(tmp_path, 30) == root
    assert (root / "kept").exists()


def test_a_tree_that_was_left_half_written_is_written_anew(tmp_path: Path) -> None:
    partial = ensure_tree(tmp_path, 30)
    partial.rename(partial.with_suffix(".partial"))
    (partial.with_suffix(".partial") / "stray").touch()
    root = ensure_tree(tmp_path, 30)
    assert not (root / "stray").exists()
    assert len(list(walk(root))) == 30
