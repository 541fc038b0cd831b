"""Every folder under `grammars/`: its facts, its queries, and its cases.

After a change of queries `CLOISTER_UPDATE_CASES=1` rewrites what is expected; read the difference.
"""

import os
import re
from pathlib import Path, PurePath

import pytest

from cloister.core.outline import ReferenceKind, SymbolKind
from cloister.syntax.languages import (
    Language,
    all_languages,
    language_for_id,
    language_for_path,
    language_id_for_path,
    language_named,
)
from cloister.syntax.queries import query, query_source
from support.marked import CASES
from support.outlines import rendered

_LANGUAGES = {language.name: language for language in all_languages()}
_QUERIES = (
    "blocks",
    "comments",
    "definitions",
    "imports",
    "injections",
    "references",
    "scopes",
)
_CAPTURES = {
    "blocks": {"statement", "block"},
    "comments": {"comment", "documentation"},
    "definitions": {
        *(f"definition.{kind}" for kind in SymbolKind),
        *("extension", "name", "body", "base", "type", "value", "container"),
    },
    "imports": {"import", "module", "name", "alias", "wildcard", "tree", "list", "listed"},
    "injections": {"injection.content", "injection.language"},
    "references": {*(f"reference.{kind}" for kind in ReferenceKind), "receiver"},
    "scopes": {"scope", "binding", "type", "value"},
}
_PREDICATES = {"eq?", "not-eq?", "match?", "not-match?", "any-of?", "not-any-of?", "set!"}
_CASES = sorted((CASES / "languages").glob("*/*.outline"))
_SOURCES = sorted(
    path for path in (CASES / "languages").glob("*/*") if path.suffix not in {".outline", ".md"}
)


@pytest.fixture(params=_LANGUAGES.values(), ids=_LANGUAGES.keys())
def language(request: pytest.FixtureRequest) -> Language:
    value: Language = request.param
    return value


def test_a_folder_is_named_like_its_language(language: Language) -> None:
    assert language.folder.name == language.name
    assert language.language_ids
    assert all(re.fullmatch(r"\.[a-z0-9_+-]+", extension) for extension in language.extensions)
    assert not language.inherits or list((language.folder.parent / language.inherits).glob("*.scm"))


def test_no_name_belongs_to_two_languages() -> None:
    for facts in ("language_ids", "extensions", "filenames", "interpreters"):
        claimed = [name for language in all_languages() for name in getattr(language, facts)]
        assert len(claimed) == len(set(claimed)), facts


def test_every_query_compiles_and_uses_the_captures_of_the_contract(language: Language) -> None:
    assert query(language, "blocks") is not None
    assert {path.stem for path in language.folder.glob("*.scm")} <= set(_QUERIES)
    for name in _QUERIES:
        wanted = query(language, name)
        if wanted is not None:
            compiled = wanted.query
            captures = {compiled.capture_name(i) for i in range(compiled.capture_count)}
            assert {each for each in captures if each[0] != "_"} <= _CAPTURES[name], name
            predicates = set(re.findall(r"\(#([\w-]+[?!]?)", query_source(language, name)))
            assert predicates <= _PREDICATES, name


def test_every_language_has_a_case(language: Language) -> None:
    assert any(path.parent.name == language.name for path in _SOURCES)


@pytest.mark.parametrize("path", _SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_is_found_in_a_source(path: Path) -> None:
    found = rendered(path.read_bytes().decode("utf-8"), _LANGUAGES[path.parent.name])
    expected = path.with_name(f"{path.name}.outline")
    if os.environ.get("CLOISTER_UPDATE_CASES"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_every_expectation_has_a_source() -> None:
    assert [path for path in _CASES if not path.with_name(path.stem).is_file()] == []


def test_a_language_is_found_by_its_file() -> None:
    def name(path: str, first_line: str = "") -> str | None:
        found = language_for_path(PurePath(path), first_line)
        return found.name if found else None

    assert name("a/b.py") == name("a/B.PYI") == name("SConstruct") == "python"
    assert name("run", "#!/usr/bin/env python3\n") == "python"
    assert name("run", "#!/usr/bin/env -S python3.12 -u\n") == "python"
    assert name("run", "#! /opt/bin/python") == "python"
    assert name("run", "python") is None
    assert name("notes.unknown") is None
    assert language_for_id("python") == language_named("python")
    assert language_id_for_path(Path("a.py")) == "python"
    assert language_id_for_path(Path("a.unknown")) == "plaintext"
