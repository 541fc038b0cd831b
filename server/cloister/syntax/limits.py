"""What keeps a text, however wrong, from holding the process up while it is parsed and searched.

tree-sitter reads sensible text in a time that grows with its length. Text that is wrong everywhere
can take it minutes and gigabytes, in one last step that nothing can stop. Such text takes many
steps before, so parsing stops where there were more than sensible text needs, and after its time.
Queries take quadratic time where an error holds very many tokens. Somebody who means it may still
find a text that passes: who parses files that nobody chose should do it in a process whose memory
is limited.
"""

import re
import time
from collections.abc import Callable

from tree_sitter import Node

from cloister.syntax.languages import Language

MOST_CHARS = 2_000_000
MOST_PARSE_MS = 2_000
MOST_TOKENS_IN_ERROR = 3_000

_STEPS_PER_CALL = 100
_CALLS_PER_LOOK = 32
# Of 4,500 real files in 25 languages one takes more (3.1) and three more than 1.6. Short texts that
# take minutes and gigabytes when they are repeated were found from 2.2 on.
_FREE_STEPS = 1_000
_MOST_STEPS_PER_BYTE = 2.1
# A table of single digits has a token in every byte, which takes up to 10.
_MOST_STEPS_PER_BYTE_OF_TABLE = 12.0
_BYTES_OF_TABLES = b"0123456789, \t\r\n"
_MOST_OTHERS_IN_TABLE = 0.4
_MOST_LOOKED_AT = 100_000


def may_be_parsed(source: str, language: Language) -> bool:
    """Return whether the text may be given to the language's parser."""
    if len(source) > MOST_CHARS:
        return False
    unsafe = language.never_parsed
    return not unsafe or re.search(unsafe, source, re.MULTILINE) is None


def out_of_time(encoded: bytes, most_ms: float) -> Callable[[int, bool], bool]:
    """Return what tree-sitter asks from time to time: whether it has to stop."""
    deadline = time.thread_time() + most_ms / 1000
    n_calls = 0
    most_steps_per_byte = _MOST_STEPS_PER_BYTE

    def is_over(byte: int, _has_error: bool) -> bool:  # noqa: FBT001  # tree-sitter calls it
        nonlocal n_calls, most_steps_per_byte
        n_calls += 1
        # Asking for the time takes longer than all the rest.
        if n_calls % _CALLS_PER_LOOK == 0 and time.thread_time() > deadline:
            return True
        n_steps = n_calls * _STEPS_PER_CALL - _FREE_STEPS
        if n_steps > most_steps_per_byte * byte and _is_table(encoded):
            most_steps_per_byte = _MOST_STEPS_PER_BYTE_OF_TABLE
        return n_steps > most_steps_per_byte * byte

    return is_over


def is_rubble(root: Node) -> bool:
    """Return whether an error holds so many tokens that queries would take too long."""
    damaged = [root] if root.has_error else []
    n_looked_at = 0
    while damaged and n_looked_at < _MOST_LOOKED_AT:
        node = damaged.pop()
        n_looked_at += node.child_count
        if node.is_error and node.child_count - node.named_child_count > MOST_TOKENS_IN_ERROR:
            return True
        damaged += [child for child in node.children if child.has_error]
    return False


def _is_table(encoded: bytes) -> bool:
    n_others = len(encoded.translate(None, _BYTES_OF_TABLES))
    return n_others < _MOST_OTHERS_IN_TABLE * len(encoded)
