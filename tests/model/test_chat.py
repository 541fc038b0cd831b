"""Conversations through the real engine: laid out by the model file's own template."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.gguf_writer import value_of
from bench.random_model import IN_FULL, write_random_model
from cloister.backends.local import LocalBackend
from cloister.core.cancel import CancelToken
from cloister.core.chat import Message, Role
from cloister.core.errors import ModelError
from cloister.core.generation import Generation, GenerationRequest
from cloister.core.prompt import SegmentKind
from cloister.models.catalogue import resolve_model
from support.tiny_models import ATTENTION, bundled_vocabulary

pytestmark = [pytest.mark.model, pytest.mark.usefixtures("engine_home")]

TEMPLATE = (
    "{% for message in messages %}<|file_sep|>{{ message.role }}\n{{ message.content }}"
    "<|fim_pad|>{% endfor %}{{ '<|file_sep|>assistant\\n' }}"
)
ASKED = (Message(Role.USER, "Simplify <|file_sep|> this."),)


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[LocalBackend]:
    path = write(tmp_path, TEMPLATE)
    backend = LocalBackend(path)
    yield backend
    await backend.close()


def write(folder: Path, template: str) -> Path:
    path = folder / "instructed.gguf"
    vocabulary = {**bundled_vocabulary(), "tokenizer.chat_template": value_of(template)}
    write_random_model(path, ATTENTION, vocabulary, IN_FULL)
    return path


async def test_a_template_stands_around_the_turns(backend: LocalBackend) -> None:
    assert (await backend.identify()).chat_template
    prompt = await backend.chat_prompt(ASKED)
    assert [(it.kind, it.text) for it in prompt.segments] == [
        (SegmentKind.TEMPLATE, "<|file_sep|>user\n"),
        (SegmentKind.TEXT, ASKED[0].text),
        (SegmentKind.TEMPLATE, "<|fim_pad|><|file_sep|>assistant\n"),
    ]


async def test_only_the_template_has_markers(backend: LocalBackend) -> None:
    (apart,) = await backend.count_tokens([ASKED[0].text])
    (words,) = await backend.count_tokens(["user\n"])
    (answer,) = await backend.count_tokens(["assistant\n"])
    generation = await generate(backend, ASKED)
    # Three markers of the template are one token each; that in the text is none.
    assert generation.timings.prompt_tokens == 3 + words + apart + answer
    assert generation.timings.generated_tokens > 0


async def test_a_conversation_that_goes_on_keeps_what_was_read(backend: LocalBackend) -> None:
    first = await generate(backend, ASKED)
    answered = (*ASKED, Message(Role.ASSISTANT, "No."), Message(Role.USER, "Again."))
    second = await generate(backend, answered)
    assert second.timings.reused_tokens >= first.timings.prompt_tokens - 1


async def test_a_hostile_template_costs_its_own_request_only(tmp_path: Path) -> None:
    backend = LocalBackend(write(tmp_path, "{{ ''.__class__.__mro__ }}"))
    try:
        with pytest.raises(ModelError, match="chat template"):
            await backend.chat_prompt(ASKED)
        assert await backend.count_tokens(["x"]) == [1]
    finally:
        await backend.close()


async def test_a_model_without_template_is_declined() -> None:
    bundled = resolve_model(None)
    backend = LocalBackend(bundled.path, bundled.sha256)
    try:
        assert not (await backend.identify()).chat_template
        with pytest.raises(ModelError, match="not made for instructions"):
            await backend.chat_prompt(ASKED)
    finally:
        await backend.close()


async def generate(backend: LocalBackend, messages: tuple[Message, ...]) -> Generation:
    prompt = await backend.chat_prompt(messages)
    request = GenerationRequest(prompt, 4, document="chat")
    return await backend.generate(request, lambda _chunk: False, CancelToken())
