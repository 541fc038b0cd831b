"""Edits that the syntax alone says, held to the same promises as those of a model."""

from cloister.core.edit import TextEdit, edited
from cloister.core.errors import CloisterError
from cloister.core.text import Span
from cloister.features.editing.checks import Promise, broken_promises, version
from cloister.features.editing.place import Place


def kept_edits(edits: tuple[TextEdit, ...], place: Place, promise: Promise) -> tuple[TextEdit, ...]:
    """Return the edits of the whole document; raises CloisterError if they break the promise."""
    source, language = place.text.value, place.read.language
    after = edited(source, edits)
    old, new = (version(text, Span(0, len(text)), language) for text in (source, after))
    if any(broken_promises(old, new, promise)):
        raise CloisterError("This cannot be done safely here; edit by hand.")
    return edits
