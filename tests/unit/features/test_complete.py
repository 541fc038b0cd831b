import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from cloister.backends.base import OnChunk
from cloister.backends.scripted import Rule, ScriptedBackend
from cloister.core.cancel import CancelToken
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import ModelError, PassingError
from cloister.core.generation import Finish, Generation, GenerationRequest
from cloister.core.model import ModelDescription
from cloister.core.outcome import OutcomeKind
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Text
from cloister.features.completion.complete import CompletionFeature
from cloister.features.completion.result import CompletionResult
from cloister.observe.outcomes import OutcomeRing
from cloister.settings.settings import CompletionSettings, Settings
from support.marked import cursor


class Bench:
    """One completion feature over a script, and the calls that reached the backend."""

    def __init__(self, *rules: Rule, settings: Settings | None = None) -> None:
        self.outcomes = OutcomeRing()
        self.failures: list[str] = []
        self.feature = CompletionFeature(
            ScriptedBackend(rules), settings or Settings(), self.outcomes, self.failures.append
        )

    async def complete(
        self,
        marked: str,
        *,
        language_id: str = "python",
        trigger: Trigger = Trigger.AUTOMATIC,
        cancel: CancelToken | None = None,
    ) -> CompletionResult:
        text, offset = cursor(marked)
        document = DocumentSnapshot("file:///a.py", Path("/a.py"), language_id, 1, Text(text))
        request = CompletionRequest(document, offset, trigger)
        return await self.feature.complete(request, cancel or CancelToken.after_ms(60_000))


def accepted(marked: str, result: CompletionResult) -> str:
    """Return the document after accepting the only suggestion."""
    (suggestion,) = result.suggestions
    text, _ = cursor(marked)
    return text[: suggestion.span.start] + suggestion.text + text[suggestion.span.end :]


@pytest.mark.parametrize(
    ("marked", "written", "expected"),
    [
        ("x = ║\n", "foo(1)\n", "x = foo(1)\n"),
        ("def f║\n", "oo():\n    pass\n", "def foo():\n    pass\n"),
        ("print(║)\n", "xy)\n", "print(xy)\n"),
        ("x = '😀' + ab║\n", "cd", "x = '😀' + abcd\n"),
        ("x = 名║\n", "前()", "x = 名前()\n"),
        ("if x:\n    ║\n", "return x\n", "if x:\n    return x\n"),
        ("║", "import os\n", "import os"),
    ],
)
async def test_accepting_a_suggestion_gives(marked: str, written: str, expected: str) -> None:
    result = await Bench(Rule(text=written)).complete(marked)
    assert result.outcome.kind is OutcomeKind.SHOWN
    assert accepted(marked, result) == expected


@pytest.mark.parametrize(
    ("marked", "replaced"),
    [
        ("x = fo║\n", "fo"),
        ("x = ║\n", ""),
        ("if x:\n    ║\n", "    "),
        ("x = '😀'║\n", ""),
        ("x = a😀b║\n", "b"),
    ],
)
async def test_the_range_starts_where_every_editor_shows_it(marked: str, replaced: str) -> None:
    result = await Bench(Rule(text="zz")).complete(marked)
    (suggestion,) = result.suggestions
    text, offset = cursor(marked)
    assert text[suggestion.span.start : suggestion.span.end] == replaced
    assert suggestion.span.end == offset
    assert suggestion.text.startswith(replaced)


async def test_typing_through_a_suggestion_needs_no_backend() -> None:
    bench = Bench(Rule(after="x = ", text="foo(1)"), Rule(after="x = fo", fail="asked again"))
    await bench.complete("x = ║\n")
    result = await bench.complete("x = fo║\n")
    assert accepted("x = fo║\n", result) == "x = foo(1)\n"
    assert result.timings.evaluated_tokens == 0


async def test_typing_through_works_after_a_half_typed_word() -> None:
    bench = Bench(Rule(after="x = pri", text="nt(1)"), Rule(after="x = prin", fail="asked again"))
    await bench.complete("x = pri║\n")
    result = await bench.complete("x = prin║\n")
    assert accepted("x = prin║\n", result) == "x = print(1)\n"


