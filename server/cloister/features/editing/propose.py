"""From an answer to an edit of one document, or to a plain refusal; never to a broken file.

Every piece of code that an answer holds is tried: fitted to its place, put there, parsed and
checked. Exactly one has to pass. Only the range, and imports that the code needs, ever change.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cloister.core.document import DocumentSnapshot
from cloister.core.edit import TextEdit, edited
from cloister.core.invisible import has_invisible
from cloister.core.outline import Definition
from cloister.core.text import Span, Text, with_plain_newlines
from cloister.features.editing.answer import (
    AnswerFormat,
    RefusedAnswerError,
    code_candidates,
    leaves_out,
    replacements_in,
)
from cloister.features.editing.checks import Promise, Version, broken_promises, version
from cloister.features.editing.fitting import (
    fitted,
    indentation_unit,
    leading_space,
    line_terminator,
)
from cloister.features.editing.importing import added_imports
from cloister.features.editing.imports import (
    ImportStatement,
    import_statements,
    uses_any,
    without_imports,
)
from cloister.features.editing.minimal import minimal_edits
from cloister.features.editing.search import replaced
from cloister.features.editing.snippet import as_file, as_part
from cloister.policy.secrets import REDACTED
from cloister.syntax.comments import comments_in
from cloister.syntax.languages import Language
from cloister.syntax.outline import outline_of
from cloister.syntax.tree import parse


@dataclass(frozen=True, slots=True)
class Target:
    """What may change: whole lines of a document, and what has to hold afterwards.

    `span` begins where a line begins and ends where one ends, before its terminator.
    """

    document: DocumentSnapshot
    span: Span
    language: Language
    promise: Promise = field(default_factory=Promise)

    @property
    def code(self) -> str:
        """The text that may change."""
        return self.document.text.value[self.span.start : self.span.end]


def whole_lines(text: Text, span: Span) -> Span:
    """Return the lines that a span touches; an end at a line's very start leaves that line out."""
    first = text.line_of(span.start)
    last = max(text.line_of(span.end), first)
    if last > first and span.end == text.line_start(last):
        last -= 1
    return Span(text.line_start(first), text.line_end(last))


def proposed_edits(answer: str, target: Target, form: AnswerFormat) -> tuple[TextEdit, ...]:
    """Return the smallest edits that do what the answer says.

    Raises RefusedAnswerError with a plain sentence when there is nothing to do or it would harm.
    """
    before = version(target.document.text.value, target.span, target.language)
    reasons: list[str] = []
    accepted: list[tuple[TextEdit, ...]] = []
    for code in _versions(answer, target, form, before):
        try:
            edits = _checked(code, target, before)
        except RefusedAnswerError as error:
            reasons.append(str(error))
            continue
        if edits not in accepted:
            accepted.append(edits)
    if len(accepted) > 1:
        raise RefusedAnswerError("The model wrote several versions; try again.")
    if not accepted:
        raise RefusedAnswerError(reasons[0])
    return accepted[0]


def checked_edits(
    new: str,
    imports: Iterable[ImportStatement],
    target: Target,
    before: Version | None = None,
) -> tuple[TextEdit, ...]:
    """Return the smallest edits that put `new` in place of the target and add `imports`.

    Raises RefusedAnswerError when nothing changes, or when the target's promise is broken.
    `before` is the document's present version where it is parsed already.
    """
    text, span = target.document.text, target.span
    if has_invisible("".join(set(with_plain_newlines(new)) - set(target.code))):
        raise RefusedAnswerError("The answer held invisible characters; choose another model.")
    if new.count(REDACTED) > target.code.count(REDACTED):
        raise RefusedAnswerError("The answer would put a gap in place of a secret; edit by hand.")
    changes = minimal_edits(target.code, new, span.start)
    statements = tuple(imports)
    additions = added_imports(text, statements, target.language, span.start)
    if not changes and not (additions and uses_any(target.code, statements)):
        raise RefusedAnswerError("The model would change nothing; choose another action or place.")
    edits = (*additions, *changes)
    start = span.start + sum(len(it.text) for it in additions)
    before = before or version(text.value, span, target.language)
    after = version(edited(text.value, edits), Span(start, start + len(new)), target.language)
    for reason in broken_promises(before, after, target.promise):
        raise RefusedAnswerError(reason)
    return edits


