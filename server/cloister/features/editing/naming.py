"""One name out of what a model answers, in the case that the file uses, or a plain refusal.

A name is one word of ASCII letters, digits and underscores, unless the old one was more. Where the
model says something around it, it has to mark the name as code; everything else is asked again.
"""

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from itertools import takewhile

from cloister.core.edit import TextEdit
from cloister.core.errors import CloisterError
from cloister.core.outline import SymbolKind
from cloister.core.text import Span
from cloister.features.editing.answer import RefusedAnswerError, readable
from cloister.features.editing.checks import Promise
from cloister.features.editing.place import Place
from cloister.features.editing.rewriting import kept_edits
from cloister.features.editing.task import Naming, NewName
from cloister.syntax.bindings import bindings_at
from cloister.syntax.identifiers import identifiers_in
from cloister.syntax.reserved import reserved_words

NAME_FORM = "Answer with the new name only, one word, and nothing else."
MOST_NAME_TOKENS = 64
"""A few more than a name has: whoever explains it as well is understood, too."""

_RENAMED = Promise(signature=False)
_MOST_NAME_CHARS = 60
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ANY = re.compile(r"[^\W\d]\w*")
_MARKED = re.compile(
    r"`+([^`\s]+)`+|\*\*([^*\s]+)\*\*|[\"“]([^\"“”\s]+)[\"”]|^[ \t]*(\S+)[ \t]*$", re.MULTILINE
)
_FENCE_LINE = re.compile(r"^[ \t]*(?:```|~~~)[^`~\n]*$", re.MULTILINE)
_WORD = re.compile(r"(?:[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+)\d*|\d+")
_ENDS = "`\"'*“”.,:;()"


class Case(StrEnum):
    """How the words of a name are put together."""

    SNAKE = "snake"
    UPPER = "upper"
    CAMEL = "camel"
    PASCAL = "pascal"


_TYPES = frozenset({SymbolKind.CLASS, SymbolKind.ENUM, SymbolKind.INTERFACE, SymbolKind.TYPE})
_SNAKE_LANGUAGES = frozenset({"bash", "c", "cpp", "elixir", "lua", "php", "python", "ruby", "rust"})


def better_name(answer: str, naming: Naming, place: Place) -> NewName:
    """Return the name that an answer proposes, in the file's case.

    Raises RefusedAnswerError when there is none, more than one, or one that cannot be used here.
    """
    written = _written(answer, naming.name)
    name = in_case(written, naming.name, _case(naming, place))
    if name == naming.name:
        raise RefusedAnswerError("The model would keep the name; write another one by hand.")
    if len(name) > _MOST_NAME_CHARS or name in reserved_words(place.read.language):
        raise RefusedAnswerError(f"“{name[:_MOST_NAME_CHARS]}” cannot be a name here; try again.")
    if name in _known_names(naming, place):
        raise RefusedAnswerError(f"“{name}” is the name of something else here; try again.")
    return NewName(naming.written, name, kept_edits(_edits(naming, name), place, _RENAMED))


def require_local(naming: Naming, place: Place) -> None:
    """Raise CloisterError for a name that only a language server can change everywhere."""
    if naming.local is None or naming.local.doubt:
        language = place.read.language.name
        raise CloisterError(
            f"“{naming.name}” may be used in places that are not seen here; install a language "
            f"server for {language}, which renames it everywhere."
        )


def in_case(name: str, old: str, case: Case) -> str:
    """Return a name with its words joined as in `case`; underscores around `old` stay."""
    lead = "".join(takewhile(lambda char: char in "_$", old))
    tail = "_" * (len(old) - len(old.rstrip("_"))) if old.strip("_$") else ""
    words = _WORD.findall(name)
    match case:
        case Case.SNAKE:
            joined = "_".join(word.lower() for word in words)
        case Case.UPPER:
            joined = "_".join(word.upper() for word in words)
        case Case.PASCAL:
            joined = "".join(_capital(word) for word in words)
        case Case.CAMEL:
            joined = "".join(_capital(word) for word in words)
            joined = words[0].lower() + joined[len(words[0]) :] if words else ""
    return f"{lead}{joined}{tail}"


def case_of(name: str) -> Case | None:
    """Return how the words of a name are put together; None when it does not show."""
    bare = name.strip("_$")
    if "_" in bare and not bare.islower() and not bare.isupper():
        return None
    if "_" in bare:
        return Case.UPPER if bare.isupper() else Case.SNAKE
    if bare[:1].isupper():
        return Case.PASCAL if not bare.isupper() else (Case.UPPER if len(bare) > 1 else None)
    return Case.CAMEL if any(map(str.isupper, bare)) else None


def _written(answer: str, old: str) -> str:
    """Return the one name that an answer marks as code, or that it consists of."""
    text = _FENCE_LINE.sub("", readable(answer)).strip()
    allowed = _PLAIN if old.isascii() else _ANY
    whole = text.strip(_ENDS).strip()
    if allowed.fullmatch(whole):
        return whole
    marked = {(it[it.lastindex or 0]).strip(_ENDS) for it in _MARKED.finditer(text)}
    names = sorted(it for it in marked if allowed.fullmatch(it) and it != old)
    if len(names) != 1:
        several = "several names" if names else "no name"
        raise RefusedAnswerError(f"The model wrote {several}; try again.")
    return names[0]


def _case(naming: Naming, place: Place) -> Case:
    """Return the case of a name: as it shows, as its like in the file have it, as is custom."""
    shown = case_of(naming.name)
    if shown is not None:
        return shown
    language, kind = place.read.language.name, naming.kind
    if kind in _TYPES:
        return Case.PASCAL
    custom = Case.SNAKE if language in _SNAKE_LANGUAGES else Case.CAMEL
    usual = Counter(filter(None, map(case_of, _names_like(naming, place))))
    allowed = {Case.SNAKE, Case.CAMEL}
    best = max(sorted(usual.keys() & allowed), key=lambda it: usual[it], default=custom)
    # In Go the first letter says who may use a name.
    is_known_outside = language == "go" and naming.name[:1].isupper()
    return Case.PASCAL if is_known_outside else best


def _names_like(naming: Naming, place: Place) -> Iterable[str]:
    if naming.kind is None:
        return (it.name for it in identifiers_in(place.read.parsed, naming.span))
    return (it.name for it in place.read.outline.definitions if it.kind not in _TYPES)


def _edits(naming: Naming, name: str) -> tuple[TextEdit, ...]:
    """Return the edits that rename a local name; none where others may use it."""
    local = naming.local
    if local is None or local.doubt:
        return ()
    return tuple(
        TextEdit(it.span, f"{local.name}: {name}" if it.is_shorthand else name) for it in local.uses
    )


def _known_names(naming: Naming, place: Place) -> set[str]:
    """Return the names that a new one would clash with, or hide."""
    outline, parsed = place.read.outline, place.read.parsed
    scope = naming.local.scope if naming.local else Span(0, len(place.text))
    return {
        *(it.name for it in identifiers_in(parsed, scope)),
        *(it.name for it in outline.definitions if not it.container),
        *(it.alias or it.name or it.module for it in outline.imports),
        *(it.name for it in bindings_at(parsed, naming.written.start)),
    }


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:].lower()
