"""A measure beside what it is compared with and the target that it must meet. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measure; `ratio` is the number that the target speaks of where that is not `ours`.

    A target is a bound from above (`at_most`) or from below (`at_least`), or there is none.
    """

    measure: str
    unit: str
    ours: float
    peer: float | None = None
    floor: float | None = None
    ratio: float | None = None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool | None:
        """Return whether the target is met; None without one."""
        number = self.ours if self.ratio is None else self.ratio
        if self.at_most is not None:
            return number <= self.at_most
        return None if self.at_least is None else number >= self.at_least