def _versions(answer: str, target: Target, form: AnswerFormat, before: Version) -> list[str]:
    """Return what the target's lines might become, with plain line ends."""
    if form is AnswerFormat.BLOCKS:
        return [replaced(target.code, replacements_in(answer))]
    codes = (as_file(code, target.language) for code in code_candidates(answer))
    return [_unwrapped(code, target, before) for code in codes]


def _unwrapped(code: str, target: Target, before: Version) -> str:
    """Return the definition that was asked for, where known ones were repeated around it.

    What it imports comes along.
    """
    if len(before.definitions) != 1:
        return code
    wanted = before.definitions[0].name
    found = outline_of(parse(code, target.language)).definitions
    known = {each.name for each in outline_of(before.parsed).definitions}
    mine = [it for it in found if it.name == wanted]
    own = [_documented(it, before) for it in mine]
    texts = {code[span.start : span.end] for span in own}
    around = (it for it in found if not any(_holds(span, it.span) for span in own))
    others = {it.name for it in around}
    is_wrapped = bool(others) or len(own) > 1 or any(_is_opened(code, it) for it in mine)
    if len(texts) != 1 or not is_wrapped or not others <= known:
        return code
    start = own[0].start
    line_start = code.rfind("\n", 0, start) + 1
    indentation = code[line_start:start] if not code[line_start:start].strip() else ""
    _, imports = without_imports(code, target.language)
    return "".join(f"{it.text}\n" for it in imports) + indentation + texts.pop()


def _documented(definition: Definition, before: Version) -> Span:
    """Return a definition with the comment above it, which is part of what may change."""
    span, comment = definition.span, definition.documentation
    if comment is None or comment.start > span.start or _is_documented_above(before):
        return span
    return Span(comment.start, span.end)


def _is_documented_above(before: Version) -> bool:
    """Return whether what documents the definition that may change stands above it."""
    comment = before.definitions[0].documentation if before.definitions else None
    return comment is not None and comment.end <= before.span.start


def _without_comments_above(code: str, language: Language) -> str:
    """Return code without the comments that it begins with."""
    whole = as_file(code, language)
    start = len(whole) - len(code)
    end = start
    for comment in comments_in(parse(whole, language)):
        if whole[end : comment.start].strip():
            break
        end = max(end, comment.end)
    return whole[end:] if end > start else code


def _is_opened(code: str, definition: Definition) -> bool:
    """Return whether something is opened above a definition that no definition stands for."""
    comment = definition.documentation or definition.span
    above = code[: min(comment.start, definition.span.start)]
    return above.rstrip().endswith("{")


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _checked(code: str, target: Target, before: Version) -> tuple[TextEdit, ...]:
    if leaves_out(code, target.code):
        raise RefusedAnswerError("The model left out code with dots; select less and try again.")
    body, imports = _split(code, target)
    if _is_documented_above(before):
        # What stands above was shown, and models repeat it.
        body = _without_comments_above(body, target.language)
    return checked_edits(_in_place(body, target), imports, target, before)


def _split(code: str, target: Target) -> tuple[str, list[ImportStatement]]:
    """Return the code for the range, and imports that belong to the file's own."""
    if import_statements(target.code, target.language):
        return code, []
    return without_imports(as_file(code, target.language), target.language)


def _in_place(code: str, target: Target) -> str:
    """Return the code in the target's indentation, unit and line ends."""
    text = target.document.text
    first = next((line for line in target.code.split("\n") if line.strip()), "")
    part = as_part(code, target.language, target.code)
    plain = fitted(part, leading_space(first), indentation_unit(text))
    return plain.replace("\n", line_terminator(text))
