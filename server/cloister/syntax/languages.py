"""The languages cloister can parse: one folder each under `grammars/`, found by discovery.

A folder holds `language.toml` (names, extensions, the grammar's package) and query files. Nothing
is downloaded: grammars are wheels that were installed with cloister.
"""

import importlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tree_sitter import Language as Grammar
from tree_sitter import Query

_INSTALLED = Path(__file__).resolve().parent.parent / "grammars"
_CHECKOUT = Path(__file__).resolve().parents[3] / "grammars"


@dataclass(frozen=True, slots=True)
class Language:
    """One language; `folder` holds its queries."""

    name: str
    language_ids: frozenset[str]
    extensions: frozenset[str]
    grammar_package: str
    line_comment: str
    folder: Path


@cache
def all_languages() -> tuple[Language, ...]:
    """Return every language with a folder under `grammars/`, by name."""
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return tuple(_read(path) for path in sorted(folder.glob("*/language.toml")))


@cache
def language_for_id(language_id: str) -> Language | None:
    """Return the language the editor calls `language_id`; None when cloister has no grammar."""
    return next((lang for lang in all_languages() if language_id in lang.language_ids), None)


def language_id_for_path(path: Path) -> str:
    """Return the language id that an editor would give the file; `plaintext` when unknown."""
    suffix = path.suffix.lower()
    for language in all_languages():
        if suffix in language.extensions:
            return language.name
    return "plaintext"


@cache
def grammar(language: Language) -> Grammar:
    """Return the compiled grammar of the language."""
    return Grammar(importlib.import_module(language.grammar_package).language())


@cache
def query(language: Language, name: str) -> Query:
    """Return the query `name` (such as `blocks`) of the language; raises OSError without one."""
    source = (language.folder / f"{name}.scm").read_text(encoding="utf-8")
    return Query(grammar(language), source)


def _read(path: Path) -> Language:
    facts = tomllib.loads(path.read_text(encoding="utf-8"))
    return Language(
        name=facts["name"],
        language_ids=frozenset(facts["language_ids"]),
        extensions=frozenset(facts["extensions"]),
        grammar_package=facts["grammar_package"],
        line_comment=facts["line_comment"],
        folder=path.parent,
    )
