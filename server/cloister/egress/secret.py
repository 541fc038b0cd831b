"""A key that cannot be shown by accident: not in a traceback, not in a log, not as JSON."""

import re
from typing import Final

_VALUE = re.compile(r"[!-~]{1,8192}")


class Secret:
    """A key; only `reveal` gives it away."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Raise ValueError for what cannot stand in a header."""
        if not _VALUE.fullmatch(value):
            message = "a key is one word of plain characters"
            raise ValueError(message)
        self._value: Final = value

    def reveal(self) -> str:
        """Return the key itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(********)"

    def __reduce__(self) -> str:
        message = "a key is not written down"
        raise TypeError(message)
