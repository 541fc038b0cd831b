"""What of a generated text is worth showing, and why the rest is not."""

from cloister.core.context import CompletionContext
from cloister.core.generation import Generation
from cloister.core.outcome import Outcome, OutcomeKind
from cloister.features.completion.candidate import Answer, Candidate, Dropped
from cloister.features.completion.endings import EMPTY
from cloister.features.completion.filters import apply_filters
from cloister.features.completion.stop import Place, wanted_text


def worth_showing(
    place: Place, context: CompletionContext, generation: Generation, min_confidence: float
) -> Answer | Outcome:
    """Return what to insert at the cursor, or how a request ends that has nothing."""
    candidate = Candidate(
        text=wanted_text(place, generation),
        chunks=generation.chunks,
        before=context.prefix,
        after=context.suffix,
        min_confidence=min_confidence,
    )
    if not candidate.text.strip():
        return EMPTY
    filtered = apply_filters(candidate)
    if isinstance(filtered, Dropped):
        return Outcome(OutcomeKind.DROPPED, filtered.reason)
    if not filtered.text.strip():
        return EMPTY
    return Answer(filtered.text, filtered.line_probabilities()[0])
