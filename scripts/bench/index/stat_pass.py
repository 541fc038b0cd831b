"""Asks the system for the facts of every file whose path is a line of standard input."""

import os
import sys

for line in sys.stdin:
    os.stat(line[:-1])  # noqa: PTH116  # the bare call is the floor
