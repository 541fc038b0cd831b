"""Code actions as data: `tests/cases/actions/<language>.toml` holds a file and what is done there.

A case says where the cursor is (`at`, behind that text) or what is selected (`select`), the title
of the offer, what a model answers to the instruction and what it writes into the hole (`fill`), and
what becomes of the file as a diff without context (`result`, `filled`). A new file is named by
`file`.
"""

import tomllib
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from cloister.backends.scripted import Rule, ScriptedBackend
from cloister.core.cancel import CancelToken
from cloister.core.document import DocumentSnapshot
from cloister.core.edit import edited
from cloister.core.text import Span, Text
from cloister.features.editing.act import ActionFeature
from cloister.features.editing.possibility import Backends, Possibility, Selection, Wish
from cloister.features.editing.task import Result
from cloister.features.escalation.approval import Approver, Choice, Preview
from cloister.settings.settings import Settings
from cloister.syntax.languages import language_named
from support.marked import CASES

FOLDER = CASES / "actions"
FIRST_CLASS = (
    "bash",
    "c",
    "c_sharp",
    "cpp",
    "go",
    "java",
    "javascript",
    "kotlin",
    "lua",
    "php",
    "python",
    "ruby",
    "rust",
    "scala",
    "swift",
    "tsx",
    "typescript",
)
_DEADLINE_MS = 60_000
# Stands in every instruction.
_ASKED = "careful programmer"


@dataclass(frozen=True, slots=True)
class ActionCase:
    """One thing done at one place of a language's file."""

    language: str
    source: str
    path: str
    action: str
    title: str
    answer: str
    at: str = ""
    select: str = ""
    result: str = ""
    file: str = ""
    fill: str = ""
    filled: str = ""

    def __str__(self) -> str:
        return f"{self.language}-{self.title}"

    @property
    def span(self) -> Span:
        """Where the case is asked for."""
        wanted = self.select or self.at
        start = self.source.index(wanted)
        end = start + len(wanted)
        return Span(start if self.select else end, end)


@dataclass(frozen=True, slots=True)
class LanguageCases:
    """What is done in a language, and which actions make no sense there, with the reasons."""

    source: str
    path: str
    cases: tuple[ActionCase, ...]
    not_offered: dict[str, str]


def cases_of(language: str) -> LanguageCases:
    """Return the cases of a language."""
    data = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    source, path = data["source"], data["path"]
    cases = (ActionCase(language, source, path, **case) for case in data["case"])
    return LanguageCases(source, path, tuple(cases), data.get("not_offered", {}))


def all_cases() -> list[ActionCase]:
    """Return the cases of all languages."""
    return [case for language in FIRST_CLASS for case in cases_of(language).cases]


def changes(before: str, after: str) -> str:
    """Return what is different, as a diff without context."""
    texts = (before.splitlines(keepends=True), after.splitlines(keepends=True))
    return "".join(list(unified_diff(*texts, n=0))[2:])


def selection_of(case: ActionCase, root: Path, newline: str = "\n") -> Selection:
    """Return the place of a case in its file below `root`, with the line ends asked for."""
    path = root / case.path
    text = Text(case.source.replace("\n", newline))
    language_id = language_named(case.language).language_ids[0]
    document = DocumentSnapshot(path.as_uri(), path, language_id, 1, text)
    grown = len(newline) - 1
    start, end = (
        at + grown * case.source.count("\n", 0, at) for at in (case.span.start, case.span.end)
    )
    return Selection(document, Span(start, end), root=root)


async def offers_of(selection: Selection) -> list[Possibility]:
    """Return everything that is offered, to models that can do everything."""
    feature = _feature(Rule(instruction=_ASKED))
    try:
        return await feature.possibilities(selection)
    finally:
        feature.close()


async def done(case: ActionCase, selection: Selection, rule: Rule) -> Result:
    """Return what comes of a case when the model does what `rule` says."""
    feature = _feature(rule)
    wish = Wish(case.action, case.title)
    try:
        return await feature.result(
            selection, wish, Approver(_no), CancelToken.after_ms(_DEADLINE_MS)
        )
    finally:
        feature.close()


def answering(case: ActionCase) -> Rule:
    """Return a model that follows instructions."""
    return Rule(instruction=_ASKED, text=f"Sure:\n\n```\n{case.answer}```\n")


def filling(case: ActionCase) -> Rule:
    """Return a model that fills holes."""
    return Rule(text=case.fill)


def after_of(result: Result, selection: Selection) -> str:
    """Return the document after a result that edits it."""
    assert isinstance(result, tuple)
    return edited(selection.document.text.value, result)


def _feature(rule: Rule) -> ActionFeature:
    backend = ScriptedBackend([rule], context_tokens=8192)
    return ActionFeature(Backends(backend, backend), Settings(), None)


async def _no(_preview: Preview) -> Choice:
    return Choice.NO
