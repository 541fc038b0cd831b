"""Where statements end: the question the completion's stop rule asks.

Offsets are code points in the given source. The source may be a fragment and may be wrong code;
tree-sitter recovers, and where it cannot tell, the answer is None and the caller uses indentation.
"""

from tree_sitter import Node, Parser, QueryCursor

from cloister.syntax.languages import Language, grammar, query


def statement_end(source: str, position: int, language: Language) -> int | None:
    """Return where the innermost statement that contains `position` ends.

    None when no statement contains it, when the statement is damaged, or when it still runs at the
    end of the source (nothing after it shows that it is complete).
    """
    encoded, statement = _statement_at(source, position, language)
    return _end_in(encoded, statement)


def block_end(source: str, position: int, language: Language) -> int | None:
    """Return where the block that begins with the statement at `position` ends.

    Where that statement is not the first of an indented block, its own end counts. None as above.
    """
    encoded, statement = _statement_at(source, position, language)
    if statement is not None and (block := statement.parent) is not None:
        byte_position = len(source[:position].encode("utf-8", "replace"))
        is_first = (
            block.parent is not None
            and block.named_child(0) == statement
            and statement.start_byte == byte_position
        )
        return _end_in(encoded, block if is_first else statement)
    return _end_in(encoded, statement)


def _statement_at(source: str, position: int, language: Language) -> tuple[bytes, Node | None]:
    encoded = source.encode("utf-8", "replace")
    byte_position = len(source[:position].encode("utf-8", "replace"))
    tree = Parser(grammar(language)).parse(encoded)
    cursor = QueryCursor(query(language, "blocks"))
    cursor.set_byte_range(byte_position, byte_position + 1)
    captures = cursor.captures(tree.root_node)
    return encoded, _innermost(captures.get("statement", []), byte_position)


def _end_in(encoded: bytes, node: Node | None) -> int | None:
    if node is None or node.type == "ERROR":
        return None
    end = node.start_byte + len(encoded[node.start_byte : node.end_byte].rstrip())
    if not encoded[end:].strip():
        return None
    return len(encoded[:end].decode("utf-8", "replace"))


def _innermost(statements: list[Node], byte_position: int) -> Node | None:
    around = [node for node in statements if node.start_byte <= byte_position < node.end_byte]
    return min(around, key=lambda node: node.end_byte - node.start_byte, default=None)
