"""The languages cloister can parse: one folder each under `grammars/`, found by discovery.

A folder holds `language.toml` (names, extensions, the grammar's package) and query files, which
`queries` compiles. Nothing is downloaded: grammars are wheels that were installed with cloister.
"""

import importlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from tree_sitter import Language as Grammar

_INSTALLED = Path(__file__).resolve().parent.parent / "grammars"
_CHECKOUT = Path(__file__).resolve().parents[3] / "grammars"
_INTERPRETER = re.compile(r"#!\s*(?:\S*/env(?:\s+-\S+)*\s+)?(?:\S*/)?([A-Za-z_+]+)")


@dataclass(frozen=True, slots=True)
class Language:
    """One language; the keys are explained in `grammars/README.md`.

    `folder` holds its queries. `inherits` names the language whose queries come before its own.
    A text in which the regular expression `never_parsed` is found would crash the grammar.
    `block_comment` holds what opens and what closes a comment, or nothing.
    """

    name: str
    language_ids: tuple[str, ...]
    extensions: frozenset[str]
    filenames: frozenset[str]
    interpreters: frozenset[str]
    grammar_package: str
    grammar_function: str
    line_comment: str
    block_comment: tuple[str, ...]
    path_separator: str
    inherits: str
    never_parsed: str
    folder: Path


@cache
def all_languages() -> tuple[Language, ...]:
    """Return every language with a folder under `grammars/`, by name."""
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return tuple(_read(path) for path in sorted(folder.glob("*/language.toml")))


@cache
def language_named(name: str) -> Language | None:
    """Return the language whose folder is called `name`."""
    return next((lang for lang in all_languages() if lang.name == name), None)


@cache
def language_for_id(language_id: str) -> Language | None:
    """Return the language the editor calls `language_id`; None when cloister has no grammar."""
    return next((lang for lang in all_languages() if language_id in lang.language_ids), None)


def language_for_path(path: PurePath, first_line: str = "") -> Language | None:
    """Return the language of a file by its name, else by the program in its `#!` line."""
    return _language_for_name(path.name) or _language_for_interpreter(first_line)


def language_id_for_path(path: PurePath) -> str:
    """Return the language id that an editor would give the file; `plaintext` when unknown."""
    language = language_for_path(path)
    return language.language_ids[0] if language else "plaintext"


@cache
def grammar(language: Language) -> Grammar:
    """Return the compiled grammar of the language."""
    package = importlib.import_module(language.grammar_package)
    return Grammar(getattr(package, language.grammar_function)())


def _language_for_name(filename: str) -> Language | None:
    names, extensions = _names_and_extensions()
    return names.get(filename) or extensions.get(PurePath(filename).suffix.lower())


def _language_for_interpreter(first_line: str) -> Language | None:
    found = _INTERPRETER.match(first_line[:200])
    if not found:
        return None
    program = found[1]
    return next((lang for lang in all_languages() if program in lang.interpreters), None)


@cache
def _names_and_extensions() -> tuple[dict[str, Language], dict[str, Language]]:
    languages = all_languages()
    return (
        {name: language for language in languages for name in language.filenames},
        {extension: language for language in languages for extension in language.extensions},
    )


def _read(path: Path) -> Language:
    facts: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return Language(
        name=facts["name"],
        language_ids=tuple(facts["language_ids"]),
        extensions=frozenset(facts["extensions"]),
        filenames=frozenset(facts.get("filenames", ())),
        interpreters=frozenset(facts.get("interpreters", ())),
        grammar_package=facts["grammar_package"],
        grammar_function=facts.get("grammar_function", "language"),
        line_comment=facts.get("line_comment", ""),
        block_comment=tuple(facts.get("block_comment", ())),
        path_separator=facts.get("path_separator", "."),
        inherits=facts.get("inherits", ""),
        never_parsed=facts.get("never_parsed", ""),
        folder=path.parent,
    )
