"""What becomes of secrets in a question: they hold it back, or are taken out; never sent."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cloister.core.chat import Message
from cloister.core.context import CompletionContext, files_of
from cloister.core.privacy import Piece
from cloister.features.escalation.refusals import NotSentError
from cloister.policy.secrets import REDACTED, OnSecret, redact, scan


def without_secrets(
    messages: Sequence[Message], pieces: Sequence[Piece], on_secret: OnSecret
) -> tuple[Message, ...]:
    """Return the messages as they may be sent.

    Raises NotSentError when any text has what looks like a secret and holds it back.
    """
    if on_secret is OnSecret.REDACT:
        return tuple(replace(it, text=redact(it.text)) for it in messages)
    _require_none(pieces, (it.text for it in messages))
    return tuple(messages)


def context_without_secrets(
    context: CompletionContext, pieces: Sequence[Piece], on_secret: OnSecret
) -> CompletionContext:
    """Return a context as it may be sent; what cannot be taken out holds it back as well.

    Raises NotSentError as `without_secrets` does.
    """
    if on_secret is OnSecret.BLOCK:
        _require_none(pieces, texts_of(context))
        return context
    paths = (context.path, *(it.path for it in context.snippets))
    if _stands_in_a_secret(context) or any(map(scan, paths)):
        raise _held_back()
    return replace(
        context,
        prefix=redact(context.prefix),
        suffix=redact(context.suffix),
        snippets=tuple(replace(it, text=redact(it.text)) for it in context.snippets),
    )


def texts_of(context: CompletionContext) -> tuple[str, ...]:
    """Return all that is told of a place, the names of files with it."""
    files = (text for file in files_of(context.snippets) for text in file)
    return (context.path, context.prefix + context.suffix, *files)


def redactions_in(before: Iterable[str], after: Iterable[str]) -> int:
    """Return how many secrets were taken out of texts."""
    counts = (sum(text.count(REDACTED) for text in texts) for texts in (after, before))
    return next(counts) - next(counts)


def _stands_in_a_secret(context: CompletionContext) -> bool:
    """Whether the cursor does: each half alone would not be known for what it is."""
    cursor = len(context.prefix)
    found = scan(context.prefix + context.suffix)
    return any(it.start < cursor < it.end for it in found)


def _require_none(pieces: Iterable[Piece], texts: Iterable[str]) -> None:
    for piece in pieces:
        for finding in scan(piece.text):
            line = piece.first_line + piece.text.count("\n", 0, finding.start) + 1
            raise NotSentError(
                f"Nothing was sent: {piece.path.name} has what looks like a secret in line {line} "
                f"({finding.rule}); take it out, or ask the local model."
            )
    if any(map(scan, texts)):
        raise _held_back()


def _held_back() -> NotSentError:
    return NotSentError("Nothing was sent: it has what looks like a secret; ask the local model.")
