"""Text in another language: code in Markdown, scripts and styles in HTML."""

from dataclasses import dataclass
from pathlib import PurePath

from cloister.core.text import Span
from cloister.syntax.languages import (
    Language,
    language_for_id,
    language_for_path,
    language_named,
)
from cloister.syntax.queries import Captures, matches, query
from cloister.syntax.tree import ParsedSource, parse

MOST_NAME_CHARS = 40
# Documents that are made of others.
_HOSTS = frozenset({"html", "markdown"})
# They are parsed while somebody waits.
_MOST_HOST_CHARS = 100_000


@dataclass(frozen=True, slots=True)
class Injection:
    """Where text in another language is; `language` is None where cloister does not know it."""

    name: str
    language: Language | None
    span: Span


def injection_at(parsed: ParsedSource, offset: int) -> Injection | None:
    """Return the innermost text in another language around `offset`."""
    found = injections_in(parsed, Span(max(0, offset - 1), offset + 1))
    around = [each for each in found if each.span.start <= offset <= each.span.end]
    return min(around, key=lambda each: each.span.end - each.span.start, default=None)


def part_at(text: str, offset: int, language: Language) -> tuple[Span, Language]:
    """Return the extent of the text around `offset` that is all in one language, and which.

    Long documents, and those in which other languages are only quoted, are one part.
    """
    whole = Span(0, len(text)), language
    if language.name not in _HOSTS or len(text) > _MOST_HOST_CHARS:
        return whole
    injection = injection_at(parse(text, language), offset)
    if injection is None or injection.language is None:
        return whole
    return injection.span, injection.language


def injections_in(parsed: ParsedSource, span: Span | None = None) -> list[Injection]:
    """Return the texts in other languages that touch `span` (default: all), in order."""
    wanted = query(parsed.language, "injections")
    found: dict[tuple[int, int], Injection] = {}
    for pattern, captures in matches(parsed, wanted, span):
        settings = wanted.query.pattern_settings(pattern) if wanted else {}
        name = _name(parsed, captures, settings.get("injection.language") or "")
        for node in captures.get("injection.content", ()):
            injection = Injection(name, _language(name), parsed.span(node))
            found.setdefault((node.start_byte, node.end_byte), injection)
    return [found[extent] for extent in sorted(found)]


def _name(parsed: ParsedSource, captures: Captures, setting: str) -> str:
    nodes = captures.get("injection.language")
    name = parsed.text(nodes[0]) if nodes else setting
    return name[:MOST_NAME_CHARS].strip().lower()


def _language(name: str) -> Language | None:
    return language_named(name) or language_for_id(name) or language_for_path(PurePath(f"x.{name}"))
