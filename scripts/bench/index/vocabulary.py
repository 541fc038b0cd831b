"""Names as code has them: put together from words, of which a few are everywhere. Pure."""

import itertools
import random
from collections.abc import Sequence

_N_WORDS = 2500
_SYLLABLES = [onset + vowel for onset in "bdfgklmnprstv" for vowel in "aeiou"]
_ENDINGS = ("", "l", "n", "r", "s", "t")
_KEYWORDS = {"defer", "final", "goto", "move", "super"}
# The higher, the more often the first words come.
_SKEW = 3
# Measured on real code: words a name has, and how many of those in 20 lines are different ones.
_N_PARTS = (1, 1, 1, 2, 2, 3)
_N_KNOWN = 16
_NEW_SHARE = 0.07


def _made_words() -> list[str]:
    parts = itertools.product(_SYLLABLES, _SYLLABLES, _ENDINGS)
    words = sorted({"".join(each) for each in parts} - _KEYWORDS)
    random.Random(0).shuffle(words)  # noqa: S311  # a repeatable list, not a secret
    return words[:_N_WORDS]


_WORDS = _made_words()


class Names:
    """Names for one file: most of them were used before, some are new."""

    def __init__(self, generator: random.Random) -> None:
        self._generator = generator
        self._known = [self.words() for _ in range(_N_KNOWN)]

    def words(self) -> tuple[str, ...]:
        """Return the words of a new name."""
        return tuple(self._word() for _ in range(self._generator.choice(_N_PARTS)))

    def usual(self) -> Sequence[str]:
        """Return the words of a name that the file has, or of one that it gets now."""
        if self._generator.random() >= _NEW_SHARE:
            return self._generator.choice(self._known)
        new = self._known[self._generator.randrange(_N_KNOWN)] = self.words()
        return new

    def _word(self) -> str:
        return _WORDS[int(len(_WORDS) * self._generator.random() ** _SKEW)]


def snake(words: Sequence[str]) -> str:
    """Return the words as `snake_case`."""
    return "_".join(words)


def camel(words: Sequence[str]) -> str:
    """Return the words as `camelCase`."""
    return words[0] + pascal(words[1:])


def pascal(words: Sequence[str]) -> str:
    """Return the words as `PascalCase`."""
    return "".join(word.capitalize() for word in words)
