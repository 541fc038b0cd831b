"""What a file begins with and has to go on beginning with: imports come below it.

A line for the system, a licence, what the whole file is called, what the compiler or interpreter is
told. A comment directly above other code belongs to that code.
"""

import re

from cloister.core.text import Text
from cloister.syntax.languages import Language

_MOST_CHARS = 20_000
_BLANK = re.compile(r"(?:[ \t]*+(?:\r\n?|\n))++")
_PACKAGE = r"package [^\r\n]*"
_DIRECTIVE = r"""["']use [a-z ]{1,40}["'];?"""
_GUARD = r"#pragma once|#ifndef (\w+)\r?\n#define \1\b[^\r\n]*"
_STATEMENTS = {
    "bash": r"(?:set|shopt) [^\r\n]*",
    "c": _GUARD,
    "cpp": _GUARD,
    "go": _PACKAGE,
    "java": _PACKAGE,
    "javascript": _DIRECTIVE,
    "kotlin": rf"{_PACKAGE}|@file:[^\r\n]*",
    "php": r"<\?php[^\r\n]*|declare\([^)\r\n]*\);|namespace [\w\\]+;",
    "python": r"""[rRuU]?(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"[^"\r\n]*"|'[^'\r\n]*')""",
    "ruby": r"#[^\r\n]*\b(?:frozen_string_literal|encoding):[^\r\n]*",
    "rust": r"//![^\r\n]*|#!\[[^\r\n]*\]",
    "scala": _PACKAGE,
    "tsx": _DIRECTIVE,
    "typescript": _DIRECTIVE,
}
_LINE_END = r"[ \t]*+(?:\r\n?|\n|\Z)"


def header_end(text: Text, language: Language) -> int:
    """Return the offset of the first line below the header, 0 without one."""
    source = text.value[:_MOST_CHARS]
    pattern = rf"\A#![^\[\r\n][^\r\n]*{_LINE_END}"
    if statement := _STATEMENTS.get(language.name):
        pattern += rf"|(?:{statement}){_LINE_END}"
    own, comment = re.compile(pattern, re.DOTALL), _comment(language)
    position = end = 0
    while position < len(source):
        if found := own.match(source, position):
            end = found.end()
        elif found := comment.match(source, position):
            stands_alone = _BLANK.match(source, found.end()) or found.end() == len(source)
            end = found.end() if stands_alone else end
        elif not (found := _BLANK.match(source, position)):
            break
        position = found.end()
    return end


def _comment(language: Language) -> re.Pattern[str]:
    """Return what finds comments in a row, whole lines of them."""
    kinds = [rf"(?:[ \t]*+{re.escape(language.line_comment)}[^\r\n]*+{_LINE_END})++"]
    if block := language.block_comment:
        opening, closing = map(re.escape, block)
        kinds.append(rf"{opening}.*?{closing}{_LINE_END}")
    return re.compile("|".join(kinds), re.DOTALL)
