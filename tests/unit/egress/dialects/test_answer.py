"""Answers of services: in any pieces, damaged, cut off, with errors in them, or far too large."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.errors import CloisterError, ModelError, PassingError
from cloister.egress.dialects import Counted, Dialect, Ended, Event, Wrote, openai
from cloister.egress.dialects.answer import AnswerReader, Asked
from support.service_answers import ANSWERS, TEXT, ServiceAnswer, chat_delta, events

ASKED = Asked("The service", "model-1")

each_answer = pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)


def read(dialect: Dialect, *parts: bytes) -> list[Event]:
    reader = AnswerReader(dialect, ASKED)
    return [event for part in parts for event in reader.feed(part)] + reader.close()


def text_of(found: list[Event]) -> str:
    return "".join(event.text for event in found if isinstance(event, Wrote))


def counted_of(found: list[Event]) -> Counted:
    values: list[list[int]] = [[], [], []]
    for event in found:
        if isinstance(event, Counted):
            told = (event.prompt_tokens, event.generated_tokens, event.reused_tokens)
            for index, count in enumerate(told):
                values[index] += [] if count is None else [count]
    return Counted(*(them[-1] if them else None for them in values))


@each_answer
def test_it_says_what_the_documentation_says(answer: ServiceAnswer) -> None:
    found = read(answer.dialect, answer.body)
    assert text_of(found) == TEXT
    assert counted_of(found) == answer.counted
    assert [event for event in found if isinstance(event, Ended)] == [Ended(answer.finish)]


@each_answer
def test_it_says_the_same_in_any_pieces(answer: ServiceAnswer) -> None:
    whole = read(answer.dialect, answer.body)
    single = [answer.body[index : index + 1] for index in range(len(answer.body))]
    assert read(answer.dialect, *single) == whole
    assert read(answer.dialect, answer.body.replace(b"\n", b"\r\n")) == whole


@each_answer
def test_what_is_cut_off_is_said_to_be(answer: ServiceAnswer) -> None:
    start = 0
    for end in range(len(answer.body) // 2):
        with pytest.raises(PassingError, match=r"cut off|was not understood"):
            read(answer.dialect, answer.body[start:end])


def test_an_empty_answer_is_cut_off() -> None:
    with pytest.raises(PassingError, match=r"^The answer of The service was cut off; try again\.$"):
        read(openai.CHAT)


@each_answer
def test_a_damaged_object_is_one_sentence(answer: ServiceAnswer) -> None:
    damaged = answer.body.replace(b"{", b"{!", 1)
    with pytest.raises(PassingError, match="was not understood"):
        read(answer.dialect, damaged)


@pytest.mark.parametrize(
    "fields",
    [
        {"choices": 5},
        {"choices": [5]},
        {"choices": [{"delta": 5}]},
        {"choices": [{"text": "x", "logprobs": {"token_logprobs": "no"}}]},
        {"choices": [], "usage": 5},
        {"choices": [], "usage": {"prompt_tokens": "many"}},
        {"choices": [], "usage": {"prompt_tokens": -1}},
        {"choices": [], "usage": {"prompt_tokens": True}},
        {"choices": [{"text": "x", "logprobs": {"token_logprobs": [1e308, 1e308]}}], "usage": 1},
        [],
        "text",
    ],
)
def test_objects_of_another_shape_are_not_understood(fields: object) -> None:
    with pytest.raises(PassingError, match="was not understood"):
        read(openai.MARKED, f"data: {json.dumps(fields)}\n\n".encode())


def test_nothing_is_written_after_the_end() -> None:
    found = read(openai.CHAT, events(chat_delta("a", "stop"), chat_delta("b")))
    assert text_of(found) == "a"


def test_an_error_in_the_middle_ends_the_answer() -> None:
    error = {"error": {"message": "secret words: overloaded", "type": "overloaded_error"}}
    reader = AnswerReader(openai.CHAT, ASKED)
    assert text_of(reader.feed(events(chat_delta("a")))) == "a"
    with pytest.raises(PassingError, match="takes no more requests now") as raised:
        reader.feed(events(error))
    assert "secret" not in str(raised.value)


def test_a_prompt_that_is_too_long_may_be_told_in_the_middle() -> None:
    error = {"error": {"code": 400, "type": "exceed_context_size_error", "message": "request"}}
    with pytest.raises(ModelError, match="too long for 'model-1'"):
        read(openai.CHAT, events(error))


@pytest.mark.parametrize(
    "endless", [b"x" * 4096, b"data: " + b"x" * 4000 + b"\n", b'{"a": "' * 500]
)
def test_an_object_without_an_end_is_given_up(endless: bytes) -> None:
    with pytest.raises(PassingError, match="was not understood"):
        read(openai.CHAT, *[endless] * (2_000_000 // len(endless)))


@given(st.lists(st.binary(max_size=60), max_size=8), st.sampled_from(ANSWERS))
def test_any_bytes_end_in_a_sentence(parts: list[bytes], answer: ServiceAnswer) -> None:
    with pytest.raises(CloisterError):
        read(answer.dialect, *parts)


@given(st.data(), st.sampled_from(ANSWERS))
def test_any_damage_ends_in_events_or_a_sentence(
    data: st.DataObject, answer: ServiceAnswer
) -> None:
    start = data.draw(st.integers(0, len(answer.body)))
    end = data.draw(st.integers(start, min(len(answer.body), start + 40)))
    junk = data.draw(st.binary(max_size=20))
    try:
        found = read(answer.dialect, answer.body[:start] + junk + answer.body[end:])
    except CloisterError:
        return
    assert any(isinstance(event, Ended) for event in found)


@pytest.mark.parametrize(
    ("name", "probabilities"),
    [
        ("vllm completions", [0.741, 0.741]),
        ("llama-server infill", [0.905, 0.819]),
        ("ollama generate", [None, None]),
    ],
)
def test_probabilities_are_those_of_all_tokens(
    name: str, probabilities: list[float | None]
) -> None:
    answer = next(answer for answer in ANSWERS if answer.name == name)
    found = [event for event in read(answer.dialect, answer.body) if isinstance(event, Wrote)]
    told = [None if it.probability is None else round(it.probability, 3) for it in found]
    assert told == probabilities


def test_llama_server_tells_probabilities_of_completions_like_those_of_chats() -> None:
    logprobs = {"content": [{"token": "x", "logprob": -1.0}, {"token": "y", "logprob": -1.0}]}
    part = {"choices": [{"text": "xy", "logprobs": logprobs, "finish_reason": "stop"}]}
    (wrote, _) = read(openai.MARKED, events(part))
    assert isinstance(wrote, Wrote)
    assert wrote.probability == pytest.approx(0.1353, abs=1e-4)