async def test_nothing_more_is_written_once_it_could_not_be_shown() -> None:
    bench = Bench(Rule(text="one(\n  two,\n  three,\n)", probability=0.2))
    shown = await bench.complete("x = ║")
    assert shown.timings.generated_tokens == 4
    bench.feature.reconfigure(Settings(completion=CompletionSettings(min_confidence=0.3)))
    dropped = await bench.complete("x = ║")
    assert dropped.outcome.kind is OutcomeKind.DROPPED
    assert dropped.timings.generated_tokens == 1


async def test_a_line_that_the_limit_cut_is_not_shown() -> None:
    class Cut(ScriptedBackend):
        async def generate(
            self, request: GenerationRequest, on_chunk: OnChunk, cancel: CancelToken
        ) -> Generation:
            whole = await super().generate(request, on_chunk, cancel)
            return replace(whole, finish=Finish.LENGTH)

    bench = Bench()
    bench.feature.reconfigure(Settings(), Cut([Rule(text="(\n    1,\n    2 +")]))
    result = await bench.complete("x = f║\n")
    assert accepted("x = f║\n", result) == "x = f(\n    1,\n"


async def test_another_backend_ends_what_the_first_was_asked() -> None:
    bench = Bench(Rule(hold=True))
    token = bench.feature.supersede("file:///a.py")
    asked = asyncio.ensure_future(bench.complete("a = ║", cancel=token))
    await asyncio.sleep(0)
    bench.feature.reconfigure(Settings(), ScriptedBackend([Rule(text="other")]))
    assert (await asked).outcome.kind is OutcomeKind.CANCELLED
    assert bench.failures == []
    assert accepted("a = ║", await bench.complete("a = ║")) == "a = other"


async def test_other_settings_forget_what_was_shown_before() -> None:
    bench = Bench(Rule(text="12", probability=0.5))
    await bench.complete("a = ║")
    bench.feature.reconfigure(Settings(completion=CompletionSettings(min_confidence=0.9)))
    assert (await bench.complete("a = ║")).outcome.kind is OutcomeKind.DROPPED


async def test_an_old_backend_cannot_rename_the_model() -> None:
    class Slow(ScriptedBackend):
        released = asyncio.Event()

        async def describe(self) -> ModelDescription:
            await self.released.wait()
            return replace(await super().describe(), name="cloister-old")

    bench = Bench()
    bench.feature.reconfigure(Settings(), Slow(()))
    bench.feature.prepare()
    await asyncio.sleep(0)
    bench.feature.reconfigure(Settings(), ScriptedBackend([Rule(text="12")]))
    Slow.released.set()
    await bench.complete("a = ║")
    assert bench.feature.model == "cloister-scripted"


@pytest.mark.parametrize(
    ("marked", "reason"),
    [
        ("fo║o\n", "inside a word"),
        ("x = '" + "a" * 3000 + "'║", "longer than"),
        ("a\0║", "binary"),
    ],
)
async def test_places_that_get_no_completion_say_why(marked: str, reason: str) -> None:
    result = await Bench(Rule(text="zz")).complete(marked)
    assert result.outcome.kind is OutcomeKind.DECLINED
    assert reason in result.outcome.reason
    assert result.suggestions == ()


async def test_asking_for_it_completes_inside_a_word() -> None:
    result = await Bench(Rule(text="zz")).complete("fo║o\n", trigger=Trigger.INVOKED)
    assert result.outcome.kind is OutcomeKind.SHOWN


async def test_a_language_the_model_does_not_know_is_declined_by_name() -> None:
    result = await Bench(Rule(text="zz")).complete("x = ║", language_id="latex")
    assert result.outcome.kind is OutcomeKind.DECLINED
    assert "latex" in result.outcome.reason


async def test_switched_off_means_declined() -> None:
    result = await Bench(Rule(text="zz"), settings=Settings(enabled=False)).complete("x = ║")
    assert result.outcome.kind is OutcomeKind.DECLINED


