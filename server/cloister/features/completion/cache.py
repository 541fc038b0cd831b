"""What was just shown: typing the next character of a suggestion must not cost a token.

An entry answers a request whose document equals the earlier one plus the beginning of what was
suggested there, typed at the cursor. Documents are remembered by hash, not by text.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass

from cloister.core.text import with_plain_newlines

_MOST_DOCUMENTS = 32
_MOST_PER_DOCUMENT = 8


@dataclass(frozen=True, slots=True)
class _Entry:
    n_before: int
    before_hash: int
    after_hash: int
    inserted: str


class ShownSuggestions:
    """The last few suggestions of the last few documents."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, deque[_Entry]] = OrderedDict()

    def remember(self, uri: str, before: str, after: str, inserted: str) -> None:
        """Keep that `inserted` was suggested between `before` and `after`."""
        entries = self._entries.setdefault(uri, deque(maxlen=_MOST_PER_DOCUMENT))
        entries.append(_Entry(len(before), hash(before), hash(after), inserted))
        self._entries.move_to_end(uri)
        if len(self._entries) > _MOST_DOCUMENTS:
            self._entries.popitem(last=False)

    def rest(self, uri: str, before: str, after: str) -> str | None:
        """Return what is left of a suggestion the user is typing through; None when there is none.

        The whole document is compared, so an entry can never answer for an edited text.
        """
        after_hash = hash(after)
        for entry in reversed(self._entries.get(uri, ())):
            n_typed = len(before) - entry.n_before
            # Line ends may be two characters in the document and are one in a suggestion.
            if not 0 <= n_typed < 2 * len(entry.inserted) or entry.after_hash != after_hash:
                continue
            typed = with_plain_newlines(before[entry.n_before :])
            rest = entry.inserted.removeprefix(typed)
            if rest and entry.inserted == typed + rest and _begins_with(before, entry):
                return rest
        return None

    def forget(self, uri: str) -> None:
        """Drop everything that was shown in the document."""
        self._entries.pop(uri, None)


def _begins_with(before: str, entry: _Entry) -> bool:
    return hash(before[: entry.n_before]) == entry.before_hash
