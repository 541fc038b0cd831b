"""`dev.py bench mixture`: how much weight copying deserves beside a model, fitted and measured.

Lines of code that the model was not trained on are fed to it token by token. The weights that make
them likeliest are what `cloister/engine/mixture.py` should hold. Every fifth line is not fitted to,
and says what the weights are worth.
"""

import argparse
import math
import sys
from pathlib import Path

import rich
from rich.console import Console
from rich.progress import Progress

from bench.approximation.cases import choose_cases, read_sources
from bench.mixture.fitting import fit, nats, table_of
from bench.mixture.observations import observe
from cloister.core.errors import CloisterError
from cloister.engine.llama.model import open_model
from cloister.engine.mixture import FAR, NEAR, Weighing
from cloister.models.catalogue import resolve_model

_TESTED_SHARE = 5


def main() -> int:
    """Fit and print; returns 1 when something cannot run."""
    options = _parser().parse_args()
    folders = options.source or [Path(rich.__file__).parent]
    try:
        name = str(options.model.absolute()) if options.model else None
        model = open_model(resolve_model(name).path, options.threads, lambda _fraction: None)
        observations = []
        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task("cases", total=options.cases * len(folders))
            for folder in folders:
                sources = read_sources([folder])
                cases = choose_cases(sources, options.cases)
                advance = lambda: progress.advance(task)  # noqa: E731  # a name for the line's sake
                observations += observe(model, cases, dict(sources), advance)
        model.close()
    except CloisterError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    if not observations:
        print("bench: There is no case to fit to; name Python code with --source.", file=sys.stderr)
        return 1
    fitted = table_of([it for it in observations if it.case % _TESTED_SHARE])
    tested = table_of([it for it in observations if it.case % _TESTED_SHARE == 0])
    near, far = fit(fitted)
    nothing = Weighing(-math.inf, 0.0, 0.0, 0.0, 0.0)
    print(f"{len(observations)} tokens; nats a token on every {_TESTED_SHARE}th line:")
    for title, weights in {
        "the model alone": (nothing, nothing),
        "with the file at hand": (near, nothing),
        "with other files too": (near, far),
        "the same, with the weights in use": (NEAR, FAR),
    }.items():
        print(f"  {nats(tested, *weights):.3f}  {title}")
    for title, weighing in {"NEAR": near, "FAR": far}.items():
        numbers = ", ".join(f"{name}={value:.2f}" for name, value in weighing._asdict().items())
        print(f"{title} = Weighing({numbers})")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/dev.py bench mixture", description=__doc__)
    parser.add_argument("--model", type=Path, metavar="GGUF", help="default: the bundled model")
    parser.add_argument(
        "--source",
        type=Path,
        action="append",
        metavar="FOLDER",
        help="Python code that the model was not trained on, several times; default: rich",
    )
    parser.add_argument("--cases", type=int, default=200, metavar="N", help="lines of each source")
    parser.add_argument("--threads", type=int, default=1, metavar="N")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
