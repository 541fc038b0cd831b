"""`dev.py bench engine`: what a keystroke costs, beside llama-server and llama.cpp's own speed.

All of it runs one after the other in this one run, so ratios mean something on any machine.
"""

import argparse
import asyncio
import os
import sys
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.engine.measure import measure
from bench.engine.rows import Measurements, rows_of
from bench.grown_model import ensure_grown_model
from bench.llama_build import LlamaPrograms, ensure_llama_programs
from bench.qwen_coder import SHAPES, ensure_random_model
from bench.report import as_json
from bench.table import print_table
from cloister.core.errors import CloisterError
from cloister.models.catalogue import resolve_model
from development.terminal import SetupError
from development.vocabularies import ensure_vocabularies

_ROOT = Path(__file__).resolve().parents[3]
_LEAST_KEYSTROKES = 20


def main() -> int:
    """Measure and print; returns 1 when something cannot run."""
    options = _parser().parse_args()
    try:
        # Progress is no part of the result.
        with redirect_stdout(sys.stderr):
            model, programs = _model(options), _programs(options)
            measuring = measure(model, programs, options.threads, options.keystrokes)
            measurements = asyncio.run(measuring)
    except (CloisterError, SetupError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    facts, rows = _facts(model, options, measurements), rows_of(measurements)
    if options.json:
        print(as_json(facts, asdict(measurements), rows))
    else:
        print_table(facts, rows)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/dev.py bench engine", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--model", type=Path, metavar="GGUF", help="default: the bundled model")
    which.add_argument("--shape", choices=SHAPES, help="random weights in Qwen2.5-Coder's shape")
    which.add_argument(
        "--grown", action="store_true", help="the bundled model's answers at the cost of 0.5B"
    )
    peer = parser.add_mutually_exclusive_group()
    peer.add_argument(
        "--peer", type=Path, metavar="LLAMA_SERVER", help="default: built from the wheel's source"
    )
    peer.add_argument("--alone", action="store_true", help="compare with nothing")
    parser.add_argument("--keystrokes", type=_keystrokes, default=300, metavar="N")
    parser.add_argument("--threads", type=int, default=0, metavar="N", help="default: each decides")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _keystrokes(word: str) -> int:
    if not word.isdecimal() or int(word) < _LEAST_KEYSTROKES:
        raise argparse.ArgumentTypeError(f"at least {_LEAST_KEYSTROKES} are needed")
    return int(word)


def _programs(options: argparse.Namespace) -> LlamaPrograms | None:
    if options.peer:
        return LlamaPrograms(options.peer, options.peer.with_name("llama-bench"))
    return None if options.alone else ensure_llama_programs(_ROOT)


def _model(options: argparse.Namespace) -> Path:
    if options.shape:
        vocabularies = ensure_vocabularies(_ROOT, Path(sys.executable))
        qwen2 = vocabularies / "ggml-vocab-qwen2.gguf"
        return ensure_random_model(_ROOT / ".dev/models", options.shape, qwen2)
    if options.grown:
        return ensure_grown_model(_ROOT / ".dev/models", resolve_model(None).path)
    return resolve_model(str(options.model.absolute()) if options.model else None).path


def _facts(model: Path, options: argparse.Namespace, it: Measurements) -> dict[str, Any]:
    return {
        "model": model.name,
        "megabytes": model.stat().st_size // 1_000_000,
        "processors": os.cpu_count(),
        "threads": options.threads or "as each decides",
        "keystrokes": len(it.ours),
        "prompt tokens at the end": it.ours[-1].prompt_tokens,
    }


if __name__ == "__main__":
    raise SystemExit(main())