async def test_nothing_to_add_is_empty() -> None:
    result = await Bench(Rule(text="")).complete("x = ║")
    assert result.outcome.kind is OutcomeKind.EMPTY


async def test_an_unsure_model_is_dropped_with_a_reason() -> None:
    result = await Bench(Rule(text="zz", probability=0.01)).complete("x = ║")
    assert result.outcome.kind is OutcomeKind.DROPPED
    assert "not sure" in result.outcome.reason


async def test_a_failing_backend_is_an_outcome_and_one_message() -> None:
    bench = Bench(Rule(fail="The engine is off; restart the editor."))
    result = await bench.complete("x = ║")
    assert result.outcome.kind is OutcomeKind.FAILED
    assert bench.failures == ["The engine is off; restart the editor."]


async def test_a_bug_is_an_outcome_and_its_text_stays_out_of_it() -> None:
    result = await Bench(Rule(crash=True)).complete("x = ║")
    assert result.outcome.kind is OutcomeKind.FAILED
    assert "RuntimeError" in result.outcome.reason
    assert "scripted crash" not in result.outcome.reason


async def test_a_superseded_request_ends_at_once() -> None:
    bench = Bench(Rule(after="a = ", hold=True), Rule(after="b = ", text="12"))
    first = asyncio.ensure_future(
        bench.complete("a = ║", cancel=bench.feature.supersede("file:///a.py"))
    )
    await asyncio.sleep(0)
    second = await bench.complete("b = ║", cancel=bench.feature.supersede("file:///a.py"))
    assert (await first).outcome.kind is OutcomeKind.CANCELLED
    assert second.outcome.kind is OutcomeKind.SHOWN


async def test_a_deadline_makes_a_late_outcome() -> None:
    settings = Settings(completion=CompletionSettings(deadline_ms=50))
    bench = Bench(Rule(hold=True), settings=settings)
    result = await bench.complete("a = ║", cancel=bench.feature.supersede("file:///a.py"))
    assert result.outcome.kind is OutcomeKind.LATE


async def test_every_request_leaves_exactly_one_outcome() -> None:
    bench = Bench(Rule(after="a = ", text="12"), Rule(after="b = ", fail="no"), Rule(text=""))
    for marked in ("a = ║", "b = ║", "c = ║", "fo║o"):
        await bench.complete(marked)
    assert bench.outcomes.counts() == {
        "shown": 1, "failed": 1, "empty": 1, "declined": 1, "accepted": 0
    }  # fmt: skip


async def test_a_cancelled_task_is_recorded_and_stays_cancelled() -> None:
    bench = Bench(Rule(hold=True))
    task = asyncio.ensure_future(bench.complete("a = ║"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bench.outcomes.counts()["cancelled"] == 1


async def test_preparing_loads_the_model_once_and_says_what_is_wrong() -> None:
    class Broken(ScriptedBackend):
        n_calls = 0

        async def describe(self) -> ModelDescription:
            self.n_calls += 1
            raise ModelError("The model is broken; choose another one.")

    backend, failures = Broken(()), asyncio.Queue[str]()
    feature = CompletionFeature(backend, Settings(), OutcomeRing(), failures.put_nowait)
    feature.prepare()
    feature.prepare()
    assert await failures.get() == "The model is broken; choose another one."
    assert backend.n_calls == 1


async def test_what_mends_itself_is_an_outcome_without_a_message() -> None:
    class Restarting(ScriptedBackend):
        async def describe(self) -> ModelDescription:
            raise PassingError("The engine starts again in a few seconds.")

    bench = Bench()
    bench.feature.reconfigure(Settings(), Restarting(()))
    bench.feature.prepare()
    result = await bench.complete("x = ║")
    assert result.outcome.kind is OutcomeKind.FAILED
    assert result.outcome.reason == "The engine starts again in a few seconds."
    assert bench.failures == []


async def test_nothing_is_prepared_while_switched_off() -> None:
    bench = Bench(settings=Settings(enabled=False))
    bench.feature.prepare()
    await asyncio.sleep(0)
    assert bench.feature.model is None
