"""Every acceptance test of the promise exists: a test function is named `test_<id>_…`.

N: network, P: policy, S: what is sent, secrets, audit, E: engine, L: protocol, R: resources.
"""

import ast
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
COUNTS = {"n": 10, "p": 12, "s": 8, "e": 7, "l": 2, "r": 1}
WANTED = {f"{kind}{n:02}" for kind, count in COUNTS.items() for n in range(1, count + 1)}


def test_there_are_forty() -> None:
    assert len(WANTED) == 40


def test_every_acceptance_test_exists() -> None:
    assert sorted(WANTED - _named()) == []


def _named() -> set[str]:
    return {
        name.split("_")[1]
        for path in TESTS.rglob("test_*.py")
        if "node_modules" not in path.parts
        for name in _functions(path)
        if name.startswith("test_") and name.count("_") > 1
    }


def _functions(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node.name for node in ast.walk(tree) if isinstance(node, kinds)]
