"""`dev.py train`: how the bundled model is made."""

import argparse
from pathlib import Path

from train.knobs import SIZES


def main() -> int:
    """Run the named step."""
    parser = argparse.ArgumentParser(prog="scripts/dev.py train", description=__doc__)
    steps = parser.add_subparsers(required=True, metavar="STEP")

    step = steps.add_parser("corpus", help="download and clean what is learnt from")
    step.add_argument("--repositories", type=Path, required=True, metavar="FOLDER",
                      help="where repositories lie as OWNER+NAME/repo")  # fmt: skip
    step.set_defaults(run=_corpus)

    step = steps.add_parser("tokenizer", help="make the vocabulary")
    _add_size(step)
    step.set_defaults(run=_tokenizer)

    step = steps.add_parser("run", help="train until stopped; goes on where it was stopped")
    step.add_argument("--begin-with", type=Path, metavar="GGUF",
                      help="an earlier model of the same shape, to begin with")  # fmt: skip
    _add_machine(step)
    step.set_defaults(run=_run)

    step = steps.add_parser("decay", help="finish a checkpoint; the run can go on from it as well")
    step.add_argument("checkpoint", type=Path)
    step.add_argument("--tokens", type=float, required=True, help="how many to see meanwhile")
    step.add_argument("--row-tokens", type=int, help="the length of rows, default as in the run")
    _add_machine(step)
    step.set_defaults(run=_decay)

    step = steps.add_parser("export", help="write a checkpoint as a GGUF file")
    step.add_argument("checkpoint", type=Path)
    step.add_argument("gguf", type=Path)
    step.add_argument("--context", type=int, help="in tokens, default: its longest rows")
    step.add_argument("--exact", action="store_true", help="16 bits a weight instead of 8")
    step.set_defaults(run=_export)

    step = steps.add_parser("evaluate", help="measure models on what they never saw")
    step.add_argument("model", type=Path, nargs="+", metavar="GGUF")
    step.add_argument("--language", nargs="+", default=["python"])
    step.add_argument("--questions", type=int, default=1000, metavar="N", help="of each language")
    step.add_argument("--way", nargs="+", default=["default", "model alone", "copy alone"])
    step.add_argument("--knows", nargs="*", default=(), metavar="LANGUAGE_ID",
                      help="what it was trained on, default: as its family says")  # fmt: skip
    step.add_argument("--threads", type=int, default=1, metavar="N")
    step.set_defaults(run=_evaluate)

    options = parser.parse_args()
    return int(options.run(options))


def _add_size(step: argparse.ArgumentParser) -> None:
    step.add_argument("--size", choices=sorted(SIZES), default="small")


def _add_machine(step: argparse.ArgumentParser) -> None:
    _add_size(step)
    step.add_argument("--device", default="cpu", help="cpu or cuda")
    step.add_argument("--workers", type=int, default=1, help="processes that make rows")


# Each step is imported when it runs: the corpus needs no torch.


def _corpus(options: argparse.Namespace) -> int:
    from train.corpus import build

    return build(options)


def _tokenizer(options: argparse.Namespace) -> int:
    from train.tokenizer import build

    return build(options)


def _run(options: argparse.Namespace) -> int:
    from train.training import run

    return run(options)


def _decay(options: argparse.Namespace) -> int:
    from train.training import decay

    return decay(options)


def _export(options: argparse.Namespace) -> int:
    from train.export import run

    return run(options)


def _evaluate(options: argparse.Namespace) -> int:
    from train.evaluate import run

    return run(options)


if __name__ == "__main__":
    raise SystemExit(main())
