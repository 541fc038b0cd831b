"""What has to hold of a document after an edit; each check is a sentence when it does not.

The text is parsed as it would be, never as the model says it is.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cloister.core.outline import Definition, SymbolKind
from cloister.core.text import Span
from cloister.syntax.comments import comments_in
from cloister.syntax.errors import syntax_errors
from cloister.syntax.languages import Language
from cloister.syntax.outline import outline_of
from cloister.syntax.tree import ParsedSource, parse

_LASTING = frozenset(
    {
        SymbolKind.CLASS,
        SymbolKind.ENUM,
        SymbolKind.FUNCTION,
        SymbolKind.INTERFACE,
        SymbolKind.METHOD,
        SymbolKind.TYPE,
    }
)


@dataclass(frozen=True, slots=True)
class Promise:
    """What an edit may not do, beside breaking the syntax.

    `signature` and `comments` have to stay, `definitions` says that the edited range defines
    exactly what it defined before.
    """

    signature: bool = True
    comments: bool = True
    definitions: bool = True


@dataclass(frozen=True, slots=True)
class Version:
    """A document before or after an edit, and the range that was replaced."""

    parsed: ParsedSource
    span: Span
    definitions: tuple[Definition, ...]


def version(source: str, span: Span, language: Language) -> Version:
    """Parse a document; of its definitions the outermost ones that begin in `span` count."""
    parsed = parse(source, language)
    return Version(parsed, span, tuple(_outermost(outline_of(parsed).definitions, span)))


def broken_promises(before: Version, after: Version, promise: Promise) -> Iterator[str]:
    """Yield a sentence for each thing that the edit does and may not."""
    if message := _new_errors(before, after):
        yield message
    if promise.definitions and _names(before) != _names(after):
        yield "The model added or removed definitions that were not asked for; try again."
    elif promise.signature and _signatures(before) - _signatures(after):
        yield "The model changed a signature that was to stay; try again."
    if promise.comments and _comments(before) - _comments(after):
        yield "The model left out a comment that was to stay; try again."


def _outermost(definitions: Iterable[Definition], span: Span) -> Iterator[Definition]:
    end = span.start
    for each in sorted(definitions, key=lambda each: (each.span.start, -each.span.end)):
        if each.kind in _LASTING and end <= each.span.start < span.end:
            end = each.span.end
            yield each


def _new_errors(before: Version, after: Version) -> str:
    if before.parsed.is_complete and not after.parsed.is_complete:
        return "The result cannot be checked; select less and try again."
    errors = syntax_errors(after.parsed)
    if len(errors) <= len(syntax_errors(before.parsed)):
        return ""
    # The first error that the range holds, else the first one behind it.
    first = next((it for it in errors if it.start >= after.span.start), errors[0])
    line = after.parsed.source.count("\n", after.span.start, max(first.start, after.span.start))
    name = after.parsed.language.name
    return f"The result would not be valid {name} (in its line {line + 1}); try again."


def _names(it: Version) -> Counter[str]:
    return Counter(each.name for each in it.definitions)


def _signatures(it: Version) -> Counter[str]:
    texts = (it.parsed.source[each.span.start : each.signature_end] for each in it.definitions)
    return Counter("".join(text.split()).replace(",)", ")") for text in texts)


def _comments(it: Version) -> Counter[str]:
    texts = (it.parsed.source[span.start : span.end] for span in comments_in(it.parsed, it.span))
    return Counter("".join(text.split()) for text in texts)
