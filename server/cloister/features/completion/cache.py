"""What was just shown: typing the next character of a suggestion must not cost a token.

An entry answers a request whose document equals the earlier one plus the beginning of what was
suggested there, typed at the cursor. Documents are remembered by hash, not by text.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, replace

from cloister.core.request import CompletionRequest
from cloister.core.text import with_plain_newlines
from cloister.features.completion.candidate import Answer

_MOST_DOCUMENTS = 32
_MOST_PER_DOCUMENT = 8


@dataclass(frozen=True, slots=True)
class _Entry:
    n_before: int
    before_hash: int
    after_hash: int
    answer: Answer


class ShownSuggestions:
    """The last few suggestions of the last few documents."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, deque[_Entry]] = OrderedDict()

    def remember(self, request: CompletionRequest, answer: Answer) -> None:
        """Keep what was suggested at a place; the latest counts."""
        uri, (before, after) = request.document.uri, _around(request)
        entries = self._entries.setdefault(uri, deque(maxlen=_MOST_PER_DOCUMENT))
        entries.append(_Entry(len(before), hash(before), hash(after), answer))
        self._entries.move_to_end(uri)
        if len(self._entries) > _MOST_DOCUMENTS:
            self._entries.popitem(last=False)

    def rest(self, request: CompletionRequest) -> Answer | None:
        """Return what is left of a suggestion the user is typing through; None when there is none.

        The whole document is compared, so an entry can never answer for an edited text.
        """
        before, after = _around(request)
        after_hash = hash(after)
        for entry in reversed(self._entries.get(request.document.uri, ())):
            inserted, n_typed = entry.answer.text, len(before) - entry.n_before
            # Line ends may be two characters in the document and are one in a suggestion.
            if not 0 <= n_typed < 2 * len(inserted) or entry.after_hash != after_hash:
                continue
            typed = with_plain_newlines(before[entry.n_before :])
            rest = inserted.removeprefix(typed)
            if rest and inserted == typed + rest and _begins_with(before, entry):
                return replace(entry.answer, text=rest)
        return None

    def forget(self, uri: str) -> None:
        """Drop everything that was shown in the document."""
        self._entries.pop(uri, None)


def _around(request: CompletionRequest) -> tuple[str, str]:
    text = request.document.text.value
    return text[: request.offset], text[request.offset :]


def _begins_with(before: str, entry: _Entry) -> bool:
    return hash(before[: entry.n_before]) == entry.before_hash
