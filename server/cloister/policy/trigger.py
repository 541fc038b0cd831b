"""Whether a completion is worth asking for: cheap reasons to stay silent, each with a sentence."""

from collections.abc import Callable
from pathlib import Path

from cloister.core.document import DocumentSnapshot
from cloister.core.outcome import Outcome, OutcomeKind
from cloister.core.privacy import Layer
from cloister.core.request import CompletionRequest, Trigger
from cloister.workspace.documents import named_path

Denial = Callable[[Path | None], Layer | None]
"""Returns the rule by which a file enters no prompt; None when it may."""

_MOST_LINE_CHARS = 2000


def decline_reason(request: CompletionRequest) -> Outcome | None:
    """Return why this place gets no completion; None when it may get one.

    Looks at the document alone: binary content, very long lines, and (unless the user asked for
    it) a cursor inside a word.
    """
    text, offset = request.document.text, request.offset
    line = text.line_of(offset)
    start, end = text.line_start(line), text.line_end(line)
    if end - start > _MOST_LINE_CHARS:
        return _declined(f"The line is longer than {_MOST_LINE_CHARS} characters.")
    if "\0" in text.value[max(0, offset - 10_000) : offset + 10_000]:
        return _declined("The document is binary.")
    if request.trigger is Trigger.AUTOMATIC and _is_inside_word(text.value, start, offset, end):
        return _declined("The cursor stands inside a word.")
    return None


def denial_reason(document: DocumentSnapshot, denial: Denial) -> Outcome | None:
    """Return why a document that enters no prompt gets no completion; None when it may get one.

    An older version of a file, which has a URI of another scheme, is denied as the file is.
    """
    rule = denial(document.path or named_path(document.uri))
    if rule is None:
        return None
    where = f" ({rule.path})" if rule.path else ""
    return _declined(f"This file enters no prompt: {rule.rule}{where}.")


def language_reason(language_id: str, languages: frozenset[str] | None) -> Outcome | None:
    """Return why a model that knows only `languages` stays silent here; None when it need not."""
    if languages is None or language_id in languages:
        return None
    known = ", ".join(sorted(languages))
    return _declined(f"The model knows {known} only, and this document is {language_id[:40]}.")


def _is_inside_word(text: str, start: int, offset: int, end: int) -> bool:
    before = text[offset - 1] if offset > start else ""
    after = text[offset] if offset < end else ""
    return _is_word(before) and _is_word(after)


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _declined(reason: str) -> Outcome:
    return Outcome(OutcomeKind.DECLINED, reason)
