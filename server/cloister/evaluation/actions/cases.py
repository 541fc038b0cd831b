"""The cases that code actions are measured with: sources of ours, what to do, and hidden tests.

They are data, `cases/LANGUAGE/ACTION.toml`. The edit that solves a case replaces `old`, which
stands in its source once, by `new`; an action is asked for at `at`, else where `old` begins.
"""

import difflib
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from cloister.core.text import Span


@dataclass(frozen=True, slots=True)
class ActionCase:
    """One thing to do; `problem` is what a checker says of `at`, for `fix`.

    `tests` are statements that run behind the edited source, which they know as `SOURCE`.
    """

    name: str
    language: str
    action: str
    source: str
    old: str
    new: str
    tests: str
    problem: str = ""
    at: str = ""

    @property
    def span(self) -> Span:
        """What of the source the action is asked for."""
        text = self.at or self.old
        start = self.source.index(text)
        return Span(start, start + len(text.splitlines()[0]))

    @property
    def reference(self) -> str:
        """The source as it should become, or something as good."""
        return self.source.replace(self.old, self.new, 1)


def all_cases() -> list[ActionCase]:
    """Return every case, by language and action, the easier ones first."""
    root = files(__name__.rpartition(".")[0]) / "cases"
    return [
        ActionCase(action=table.name.removesuffix(".toml"), language=folder.name, **case)
        for folder in _by_name(root)
        for table in _by_name(folder)
        for case in tomllib.loads(table.read_text(encoding="utf-8"))["case"]
    ]


def spread(cases: list[ActionCase], n: int) -> list[ActionCase]:
    """Return at most `n` cases, the first ones of each action and language, in their order."""
    ranks: dict[tuple[str, str], int] = {}
    ranked = []
    for index, case in enumerate(cases):
        kind = (case.language, case.action)
        rank = ranks[kind] = ranks.get(kind, -1) + 1
        ranked.append((rank, index))
    return [cases[index] for index in sorted(index for _, index in sorted(ranked)[:n])]


def _by_name(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda it: it.name)


def changed_chars(before: str, after: str) -> int:
    """Return how many characters the changed lines have, those removed and those added."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    changes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(
        len("".join(old[first:last])) + len("".join(new[start:end]))
        for kind, first, last, start, end in changes
        if kind != "equal"
    )
