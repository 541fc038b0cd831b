"""Asks in the terminal before anything is sent; without a terminal the answer is no."""

import argparse
import sys
from typing import TYPE_CHECKING

from cloister.core.errors import CloisterError
from cloister.features.escalation.approval import Approver, Choice
from cloister.features.escalation.preview import preview_text, summary

if TYPE_CHECKING:
    from cloister.features.escalation.approval import Preview


class ShownOnlyError(CloisterError):
    """What would have been sent was shown, which is all that was wanted."""


def approver(options: argparse.Namespace) -> Approver:
    """Return who decides, by what was given on the command line."""

    async def approve(preview: "Preview") -> Choice:
        if options.dry_run:
            sys.stdout.write(preview_text(preview))
            raise ShownOnlyError("Nothing was sent, as you wished.")
        return Choice.ONCE if options.yes or _says_yes(preview) else Choice.NO

    return Approver(approve, options.dry_run, _tell)


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def _says_yes(preview: "Preview") -> bool:
    if not sys.stdin.isatty():
        raise CloisterError(
            "Nothing was sent: nobody is there to agree; look with --dry-run and give --yes."
        )
    sys.stderr.write(f"{preview_text(preview)}\n{summary(preview)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
