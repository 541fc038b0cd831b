"""Judges an edit by running it: for the confined process alone, which `child.py` locks first.

Documentation and types are also held to what they may change. A verdict says nothing of what the
model wrote but the name of an exception.
"""

import ast
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType, ModuleType

_MODULE = "case"
_DOCUMENTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class _WrongError(Exception):
    """The edit is not what was asked for; says why."""


def judge(job: Mapping[str, str]) -> dict[str, object]:
    """Return `parses` and `problem`, empty where everything holds, of a job's `after`.

    `before` is the source that was edited, `action` what was asked for, `tests` what must run.
    """
    try:
        tree = ast.parse(job["after"])
        code = compile(tree, _MODULE, "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {"parses": False, "problem": "does not parse"}
    try:
        _require_only(job["action"], ast.parse(job["before"]), tree)
        module = ModuleType(_MODULE)
        sys.modules[_MODULE] = module
        exec(code, vars(module))  # noqa: S102  # running it is the measurement
        for function in _functions(vars(module)):
            typing.get_type_hints(function)
        tests = compile(job["tests"], "tests", "exec")
        exec(tests, {**vars(module), "SOURCE": job["after"]})  # noqa: S102  # the same
    except _WrongError as wrong:
        return {"parses": True, "problem": str(wrong)}
    except AssertionError:
        return {"parses": True, "problem": "a hidden test fails"}
    # What a model wrote may end in anything, `SystemExit` included.
    except BaseException as error:  # noqa: BLE001  # see above
        return {"parses": True, "problem": f"raises {type(error).__name__[:40]}"}
    return {"parses": True, "problem": ""}


def _require_only(action: str, before: ast.Module, after: ast.Module) -> None:
    """Raise _WrongError unless documentation or types were added, and nothing else was changed."""
    strip = _STRIPPED.get(action)
    if strip is None:
        return
    if ast.dump(before) == ast.dump(after):
        raise _WrongError("adds nothing")
    if ast.dump(strip(before)) != ast.dump(strip(after)):
        raise _WrongError("changes other code")
    texts = list(_documentation(after))
    if action == "document" and len(set(texts)) < len(texts):
        raise _WrongError("repeats other documentation")


def _documentation(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and (text := ast.get_docstring(node)):
            yield text


def _without_documentation(tree: ast.Module) -> ast.Module:
    tree = _copy(tree)
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node) is not None:
            del node.body[0]
    return tree


def _without_types(tree: ast.Module) -> ast.Module:
    tree = _copy(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
    tree.body = [it for it in tree.body if not isinstance(it, ast.Import | ast.ImportFrom)]
    return tree


def _copy(tree: ast.Module) -> ast.Module:
    return ast.parse(ast.unparse(tree))


_STRIPPED: dict[str, Callable[[ast.Module], ast.Module]] = {
    "document": _without_documentation,
    "annotate": _without_types,
}


def _functions(names: Mapping[str, object]) -> Iterator[FunctionType]:
    """Yield the functions and methods that the case itself defines."""
    for value in list(names.values()):
        if isinstance(value, FunctionType) and value.__module__ == _MODULE:
            yield value
        elif isinstance(value, type) and value.__module__ == _MODULE:
            yield from (it for it in vars(value).values() if isinstance(it, FunctionType))
