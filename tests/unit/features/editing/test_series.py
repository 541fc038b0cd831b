"""Several repairs become one edit; what cannot be used is left out, and nothing else changes."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.cancel import CancelToken, StoppedError
from cloister.core.document import DocumentSnapshot
from cloister.core.edit import TextEdit, edited, inverse
from cloister.core.errors import CloisterError
from cloister.core.text import Span, Text
from cloister.features.editing.answer import AnswerFormat, RefusedAnswerError
from cloister.features.editing.minimal import minimal_edits
from cloister.features.editing.place import Place, read_document
from cloister.features.editing.propose import Target, proposed_edits
from cloister.features.editing.series import made_in_turn
from cloister.features.editing.steps import Step, Watch, unwatched
from cloister.features.editing.task import Instruction, PartialEdits, Repair, Series
from cloister.syntax.languages import language_named

SOURCE = """\
import os


def a():
    return 1


def b():
    return 2


def c():
    return 3
"""
LOUD = {name: f"def {name}():\n    # changed\n    return 0" for name in "abc"}


async def test_all_repairs_are_one_edit() -> None:
    edits = await made(SOURCE, "abc", LOUD)
    assert isinstance(edits, tuple)
    wanted = SOURCE
    for number, name in enumerate("abc", 1):
        wanted = wanted.replace(f"def {name}():\n    return {number}", LOUD[name])
    assert edited(SOURCE, edits) == wanted
    assert edited(wanted, inverse(SOURCE, edits)) == SOURCE


async def test_an_import_comes_once_and_what_follows_is_found() -> None:
    answers = {name: f"import re\n\ndef {name}():\n    return re" for name in "abc"}
    edits = await made(SOURCE, "abc", answers)
    assert isinstance(edits, tuple)
    result = edited(SOURCE, edits)
    assert (result.count("import re\n"), result.count("return re")) == (1, 3)
    assert result.startswith("import os\nimport re\n\n\ndef a")


async def test_what_cannot_be_used_is_left_out_and_counted() -> None:
    made_of = await made(SOURCE, "abc", LOUD | {"b": "def b(:\n"})
    assert isinstance(made_of, PartialEdits)
    assert made_of.report == "Changed 4 of 6; for the others the model gave no usable answer."
    result = edited(SOURCE, made_of.edits)
    assert (result.count("# changed"), "return 2" in result) == (2, True)


async def test_when_nothing_can_be_used_the_first_reason_is_said() -> None:
    with pytest.raises(RefusedAnswerError, match=r"Nothing was fixed\. The result would not be"):
        await made(SOURCE, "ab", dict.fromkeys("ab", "def (:\n"))


async def test_cancelling_ends_it_between_repairs() -> None:
    cancel = CancelToken()
    asked: list[str] = []

    async def make(
        instruction: Instruction, _place: Place, _watch: Watch, token: CancelToken
    ) -> tuple[TextEdit, ...]:
        asked.append(instruction.text)
        cancel.cancel()
        assert token.cancelled
        raise StoppedError

    with pytest.raises(StoppedError):
        await made_in_turn(series_of(SOURCE, "abc"), place_of(SOURCE), make, unwatched, cancel)
    assert asked == ["a"]


async def test_one_that_takes_too_long_is_left_out() -> None:
    made_of = await made(SOURCE, "abc", LOUD | {"a": StoppedError()})
    assert isinstance(made_of, PartialEdits)
    assert "return 1" in edited(SOURCE, made_of.edits)


async def test_another_failure_ends_all_of_it() -> None:
    with pytest.raises(CloisterError, match="not running"):
        await made(SOURCE, "abc", LOUD | {"c": CloisterError("The engine is not running.")})


async def test_each_repair_is_numbered_for_who_waits() -> None:
    steps: list[Step] = []
    await made(SOURCE, "abc", LOUD, watch=steps.append)
    assert [it.message for it in steps] == ["1 of 3: Asking", "2 of 3: Asking", "3 of 3: Asking"]


WORDS = st.text(alphabet="ab #\n\té😀", max_size=12)


@given(
    pieces=st.lists(st.tuples(WORDS, WORDS, st.one_of(st.none(), WORDS)), min_size=1, max_size=6),
    data=st.data(),
)
async def test_only_what_was_repaired_changes(
    pieces: list[tuple[str, str, str | None]], data: st.DataObject
) -> None:
    """Between the places of the repairs text is only added, as imports are."""
    line_end = data.draw(st.sampled_from(["\n", "\r\n"]))
    pieces = [
        (
            gap.replace("\n", line_end),
            old.replace("\n", line_end),
            new and new.replace("\n", line_end),
        )
        for gap, old, new in pieces
    ]
    source, spans = "", []
    for gap, old, _ in pieces:
        start = len(source) + len(gap) + len(line_end)
        source += f"{gap}{line_end}{old}{line_end}"
        spans.append(Span(start, start + len(old)))
    answers = {str(number): new for number, (_, _, new) in enumerate(pieces)}

    async def make(
        instruction: Instruction, place: Place, _watch: Watch, _cancel: CancelToken
    ) -> tuple[TextEdit, ...]:
        wanted, span = answers[instruction.text], instruction.span
        old = place.text.value[span.start : span.end]
        assert old == pieces[int(instruction.text)][1]
        if wanted is None or wanted == old:
            raise RefusedAnswerError("No.")
        return TextEdit(Span(0, 0), f"+{line_end}"), *minimal_edits(old, wanted, span.start)

    series = Series(
        tuple(Repair(Instruction(span, str(number)), 1) for number, span in enumerate(spans))
    )
    accepted = [number for number, (_, old, new) in enumerate(pieces) if new not in (None, old)]
    wanted = f"+{line_end}" * len(accepted)
    for gap, old, new in pieces:
        wanted += f"{gap}{line_end}{old if new is None else new}{line_end}"
    try:
        result = await made_in_turn(series, place_of(source), make, unwatched, CancelToken())
    except RefusedAnswerError:
        assert not accepted
    else:
        edits = result.edits if isinstance(result, PartialEdits) else result
        assert edited(source, edits) == wanted


async def made(
    source: str,
    names: str,
    answers: dict[str, str | Exception],
    watch: Watch = unwatched,
) -> Sequence[TextEdit] | PartialEdits:
    """Return what comes of repairs of two problems each, answered as `answers` say by function."""

    async def make(
        instruction: Instruction, place: Place, watch: Watch, _cancel: CancelToken
    ) -> tuple[TextEdit, ...]:
        watch(Step("Asking"))
        answer = answers[instruction.text]
        if isinstance(answer, Exception):
            raise answer
        document, language = place.read.document, place.read.language
        target = Target(document, instruction.span, language, instruction.promise)
        return proposed_edits(f"```python\n{answer}\n```", target, AnswerFormat.WHOLE)

    return await made_in_turn(
        series_of(source, names), place_of(source), make, watch, CancelToken()
    )


def series_of(source: str, names: str) -> Series:
    starts = [source.index(f"def {name}") for name in names]
    spans = [
        Span(start, source.index("\n\n", start) if "\n\n" in source[start:] else len(source) - 1)
        for start in starts
    ]
    return Series(
        tuple(Repair(Instruction(span, name), 2) for name, span in zip(names, spans, strict=True))
    )


def place_of(source: str) -> Place:
    document = DocumentSnapshot("file:///a.py", Path("/a.py"), "python", 1, Text(source))
    language = language_named("python")
    assert language is not None
    return Place(read_document(document, language), Span(0, 0))
