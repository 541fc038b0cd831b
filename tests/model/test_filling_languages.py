"""Holes in every first-class language, filled by the bundled model: right, or left alone.

It knows Python best and is small, so that what it writes is not looked at: only that the file still
parses, that nothing else changed, and that a refusal says so.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cloister.app import build_actions
from cloister.core.cancel import CancelToken
from cloister.core.edit import edited, inverse
from cloister.features.editing.act import ActionFeature
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.possibility import Selection, Wish
from cloister.features.editing.task import Hole
from cloister.features.escalation.approval import Approver, Choice, Preview
from cloister.settings.settings import Settings
from cloister.syntax.errors import syntax_errors
from cloister.syntax.languages import language_named
from cloister.syntax.tree import parse
from support.action_cases import FIRST_CLASS, ActionCase, cases_of, selection_of
from support.engine_process import private_engine

pytestmark = pytest.mark.model

DEADLINE_MS = 60_000


@pytest.fixture
async def feature(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[ActionFeature]:
    async with private_engine(monkeypatch):
        feature, backends = build_actions(Settings(), None, tmp_path)
        try:
            yield feature
        finally:
            feature.close()
            await backends.completion.close()
            await backends.action.close()


async def test_every_hole_is_filled_or_refused(feature: ActionFeature, tmp_path: Path) -> None:
    endings: dict[str, list[str]] = {"filled": [], "refused": []}
    for language in FIRST_CLASS:
        for case in cases_of(language).cases:
            if case.fill:
                place = selection_of(case, tmp_path)
                endings[await ending(feature, case, place)].append(str(case))
    assert endings["filled"]


async def ending(feature: ActionFeature, case: ActionCase, place: Selection) -> str:
    """Fill a hole and check what came of it."""
    possible = await feature.possibilities(place)
    chosen = next(it for it in possible if (it.action.name, it.title) == (case.action, case.title))
    assert isinstance(chosen.task, Hole)
    wish = Wish(case.action, case.title)
    try:
        edits = await feature.edits(place, wish, Approver(no), CancelToken.after_ms(DEADLINE_MS))
    except RefusedAnswerError:
        return "refused"
    before = place.document.text.value
    after = edited(before, edits)
    assert edited(after, inverse(before, edits)) == before
    assert n_errors(after, case) <= n_errors(before, case)
    lines = (before[: chosen.task.span.start], before[chosen.task.span.end :])
    assert after.startswith(lines[0].rstrip())
    assert after.endswith(lines[1].lstrip())
    return "filled"


def n_errors(source: str, case: ActionCase) -> int:
    return len(syntax_errors(parse(source, language_named(case.language))))


async def no(_preview: Preview) -> Choice:
    return Choice.NO
