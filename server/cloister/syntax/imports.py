"""What a file imports, from the matches of `imports.scm`."""

from collections.abc import Iterable, Sequence

from tree_sitter import Node

from cloister.core.outline import Import
from cloister.core.text import Span
from cloister.syntax.import_trees import names_in_tree
from cloister.syntax.queries import Captures
from cloister.syntax.tree import ParsedSource

MOST_IMPORTS = 5_000
MOST_MODULE_CHARS = 400

_QUOTES = "\"'`"


def imports_in(parsed: ParsedSource, found: Sequence[tuple[int, Captures]]) -> tuple[Import, ...]:
    """Return the imports among the matches, in the order of the text.

    A match without a name counts only where its statement takes no name from that module.
    """
    listed = _listed(found)
    by_statement: dict[int, list[tuple[int, Import]]] = {}
    for _, captures in found:
        if "import" in captures:
            statement = captures["import"][0]
            entries = by_statement.setdefault(statement.start_byte, [])
            taken = list(_imports(parsed, parsed.span(statement), captures))
            entries += taken
            if taken and "list" in captures:
                names = listed.get(captures["list"][0].id, ())
                entries += _from_list(parsed, taken[0][1], names)
    ordered = [each for start in sorted(by_statement) for each in _named(by_statement[start])]
    return tuple(dict.fromkeys(ordered))[:MOST_IMPORTS]


def _listed(found: Sequence[tuple[int, Captures]]) -> dict[int, list[Captures]]:
    """Return the names that stand in lists, by the number of the list's node."""
    listed: dict[int, list[Captures]] = {}
    for _, captures in found:
        if "listed" in captures:
            listed.setdefault(captures["list"][0].id, []).append(captures)
    return listed


def _from_list(
    parsed: ParsedSource, whole: Import, names: Iterable[Captures]
) -> Iterable[tuple[int, Import]]:
    """Return an import for each name of a list; `whole` is what the statement takes it from."""
    for captures in names:
        name, alias = _text(parsed, captures, "listed"), _text(parsed, captures, "alias")
        imported = Import(whole.module, name, alias if alias != name else "", whole.span)
        yield captures["listed"][0].start_byte, imported


def _named(entries: list[tuple[int, Import]]) -> list[Import]:
    ordered = [each for _, each in sorted(entries, key=lambda entry: entry[0])]
    named = {each.module for each in ordered if each.name or each.alias}
    return [each for each in ordered if each.name or each.alias or each.module not in named]


def _imports(parsed: ParsedSource, span: Span, captures: Captures) -> Iterable[tuple[int, Import]]:
    if "tree" in captures:
        start, end = captures["tree"][0].start_byte, captures["tree"][-1].end_byte
        tree = parsed.source[parsed.char(start) : parsed.char(end)]
        module = _module(_text(parsed, captures, "module"))
        for leaf in names_in_tree(tree, parsed.language.path_separator, module):
            yield start, Import(leaf.module, leaf.name, leaf.alias, span)
        return
    name = "*" if "wildcard" in captures else _text(parsed, captures, "name")
    module, alias = _module(_text(parsed, captures, "module")), _text(parsed, captures, "alias")
    if module or name:
        place = _first(captures, "name") or _first(captures, "module") or captures["import"][0]
        yield place.start_byte, Import(module, name, alias if alias != name else "", span)


def _first(captures: Captures, capture: str) -> Node | None:
    return next(iter(captures.get(capture, ())), None)


def _text(parsed: ParsedSource, captures: Captures, capture: str) -> str:
    node = _first(captures, capture)
    return parsed.text(node, MOST_MODULE_CHARS).strip() if node else ""


def _module(text: str) -> str:
    return "".join(text.split()).strip(_QUOTES)
