"""Lets `python -m cloister` stand for the `cloister` command."""

from cloister.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
