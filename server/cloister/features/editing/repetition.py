"""Small models that write what is likeliest say the same again and again, until they may not.

Who waits for that is better served with what was said once.
"""

# Tables in code repeat themselves too, but seldom for this long.
_LEAST_CHARS = 1_000
_LEAST_TIMES = 4
_MOST_PERIOD_CHARS = 1_000
_TAIL_CHARS = 48


def repeats_itself(text: str) -> bool:
    """Return whether a text ends with one passage over and over; fast enough for every chunk."""
    return _period(text) > 0


def said_once(text: str) -> str:
    """Return a text with the passage that it ends with over and over, once."""
    period = _period(text)
    if not period:
        return text
    start = len(text) - period
    while start > 0 and text[start - 1] == text[start - 1 + period]:
        start -= 1
    return text[: start + period]


def _period(text: str) -> int:
    """Return how long the passage is, 0 when there is none."""
    window = text[-_LEAST_TIMES * _MOST_PERIOD_CHARS :]
    earlier = window.rfind(window[-_TAIL_CHARS:], 0, -1)
    period = len(window) - _TAIL_CHARS - earlier
    length = max(_LEAST_CHARS, _LEAST_TIMES * period)
    if earlier < 0 or length > len(window):
        return 0
    repeated = window[-length:]
    return period if repeated[period:] == repeated[:-period] else 0
