"""What a person is told before anything is sent: one sentence, and everything."""

from collections.abc import Iterator

from cloister.core.invisible import shown
from cloister.core.privacy import Level
from cloister.egress.prices import written_cost
from cloister.features.escalation.approval import Preview
from cloister.policy.preview import payload_text


def summary(preview: Preview) -> str:
    """Return one sentence: how much of what, to whom, for how much at most."""
    draft = preview.draft
    paths = list(dict.fromkeys(piece.path for piece in draft.pieces))
    others = f" and {_counted(len(paths) - 1, 'other file')}" if len(paths) > 1 else ""
    return shown(
        f"Send {len(draft.http.body):,} bytes of {paths[0].name}{others} to {draft.origin} "
        f"({preview.service}, about {draft.prompt_tokens:,} tokens, "
        f"{_price(draft.most_cost)})?"
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _price(most_cost: float | None) -> str:
    return "price not known" if most_cost is None else f"at most {written_cost(most_cost)}"


def preview_text(preview: Preview) -> str:
    """Return everything that would be sent, with nothing hidden in it, and whose text it is."""
    return "\n".join(_lines(preview)) + "\n"


def _lines(preview: Preview) -> Iterator[str]:
    draft, http = preview.draft, preview.draft.http
    decided = preview.verdict.decided_by
    yield summary(preview)
    where = f" ({decided.path})" if decided.path else ""
    is_asked = decided.level is Level.ASK
    reason = f"{decided.rule}{where}" if is_asked else "nothing of this kind went there before"
    yield shown(f"You are asked because {reason}.")
    yield ""
    for piece in draft.pieces:
        lines = f"{piece.first_line + 1}-{piece.last_line + 1}"
        yield shown(f"{piece.path}:{lines} ({piece.source})")
    yield ""
    yield shown(f"{http.method} {draft.origin}{http.path}")
    for name, value in http.headers.items():
        yield shown(f"{name}: {value}")
    yield "(and the key that your settings name)"
    yield ""
    yield payload_text(http.body)
