"""What was just shown: typing the next character of a suggestion must not cost a token.

An entry answers a request whose document equals the earlier one plus the beginning of what was
suggested there, typed at the cursor.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass

_MOST_DOCUMENTS = 32
_MOST_PER_DOCUMENT = 8


@dataclass(frozen=True, slots=True)
class _Entry:
    before: str
    after: str
    inserted: str


class ShownSuggestions:
    """The last few suggestions of the last few documents."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, deque[_Entry]] = OrderedDict()

    def remember(self, uri: str, before: str, after: str, inserted: str) -> None:
        """Keep that `inserted` was suggested between `before` and `after`."""
        entries = self._entries.setdefault(uri, deque(maxlen=_MOST_PER_DOCUMENT))
        entries.append(_Entry(before, after, inserted))
        self._entries.move_to_end(uri)
        if len(self._entries) > _MOST_DOCUMENTS:
            self._entries.popitem(last=False)

    def rest(self, uri: str, before: str, after: str) -> str | None:
        """Return what is left of a suggestion the user is typing through; None when there is none.

        The whole document is compared, so an entry can never answer for an edited text.
        """
        for entry in reversed(self._entries.get(uri, ())):
            n_typed = len(before) - len(entry.before)
            typed = before[len(entry.before) :]
            if (
                0 <= n_typed < len(entry.inserted)
                and entry.inserted.startswith(typed)
                and before.startswith(entry.before)
                and after == entry.after
            ):
                return entry.inserted[n_typed:]
        return None

    def forget(self, uri: str) -> None:
        """Drop everything that was shown in the document."""
        self._entries.pop(uri, None)
