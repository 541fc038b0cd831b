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
from cloister.syntax.identifiers import identifiers_in
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
    exactly what it defined before. `code` says that nothing but documentation changes, and
    `bodies` that nothing but signatures does. The name `gone` may not be left in the range, whose
    lines without it have to stay.
    """

    signature: bool = True
    comments: bool = True
    definitions: bool = True
    code: bool = False
    bodies: bool = False
    gone: str = ""


# What documents a thing may be a comment; all others are part of what has to stay.
ONLY_DOCUMENTATION = Promise(comments=False, code=True)
ONLY_SIGNATURE = Promise(signature=False, bodies=True)


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
    if promise.code and _undocumented(before) != _undocumented(after):
        yield "The model changed code, and only documentation was asked for; try again."
    if promise.bodies and _bodies(before) != _bodies(after):
        yield "The model changed more than a signature, which alone was asked for; try again."
    if promise.gone and _is_named(after, promise.gone):
        yield f"The model left “{promise.gone}” in the code; try again."
    elif promise.gone and _not_naming(before, promise.gone) - _not_naming(after, promise.gone):
        yield f"The model changed lines that do not use “{promise.gone}”; try again."


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


def _undocumented(it: Version) -> list[str]:
    """Return the range line by line without the documentation of what it defines."""
    source, end = it.parsed.source, it.span.start
    parts: list[str] = []
    documented = (each.documentation for each in outline_of(it.parsed).definitions)
    for span in sorted(filter(None, documented), key=lambda span: span.start):
        if end < span.end <= it.span.end:
            parts.append(source[end : max(end, span.start)])
            end = span.end
    parts.append(source[end : it.span.end])
    return [line.rstrip() for line in "".join(parts).splitlines() if line.strip()]


def _bodies(it: Version) -> list[str]:
    source = it.parsed.source
    texts = (source[each.signature_end : each.span.end] for each in it.definitions)
    return [line.rstrip() for text in texts for line in text.splitlines() if line.strip()]


def _is_named(it: Version, name: str) -> bool:
    return any(each.name == name for each in identifiers_in(it.parsed, it.span))


def _not_naming(it: Version, name: str) -> Counter[str]:
    lines = it.parsed.source[it.span.start : it.span.end].splitlines()
    return Counter(line.strip() for line in lines if name not in line)


def _signatures(it: Version) -> Counter[str]:
    texts = (it.parsed.source[each.span.start : each.signature_end] for each in it.definitions)
    return Counter("".join(text.split()).replace(",)", ")") for text in texts)


def _comments(it: Version) -> Counter[str]:
    texts = (it.parsed.source[span.start : span.end] for span in comments_in(it.parsed, it.span))
    return Counter("".join(text.split()) for text in texts)
