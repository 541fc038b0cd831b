"""How completions end without a suggestion, in words that a person understands."""

from cloister.core.cancel import CancelToken
from cloister.core.model import ModelDescription
from cloister.core.outcome import Outcome, OutcomeKind
from cloister.families import Family, why_no_family
from cloister.policy.trigger import language_reason
from cloister.syntax.languages import language_for_id

EMPTY = Outcome(OutcomeKind.EMPTY, "The model had nothing to add.")


def stopped(cancel: CancelToken) -> Outcome:
    """Return how a request ended that nobody waits for any more."""
    if cancel.cancelled:
        return Outcome(OutcomeKind.CANCELLED)
    return Outcome(OutcomeKind.LATE, "The model did not answer in time.")


def unsuitable_model(description: ModelDescription) -> Outcome:
    """Return why a model without a family gets no requests."""
    return Outcome(
        OutcomeKind.DECLINED,
        f"The model {description.name[:60]!r} cannot complete code: {why_no_family(description)}; "
        "choose a model such as Qwen2.5-Coder or StarCoder2.",
    )


def unknown_language(language_id: str, family: Family) -> Outcome | None:
    """Return why a document's language gets no completions; None when it does."""
    if family.mixes and language_for_id(language_id) is not None:
        # Code that a model does not know can still be repeated.
        return None
    return language_reason(language_id, family.languages)
