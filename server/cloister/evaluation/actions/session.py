"""Evaluates code actions: asks for each case's action, and has the edited source judged."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter

from cloister.core.cancel import StoppedError
from cloister.core.errors import CloisterError
from cloister.evaluation.actions.cases import ActionCase, changed_chars
from cloister.evaluation.actions.confined import Verdict, judged

Act = Callable[[ActionCase], Awaitable[str]]
"""Returns the edited source; raises CloisterError or StoppedError when there is no edit."""

Judge = Callable[[ActionCase, str], Verdict]
OnCase = Callable[[int, int], object]


class Ending(StrEnum):
    """How a case ends; WRONG is an edit that does something else, BROKEN one that is no program."""

    SOLVED = "solved"
    WRONG = "wrong"
    BROKEN = "broken"
    STOPPED = "stopped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ActionResult:
    """How one case of a `language` went; `reason` is empty where it is solved.

    Sizes are characters of changed lines, `wanted_chars` those of the reference. `milliseconds`
    are those of the action alone.
    """

    name: str
    language: str
    action: str
    ending: Ending
    reason: str
    changed_chars: int
    wanted_chars: int
    milliseconds: float


async def evaluate_actions(
    cases: Sequence[ActionCase], act: Act, on_case: OnCase, judge: Judge = judged
) -> list[ActionResult]:
    """Return how every case went; raises CloisterError when edits cannot be judged here."""
    results = []
    for done, case in enumerate(cases, 1):
        results.append(await _evaluated(case, act, judge))
        on_case(done, len(cases))
    return results


async def _evaluated(case: ActionCase, act: Act, judge: Judge) -> ActionResult:
    started = perf_counter()
    after, refusal = await _edited(case, act)
    milliseconds = (perf_counter() - started) * 1000
    # One thing at a time: what is timed shall not share the machine.
    if refusal:
        ending, reason = Ending.REFUSED, refusal
    else:
        ending, reason = _ending(await asyncio.to_thread(judge, case, after))
    size = changed_chars(case.source, after)
    wanted = changed_chars(case.source, case.reference)
    names = (case.name, case.language, case.action)
    return ActionResult(*names, ending, reason, size, wanted, milliseconds)


async def _edited(case: ActionCase, act: Act) -> tuple[str, str]:
    """Return the edited source, and why there is none."""
    try:
        return await act(case), ""
    except StoppedError:
        return case.source, "The model took too long."
    except CloisterError as error:
        return case.source, str(error)


def _ending(verdict: Verdict) -> tuple[Ending, str]:
    if not verdict.problem:
        return Ending.SOLVED, ""
    if verdict.stopped:
        return Ending.STOPPED, verdict.problem
    return (Ending.WRONG if verdict.parses else Ending.BROKEN), verdict.problem
