"""What keeps a text, however wrong, from holding the process up while it is parsed and searched.

tree-sitter reads sensible text in a time that grows with its length. Text that is wrong everywhere
can take it minutes and gigabytes, in a last step that nothing can stop. So parsing stops after its
time, and after more steps than sensible text needs. Queries take quadratic time where an error
holds very many tokens. Somebody who means it can still write a text that passes: who parses files
that nobody chose should do it in a process whose memory is limited.
"""

import re
import time
from collections.abc import Callable

from tree_sitter import Node

from cloister.syntax.languages import Language

MOST_CHARS = 2_000_000
MOST_PARSE_MS = 2_000
MOST_FREE_STEPS = 1_000
MOST_TOKENS_IN_ERROR = 3_000

_STEPS_PER_CALL = 100
_MOST_LOOKED_AT = 100_000


def may_be_parsed(source: str, language: Language) -> bool:
    """Return whether the text may be given to the language's parser."""
    if len(source) > MOST_CHARS:
        return False
    unsafe = language.never_parsed
    return not unsafe or re.search(unsafe, source, re.MULTILINE) is None


def out_of_time(language: Language, n_bytes: int, most_ms: float) -> Callable[[int, bool], bool]:
    """Return what tree-sitter asks from time to time: whether it has to stop."""
    deadline = time.thread_time() + most_ms / 1000
    most_steps = MOST_FREE_STEPS + int(language.most_steps_per_byte * n_bytes)
    calls = iter(range(most_steps // _STEPS_PER_CALL))

    def is_over(_byte: int, _has_error: bool) -> bool:  # noqa: FBT001  # tree-sitter calls it
        return next(calls, None) is None or time.thread_time() > deadline

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
