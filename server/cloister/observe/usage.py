"""How many tokens went where and what they cost: one line a request, one file a month.

The audit log says what left, and is not written for what stays here; this record counts both, so
that they can be compared. It holds no text and no file's name, only the workspace's. A line that is
damaged is passed over and counted: a number that is missing must not look like nothing spent.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

LOCAL = "local"
_MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Use:
    """What one or several requests of one day took; `cost` None is not known.

    `estimated` says that the tokens are our count and not the service's.
    """

    day: str
    backend: str
    model: str
    workspace: str
    requests: int = 1
    prompt_tokens: int = 0
    reused_tokens: int = 0
    generated_tokens: int = 0
    cost: float | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class UsageRecord:
    """The record in a folder of the user's."""

    folder: Path

    @classmethod
    def below(cls, state: Path) -> "UsageRecord":
        """Return the record in the folder of what programs remember."""
        return cls(state / "cloister" / "usage")

    def add(self, use: Use) -> None:
        """Append a line; raises OSError when that is impossible."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        line = json.dumps(asdict(use)).encode("ascii") + b"\n"
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self._path(use.day[:7]), flags, 0o600)
        try:
            # One write, so that lines of several windows never mix.
            os.write(descriptor, line)
        finally:
            os.close(descriptor)

    def months(self) -> list[str]:
        """Return the months that there are, as `2026-11`, the oldest first."""
        return sorted(
            path.stem.removeprefix("usage-") for path in self.folder.glob("usage-*.jsonl")
        )

    def read(self, months: Iterable[str]) -> tuple[list[Use], int]:
        """Return the lines of some months, and how many of them could not be read."""
        lines = [use for month in months for use in self._read(month)]
        uses = [use for use in lines if use is not None]
        return uses, len(lines) - len(uses)

    def spent(self, backend: str, day: date) -> float:
        """Return what a backend has cost in the month of `day`, as far as it is known."""
        uses, _ = self.read([f"{day:%Y-%m}"])
        return sum(use.cost or 0.0 for use in uses if use.backend == backend)

    def _path(self, month: str) -> Path:
        return self.folder / f"usage-{month}.jsonl"

    def _read(self, month: str) -> Iterator[Use | None]:
        try:
            with self._path(month).open("rb") as file:
                yield from map(_parsed, file.read(_MOST_BYTES).splitlines())
        except FileNotFoundError:
            return


def _parsed(line: bytes) -> Use | None:
    try:
        use = Use(**json.loads(line))
        date.fromisoformat(use.day)
    except (ValueError, TypeError, RecursionError):
        return None
    counts = (use.requests, use.prompt_tokens, use.reused_tokens, use.generated_tokens)
    texts = (use.backend, use.model, use.workspace)
    is_sound = (
        all(type(count) is int and count >= 0 for count in counts)
        and all(isinstance(text, str) for text in texts)
        and (use.cost is None or (type(use.cost) in {int, float} and use.cost >= 0))
    )
    return use if is_sound else None
