"""Whether names in a piece of code mean no more than its syntax says.

Macros, programs that read variables by their names, and code that is not understood may do anything
with them.
"""

import re

from tree_sitter import Node

from cloister.syntax.local_scopes import Doubt, DoubtError
from cloister.syntax.tree import ParsedSource

# Queries of other languages do not tell variables from the names of members and arguments.
SURE_LANGUAGES = frozenset(
    {"c", "cpp", "go", "java", "javascript", "lua", "python", "rust", "tsx", "typescript"}
)
_MOST_SCOPE_CHARS = 200_000
# What holds definitions that have nothing to do with each other.
_CONTAINER = re.compile(
    "translation_unit|declaration_list|program|module|source_file|chunk|preproc"
)
# By custom these are macros, which may use any name where they are expanded, or want a member.
_MACRO = re.compile(
    r"\b(?:[A-Z][A-Z0-9_]{2,}|container_of|(?:list|rb)_(?:\w+_)?entry\w*|\w*for_each_entry\w*)\s*\("
)
# These write code, or say the names of variables.
_RUST = re.compile(
    r"\b(?:quote|quote_spanned|parse_quote|stringify)!"
    r"|\b(?:trace|debug|info|warn|error|event|span|\w+_span)!\s*\(\s*[^\"\s)]"
)
_JAVASCRIPT = re.compile(r"\beval\s*\(|\bwith\s*\(")
# What reads variables by names that are not written here.
_READS_BY_NAME = {
    "c": _MACRO,
    "cpp": _MACRO,
    "javascript": _JAVASCRIPT,
    "python": re.compile(r"\b(?:locals|vars|eval|exec)\s*\("),
    "rust": _RUST,
    "tsx": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
}


def require_plain(parsed: ParsedSource, scope: Node) -> None:
    """Raise DoubtError for code in which names mean more than its syntax says."""
    language, span = parsed.language.name, parsed.span(scope)
    if language not in SURE_LANGUAGES:
        raise DoubtError(Doubt.LANGUAGE)
    reads, code = _READS_BY_NAME.get(language), parsed.source[span.start : span.end]
    if len(code) > _MOST_SCOPE_CHARS or _is_obscure(scope) or (reads and reads.search(code)):
        raise DoubtError


def _is_obscure(scope: Node) -> bool:
    """Return whether not all of the definition around a scope is understood."""
    # A declaration in C++ may name its parameters behind them.
    is_obscure = scope.type in {"parameter_list", "abstract_function_declarator"}
    outermost = scope
    while (around := outermost.parent) is not None and not _CONTAINER.search(around.type):
        is_obscure = is_obscure or _is_no_function(outermost)
        outermost = around
    return is_obscure or outermost.has_error or _is_no_function(outermost)


def _is_no_function(node: Node) -> bool:
    """Return whether a class of C++ is taken for a function, because a macro stands before it."""
    declarator = node.child_by_field_name("declarator")
    if node.type != "function_definition" or declarator is None:
        return False
    while declarator is not None and declarator.type != "function_declarator":
        declarator = next((it for it in declarator.named_children if "declar" in it.type), None)
    return declarator is None
