"""What llama.cpp itself needs on this machine: nothing that calls it can be faster.

`llama-bench` gives the speed of reading and of writing. A loop over its C interface (`direct.py`,
in a process of its own) gives the time of one keystroke without a socket, a plan or text.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from development.terminal import SetupError

READ_TOKENS = 512
WRITTEN_TOKENS = 64
_REPETITIONS = 3


@dataclass(frozen=True, slots=True)
class Floor:
    """Tokens a second, each with the number of threads that does best."""

    reading: float
    writing: float

    @property
    def pass_ms(self) -> float:
        """Return the milliseconds of one forward pass."""
        return 1000 / self.writing


def measure_floor(bench: Path, model: Path, threads: int) -> Floor:
    """Run llama-bench; `threads` 0 tries one thread and all. Raises SetupError when it fails."""
    command = [bench, "-m", model, "-p", READ_TOKENS, "-n", WRITTEN_TOKENS, "-r", _REPETITIONS,
               "-t", ",".join(map(str, thread_choices(threads))), "-o", "json"]  # fmt: skip
    entries = json.loads(_output([str(word) for word in command]))
    return Floor(
        reading=max(entry["avg_ts"] for entry in entries if entry["n_prompt"]),
        writing=max(entry["avg_ts"] for entry in entries if entry["n_gen"]),
    )


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


def _output(command: list[str]) -> str:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        last = result.stderr.splitlines()[-1:]
        raise SetupError(f"{Path(command[0]).name} failed ({' '.join(last)}); try another model.")
    return result.stdout
