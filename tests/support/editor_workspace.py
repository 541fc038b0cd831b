"""A small workspace for editors, in which one file needs what another one defines."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

CLOISTER = Path(sys.executable).with_name("cloister")
# A model with room for text of other files.
CONTEXT_TOKENS = 8192

SHAPES = '''"""Shapes that can be drawn."""


class Circle:
    """A circle around the origin."""

    def circumference(self, digits: int) -> float:
        """Return the way around it."""
        return round(6.28318 * self.radius, digits)
'''
USE = "from shapes import Circle\n\n\ndef measure(circle: Circle) -> float:\n    return circle."


def write_workspace(root: Path) -> None:
    """Write the files: `app.py`, which ends where a name of `shapes.py` is wanted."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "pyproject.toml").touch()
    (root / "shapes.py").write_text(SHAPES, encoding="utf-8")
    (root / "app.py").write_text(USE, encoding="utf-8")


def build_index(root: Path, environment: Mapping[str, str]) -> None:
    """Build the index where an editor with this environment finds it."""
    subprocess.run(
        [CLOISTER, "index", str(root)], env=environment, check=True, capture_output=True, timeout=60
    )
