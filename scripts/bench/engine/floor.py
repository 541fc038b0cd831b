"""What llama.cpp itself needs on this machine: nothing that calls it can be faster.

`llama-bench` gives the speed of reading and of writing. A loop over its C interface (`direct.py`,
in a process of its own) gives the time of one keystroke without a socket, a plan or text.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from development.terminal import SetupError

READ_TOKENS = 512
WRITTEN_TOKENS = 64
_REPETITIONS = 3


@dataclass(frozen=True, slots=True)
class Floor:
    """Tokens a second, each with the number of threads that does best.

    `writing_behind` is the speed of writing after so many tokens; `writing` that after none, as
    llama-bench measures where nothing else is asked for.
    """

    reading: float
    writing: float
    writing_behind: Mapping[int, float]

    @property
    def pass_ms(self) -> float:
        """Return the milliseconds of one forward pass behind nothing."""
        return 1000 / self.writing


def measure_floor(bench: Path, model: Path, threads: int, depths: Iterable[int]) -> Floor:
    """Run llama-bench; `threads` 0 tries one thread and all. Raises SetupError when it fails.

    `depths` are the numbers of tokens behind which writing is measured as well.
    """
    common = [bench, "-m", model, "-r", _REPETITIONS,
              "-t", ",".join(map(str, thread_choices(threads))), "-o", "json"]  # fmt: skip
    reading = _entries([*common, "-p", READ_TOKENS, "-n", 0])
    places = ",".join(map(str, sorted({0, *depths})))
    writing = _entries([*common, "-p", 0, "-n", WRITTEN_TOKENS, "-d", places])
    behind = {
        depth: max(entry["avg_ts"] for entry in writing if entry["n_depth"] == depth)
        for depth in {entry["n_depth"] for entry in writing}
    }
    return Floor(max(entry["avg_ts"] for entry in reading), behind[0], behind)


def measure_keystroke_ms(
    model: Path, threads: int, prompt_tokens: int, evaluated_tokens: int
) -> float:
    """Return the median time of one keystroke in a prompt of that length, straight in llama.cpp."""
    arguments = [str(number) for number in (prompt_tokens, evaluated_tokens)]
    script = Path(__file__).with_name("direct.py")
    return min(
        float(_output([sys.executable, str(script), str(model), str(number), *arguments]))
        for number in thread_choices(threads)
    )


def thread_choices(threads: int) -> list[int]:
    """Return the numbers of threads to try."""
    return [threads] if threads else sorted({1, len(os.sched_getaffinity(0))})


def _entries(command: Sequence[object]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(_output([str(word) for word in command]))
    return entries


def _output(command: list[str]) -> str:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        last = result.stderr.splitlines()[-1:]
        raise SetupError(f"{Path(command[0]).name} failed ({' '.join(last)}); try another model.")
    return result.stdout
