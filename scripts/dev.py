#!/usr/bin/env python3
"""The one entry to everything a developer does; needs only the standard library to start.

python3 scripts/dev.py demo [FILE:LINE:COLUMN ...]   set up what is missing, show completions
python3 scripts/dev.py test [PYTEST ARGUMENTS ...]   set up what is missing, run every test
python3 scripts/dev.py check                         the static gates
python3 scripts/dev.py generate                      rewrite generated files
python3 scripts/dev.py setup                         only set up
python3 scripts/dev.py bench NAME [--help]           measure; without a name: which there are
python3 scripts/dev.py train STEP [--help]           make the bundled model
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # whoever runs this may have an older one
    sys.exit(
        "cloister needs Python 3.11 or newer, and this is "
        f"{sys.version_info[0]}.{sys.version_info[1]}: install a newer one "
        "(Debian and Ubuntu: apt-get install python3; macOS: brew install python) "
        "and start this script with it."
    )

import argparse
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from development import environment, provision, vscode  # noqa: E402  # needs the path above
from development.terminal import SetupError, say, step  # noqa: E402  # the same


def main() -> int:
    """Run the named task; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="scripts/dev.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("task", choices=sorted(_TASKS), metavar="TASK")
    # Everything behind the task is its own, a `--help` too.
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args()
    try:
        return _TASKS[options.task](options.arguments)
    except SetupError as error:
        say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        return 130


def demo(arguments: list[str]) -> int:
    """Show real completions in the terminal."""
    python = environment.prepare(ROOT)
    return _run([python, str(ROOT / "scripts/development/demo.py"), *arguments])


def bench(arguments: list[str]) -> int:
    """Run one of the benchmarks, which are the packages in `scripts/bench`."""
    names = sorted(path.parent.name for path in ROOT.glob("scripts/bench/*/__main__.py"))
    if not arguments or arguments[0] not in names:
        say(f"Name a benchmark: {', '.join(names)}.")
        return 2
    python = environment.prepare(ROOT)
    command = [python, "-m", f"bench.{arguments[0]}", *arguments[1:]]
    return _run(command, {**os.environ, "PYTHONPATH": str(ROOT / "scripts")})


def train(arguments: list[str]) -> int:
    """Run a step of making the bundled model; what only that needs is installed first."""
    python = environment.prepare(ROOT)
    group = ["--group", f"{ROOT}/pyproject.toml:train"]
    if _run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *group]):
        return 1
    command = [python, "-m", "train", *arguments]
    return _run(command, {**os.environ, "PYTHONPATH": str(ROOT / "scripts")})


def setup(_arguments: list[str]) -> int:
    """Prepare the virtual environment."""
    python = environment.prepare(ROOT)
    say(f"Ready: {python.parent / 'cloister'}")
    return 0


def check(_arguments: list[str]) -> int:
    """Run every static gate, the same everywhere; returns 1 when one fails."""
    python = environment.prepare(ROOT)
    tools = python.parent
    gates = {
        "ruff check": [tools / "ruff", "check", "."],
        "ruff format": [tools / "ruff", "format", "--check", "."],
        "mypy": [tools / "mypy"],
        "import-linter": [tools / "lint-imports", "--no-cache"],
        "generated files": [python, "scripts/development/generate.py", "--check"],
    }
    failed = [name for name, command in gates.items() if not _passes(name, command)]
    if failed:
        say(f"Failed: {', '.join(failed)}.")
    return 1 if failed else 0


def vsix(_arguments: list[str]) -> int:
    """Build the VS Code extension and say where it is."""
    with step("VS Code extension"):
        say(f"   {vscode.ensure_extension(ROOT)}")
    return 0


def generate(_arguments: list[str]) -> int:
    """Rewrite the generated files."""
    python = environment.prepare(ROOT)
    return _run([python, str(ROOT / "scripts/development/generate.py")])


def test(arguments: list[str]) -> int:
    """Run the gates and the whole suite; what the machine cannot provide is named at the end."""
    python = environment.prepare(ROOT)
    parts = provision.provide(ROOT, python)
    failed_gates = 0 if arguments else check([])
    failed_tests = _run(
        [python, "-m", "pytest", *(arguments or ["-q"])], {**os.environ, **parts.variables}
    )
    for name, reason in parts.missing.items():
        say(f"NOT TESTED: {name}: {reason}")
    if parts.missing and os.environ.get("CI") == "true":
        say("With CI=true every part has to be there.")
        return 1
    return failed_gates or failed_tests


def _passes(name: str, command: list[str | Path]) -> bool:
    with step(name):
        return _run(command) == 0


def _run(command: list[str | Path], environ: dict[str, str] | None = None) -> int:
    return subprocess.run(
        [str(word) for word in command], cwd=ROOT, env=environ, check=False
    ).returncode


_TASKS = {
    "bench": bench,
    "train": train,
    "demo": demo,
    "test": test,
    "check": check,
    "generate": generate,
    "setup": setup,
    "vsix": vsix,
}

if __name__ == "__main__":
    raise SystemExit(main())
