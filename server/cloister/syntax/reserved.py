"""The words that a language keeps for itself, which are no names."""

import builtins
import re
from functools import cache

from cloister.syntax.languages import Language, grammar

_WORD = re.compile(r"[^\W\d]\w*")
# Words that only some grammars have as nodes of their own.
_LITERALS = frozenset(
    {"false", "nil", "none", "null", "self", "super", "this", "true", "undefined"}
)


@cache
def reserved_words(language: Language) -> frozenset[str]:
    """Return the keywords of a language, as its grammar has them, and the builtins of Python."""
    grammar_ = grammar(language)
    kinds = (
        grammar_.node_kind_for_id(number)
        for number in range(grammar_.node_kind_count)
        if grammar_.node_kind_is_visible(number) and not grammar_.node_kind_is_named(number)
    )
    keywords = frozenset(kind for kind in kinds if kind and _WORD.fullmatch(kind))
    own = frozenset(dir(builtins)) if language.name == "python" else frozenset()
    return keywords | _LITERALS | own
