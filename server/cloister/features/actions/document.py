"""Writes the documentation of a function or class or brings it up to date, as its language has it.

Where a language has several ways, the file's own counts. Nothing but documentation changes.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cloister.core.outline import Definition
from cloister.core.text import Span, with_plain_newlines
from cloister.features.editing.checks import ONLY_DOCUMENTATION
from cloister.features.editing.place import Place
from cloister.features.editing.task import Action, Hole, Instruction, Offer

_MOST_TOKENS = 64


@dataclass(frozen=True, slots=True)
class _Convention:
    """What stands before and after a documentation; `mark` is how one of this kind begins."""

    mark: str
    opening: str
    closing: str = ""


_BLOCK = _Convention("/**", "/** ", " */")
_TALL_BLOCK = _Convention("/**\n", "/**\n * ", "\n */")
_SLASHES = _Convention("///", "/// ")
_COMMENTS = _Convention("//", "// ")
_HASHES = _Convention("#", "# ")
_OLD_BLOCK = _Convention("/*", "/* ", " */")
_JAVADOC = (_BLOCK, _TALL_BLOCK)
_DOXYGEN = (
    _TALL_BLOCK,
    _COMMENTS,
    _OLD_BLOCK,
    _Convention("//!", "//! "),
    _Convention("/*!", "/*! ", " */"),
)
_SUMMARY = _Convention("///", "/// <summary>", "</summary>")
_TALL_SUMMARY = _Convention("/// <summary>\n", "/// <summary>\n/// ", "\n/// </summary>")
# The first of each is the language's usual one.
_CONVENTIONS = {
    "bash": (_HASHES,),
    "c": (_BLOCK, _SLASHES, *_DOXYGEN),
    "c_sharp": (_TALL_SUMMARY, _SUMMARY),
    "cpp": (_SLASHES, _BLOCK, *_DOXYGEN),
    "go": (_COMMENTS,),
    "java": _JAVADOC,
    "javascript": _JAVADOC,
    "kotlin": _JAVADOC,
    "lua": (_Convention("---", "--- "), _Convention("--", "-- ")),
    "php": (_TALL_BLOCK, _BLOCK),
    "python": (_Convention('"""', '"""', '"""'), _Convention("'''", "'''", "'''")),
    "ruby": (_HASHES,),
    "rust": (_SLASHES, _BLOCK, _TALL_BLOCK),
    "scala": _JAVADOC,
    "swift": (_SLASHES, _BLOCK, _TALL_BLOCK),
    "tsx": _JAVADOC,
    "typescript": _JAVADOC,
}
# Strings may have letters in front; and what asks for a change documents nothing.
_PREFIX = re.compile(r"[rRuU]?(?=['\"])")
_WISH = re.compile(r"\W*cloister:", re.IGNORECASE)
_STYLE = "in the style and format that the file uses. Change nothing but the documentation."


def _offers(place: Place) -> Iterator[Offer]:
    definition = place.definition
    conventions = _CONVENTIONS.get(place.read.language.name)
    if definition is None or conventions is None:
        return
    name, documentation = definition.name, definition.documentation
    if documentation and _documents(_plain(place, documentation), conventions):
        text = f"Bring the documentation of `{name}` up to date with what the code does, {_STYLE}"
        span = Span(min(documentation.start, definition.span.start), definition.span.end)
        yield _offer(f"Update the documentation of “{name}”", span, text)
    elif (start := _start(place, definition)) is not None:
        text = f"Write the documentation of `{name}` {_STYLE}"
        holes = _holes(place, definition, start, _convention(place, conventions))
        yield _offer(f"Document “{name}”", definition.span, text, *holes)


def _offer(title: str, span: Span, text: str, *holes: Hole) -> Offer:
    return Offer(title, (Instruction(span, text, promise=ONLY_DOCUMENTATION), *holes))


def _documents(text: str, conventions: tuple[_Convention, ...]) -> bool:
    return _convention_of(text, conventions) is not None and not _WISH.match(text)


def _plain(place: Place, documentation: Span) -> str:
    text = with_plain_newlines(place.text.value[documentation.start : documentation.end])
    return _PREFIX.sub("", text, count=1)


def _convention_of(text: str, conventions: tuple[_Convention, ...]) -> _Convention | None:
    fitting = (it for it in conventions if text.startswith(it.mark))
    return max(fitting, key=lambda it: len(it.mark), default=None)


def _convention(place: Place, conventions: tuple[_Convention, ...]) -> _Convention:
    """Return the convention that the file follows most often, the language's without any."""
    documented = (it.documentation for it in place.read.outline.definitions)
    texts = (_plain(place, span) for span in documented if span)
    known = Counter(_convention_of(text, conventions) for text in texts)
    return max(conventions, key=lambda it: known[it])


def _start(place: Place, definition: Definition) -> int | None:
    """Return where the documentation goes; None where there is no room."""
    is_python = place.read.language.name == "python"
    return _body_start(place, definition) if is_python else definition.span.start


def _holes(
    place: Place, definition: Definition, start: int, convention: _Convention
) -> Iterator[Hole]:
    """Yield a hole for one line of documentation, unless something else stands in its line."""
    before = place.text.value[place.text.line_start(place.text.line_of(start)) : start]
    if before.strip():
        return
    # A custom of Go: a comment begins with the name of what it is about.
    name = f"{definition.name} " if place.read.language.name == "go" else ""
    opening, closing = (
        it.replace("\n", f"\n{before}") for it in (convention.opening, convention.closing)
    )
    yield Hole(
        Span(start, start),
        opening + name,
        f"{closing}\n{before}",
        stop=(*filter(None, (convention.closing.strip(),)), "\n"),
        most_tokens=_MOST_TOKENS,
        promise=ONLY_DOCUMENTATION,
    )


def _body_start(place: Place, definition: Definition) -> int | None:
    """Return where a body begins, with the comments that it may begin with."""
    statements = place.body_statements(definition)
    last = place.text.line_of(definition.signature_end)
    if not statements or place.text.line_of(statements[0].start) == last:
        return None
    indentation = place.indentation_at(statements[0].start)
    below = place.text.value[place.text.line_end(last) : statements[0].start]
    comment = re.search(rf"^{indentation}#", below, re.MULTILINE)
    return place.text.line_end(last) + comment.end() - 1 if comment else statements[0].start


ACTION = Action("document", "refactor.rewrite", _offers)
