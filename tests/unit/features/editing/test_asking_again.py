"""An answer that cannot be used goes back once, with the reason, and says whose words that has."""

from pathlib import Path

import pytest

from cloister.core.cancel import CancelToken
from cloister.core.chat import Message, Role
from cloister.core.document import DocumentSnapshot
from cloister.core.generation import Chunk, Finish, Generation, Timings
from cloister.core.privacy import Piece
from cloister.core.text import Span, Text
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.checking import FailedCheckError
from cloister.features.editing.instructing import Conversation, instructed, unchecked
from cloister.features.editing.steps import Step
from cloister.features.editing.task import Prose, Result
from cloister.features.escalation.pieces import said_by_others
from cloister.policy.privacy import is_provably_of_its_file

DOCUMENT = DocumentSnapshot("file:///a.py", Path("/a.py"), "python", 1, Text("x = 1\n"))
OWN = Piece(Path("/a.py"), Path("/a.py"), 0, 0, "x = 1", "document")
SAYS = "a.py:1: `x` is bad\n```"


def read(answer: str) -> Result:
    if answer == "bad":
        raise RefusedAnswerError("The model said nothing; try again.")
    return Prose(answer)


async def refuse_first(result: Result) -> Result:
    if result == Prose("first"):
        raise FailedCheckError("ruff", "a.py:1: `x` is bad", SAYS)
    return result


class Model:
    """Gives its answers in turn, and keeps what it was asked."""

    def __init__(self, *answers: str) -> None:
        self.asked = list[Conversation]()
        self.steps = list[Step]()
        self._answers = list(answers)

    async def __call__(self, asked: Conversation, _cancel: CancelToken) -> Generation:
        self.asked.append(asked)
        chunk = Chunk(self._answers.pop(0), 1.0)
        return Generation((chunk,), Finish.END, Timings())


def conversation() -> Conversation:
    def quoted(text: str) -> tuple[Piece, ...]:
        return said_by_others(DOCUMENT, Span(0, 5), text)

    return Conversation(read, (Message(Role.USER, "Do it."),), (OWN,), 100, quoted)


async def test_a_refused_answer_goes_back_once() -> None:
    model = Model("bad", "good")
    result = await instructed(
        conversation(), model, unchecked, model.steps.append, CancelToken.after_ms(1000)
    )
    assert result == Prose("good")
    _, again = model.asked
    assert [(it.role, it.text) for it in again.messages[1:]] == [
        (Role.ASSISTANT, "bad"),
        (
            Role.USER,
            "The model said nothing; try again.\n\nAnswer again, in full and in the same form.",
        ),
    ]
    assert again.pieces == (OWN,)
    reason = "Asking again: The model said nothing; try again."
    assert [it.message for it in model.steps] == [reason]


async def test_what_a_program_says_is_a_piece_of_nobody_knows_which_file() -> None:
    model = Model("first", "second")
    result = await instructed(
        conversation(), model, refuse_first, model.steps.append, CancelToken.after_ms(1000)
    )
    assert result == Prose("second")
    _, again = model.asked
    assert f"````\n{SAYS}\n````" in again.messages[-1].text
    own, said = again.pieces
    assert (own, said.text) == (OWN, SAYS)
    assert not is_provably_of_its_file(said)


@pytest.mark.parametrize("answers", [("bad", "bad"), ("first", "first"), ("bad", "first")])
async def test_there_is_no_third_time(answers: tuple[str, str]) -> None:
    model = Model(*answers)
    with pytest.raises(RefusedAnswerError):
        await instructed(
            conversation(), model, refuse_first, model.steps.append, CancelToken.after_ms(1000)
        )
    assert len(model.asked) == 2
