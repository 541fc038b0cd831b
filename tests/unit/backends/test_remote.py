"""A service behind a real connection: what is sent, what comes back, and what goes wrong."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from cloister.backends.remote import RemoteBackend
from cloister.core.cancel import CancelToken
from cloister.core.chat import Message, Role
from cloister.core.context import CompletionContext, Snippet
from cloister.core.errors import BackendUnavailableError, CloisterError, ModelError, PassingError
from cloister.core.generation import Chunk, Finish, Generation, GenerationRequest, Priority
from cloister.core.privacy import Piece
from cloister.core.prompt import healed
from cloister.core.text import Span
from cloister.egress.dialects import Chat
from cloister.egress.errors import EgressFailedError
from cloister.egress.messages import Approval, Purpose
from cloister.egress.prices import Price
from cloister.observe.usage import Use
from cloister.settings.backends import parse_backend
from support.direct_link import DirectLink
from support.service_answers import (
    ANSWERS,
    TEXT,
    ServiceAnswer,
    chat_delta,
    completion_part,
    events,
)
from support.service_server import Reply, ServiceServer, serving

PIECE = Piece(Path("/r/a.py"), Path("/r/a.py"), 0, 1, "x = ", "document")
OTHER = Snippet("b.py", 0, 0, "z = 3\n", "siblings")
CONTEXT = CompletionContext("a.py", "def f():\n    ", "\n", Span(0, 14), (OTHER,))
QWEN = "Qwen/Qwen2.5-Coder-7B"
CHAT = Chat((Message(Role.USER, "Hi"),), 32)

PROVIDER_OF = {
    "openai chat": "openai",
    "openrouter, with comments while it waits": "openrouter",
    "gpt4all, in one piece": "gpt4all",
    "vllm completions": "vllm",
    "mistral fim, which answers like a chat and counts in its last part": "mistral",
    "deepseek fim": "deepseek",
    "deepseek's thoughts are no text": "deepseek",
    "anthropic messages": "anthropic",
    "ollama generate": "ollama",
    "ollama chat": "ollama",
    "llama-server infill": "llama-server",
}
INFILLING = {
    "vllm completions",
    "mistral fim, which answers like a chat and counts in its last part",
    "deepseek fim",
    "ollama generate",
    "llama-server infill",
}


def remote(
    server: ServiceServer,
    provider: str = "openai",
    model: str = QWEN,
    link: DirectLink | None = None,
    uses: list[Use] | None = None,
    **more: object,
) -> RemoteBackend:
    values = {"provider": provider, "model": model, "url": server.url, **more}
    price = Price(provider, "*", input=1.0, output=10.0, cached_input=0.1)
    return RemoteBackend(
        parse_backend("work", values),
        link or DirectLink(),
        "/r",
        price,
        (uses if uses is not None else []).append,
    )


async def ask(
    backend: RemoteBackend,
    on_chunk: Callable[[Chunk], bool] = lambda _chunk: False,
    cancel: CancelToken | None = None,
) -> Generation:
    draft = backend.drafting.draft(CHAT, (PIECE,), Purpose.ACTION)
    return await backend.send(draft, on_chunk, cancel or CancelToken(), Approval.PREVIEW)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
async def test_every_way_of_answering_arrives(answer: ServiceAnswer) -> None:
    uses: list[Use] = []
    provider = PROVIDER_OF[answer.name]
    model = "codestral-latest" if provider == "mistral" else QWEN
    async with serving(Reply(answer.body, headers={"Content-Type": answer.content_type})) as server:
        backend = remote(server, provider, model, uses=uses)
        is_infilling = answer.name in INFILLING
        question = backend.drafting.infill(CONTEXT, 24) if is_infilling else CHAT
        draft = backend.drafting.draft(question, (PIECE,), Purpose.COMPLETION)
        generation = await backend.send(draft, lambda _chunk: False, CancelToken())
        assert generation.text == TEXT
        assert generation.finish is answer.finish
        assert generation.timings.prompt_tokens == answer.counted.prompt_tokens
        assert generation.timings.generated_tokens == answer.counted.generated_tokens
        assert generation.timings.reused_tokens == (answer.counted.reused_tokens or 0)
        (use,) = uses
        assert (use.prompt_tokens, use.generated_tokens, use.estimated) == (30, 5, False)
        assert server.received[0].method == "POST"


async def test_what_is_sent_is_what_was_drafted_and_the_key() -> None:
    link = DirectLink({"authorization": "Bearer canary-key"})
    async with serving(Reply(events(chat_delta("x", "stop")))) as server:
        backend = remote(server, link=link)
        draft = backend.drafting.draft(CHAT, (PIECE,), Purpose.ACTION)
        await backend.send(draft, lambda _chunk: False, CancelToken())
        (received,) = server.received
        assert received.body == draft.http.body
        assert received.path == draft.http.path
        assert received.headers["authorization"] == "Bearer canary-key"
        assert "canary-key" not in repr(draft) + draft.http.body.decode()
        (sent,) = link.sent
        assert sent.pieces[0].sha256 == PIECE.sha256
        assert (sent.backend, sent.workspace, sent.model) == ("work", "/r", QWEN)


async def test_a_prompt_of_a_family_goes_as_it_is() -> None:
    async with serving(Reply(events(completion_part("1", "stop")))) as server:
        backend = remote(server, "vllm")
        family = backend.drafting.model.family
        assert family is not None
        prompt = family.render(CONTEXT, await backend.describe())
        request = GenerationRequest(prompt, 24, ("\n",), pieces=(PIECE,))
        generation = await backend.generate(request, lambda _chunk: False, CancelToken())
        assert generation.text == "1"
        assert server.received[0].fields()["prompt"] == (
            "<|repo_name|>repository\n<|file_sep|>b.py\nz = 3\n<|file_sep|>a.py\n"
            "<|fim_prefix|>def f():\n    <|fim_suffix|>\n<|fim_middle|>"
        )


async def test_the_word_that_a_family_would_heal_is_sent() -> None:
    async with serving(Reply(events(completion_part("ello", "stop")))) as server:
        backend = remote(server, "llama-server", "cloister-starter", completion="raw")
        family = backend.drafting.model.family
        assert family is not None
        context = CompletionContext("a.py", "print(h", ")\n", Span(0, 9))
        prompt = family.render(context, await backend.describe())
        assert prompt == healed(prompt) and prompt.opening == "h"  # noqa: PT018  # one fact
        request = GenerationRequest(prompt, 24, pieces=(PIECE,))
        await backend.generate(request, lambda _chunk: False, CancelToken())
        assert "<|fim_prefix|>print(h<|fim_middle|>" in str(server.received[0].fields()["prompt"])


async def test_a_conversation_goes_through_the_seam() -> None:
    link = DirectLink()
    messages = (Message(Role.SYSTEM, "Be brief."), Message(Role.USER, "Hi <fill>"))
    async with serving(Reply(events(chat_delta("a END b", "stop")))) as server:
        backend = remote(server, link=link)
        prompt = await backend.chat_prompt(messages)
        request = GenerationRequest(
            prompt, 24, (" END",), priority=Priority.ACTION, pieces=(PIECE,)
        )
        generation = await backend.generate(request, lambda _chunk: False, CancelToken())
        assert (generation.text, generation.finish) == ("a", Finish.STOP)
        assert server.received[0].fields()["messages"] == [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hi <fill>"},
        ]
        assert link.sent[0].purpose is Purpose.ACTION


async def test_a_chat_model_fills_the_gap() -> None:
    answer = events(
        chat_delta("<fill>retu"), chat_delta("rn 1</fill>"), chat_delta(" Done!", "stop")
    )
    async with serving(Reply(answer)) as server:
        backend = remote(server, model="gpt-4.1")
        question = backend.drafting.infill(CONTEXT, 24, ("\n\n",))
        draft = backend.drafting.draft(question, (PIECE,), Purpose.COMPLETION)
        generation = await backend.send(draft, lambda _chunk: False, CancelToken())
        assert [chunk.text for chunk in generation.chunks] == ["return 1"]
        assert not backend.tells_confidence


async def test_a_stop_text_ends_the_answer_where_the_service_ignored_it() -> None:
    answer = events(completion_part("a\n"), completion_part("\nb"), completion_part("c", "stop"))
    async with serving(Reply(answer)) as server:
        backend = remote(server, "vllm")
        question = backend.drafting.infill(CONTEXT, 24, ("\n\n",))
        draft = backend.drafting.draft(question, (PIECE,), Purpose.COMPLETION)
        generation = await backend.send(draft, lambda _chunk: False, CancelToken())
        assert generation.text.rstrip("\n") == "a"
        assert generation.finish is Finish.STOP


async def test_who_has_enough_ends_the_connection() -> None:
    async with serving(Reply(events(chat_delta("a")), holds=True)) as server:
        generation = await ask(remote(server), on_chunk=lambda _chunk: True)
        assert (generation.text, generation.finish) == ("a", Finish.ENOUGH)
        await server.dropped.wait()


async def test_a_cancelled_request_returns_at_once_and_counts() -> None:
    uses: list[Use] = []
    cancel = CancelToken()

    def stop(_chunk: Chunk) -> bool:
        asyncio.get_running_loop().call_soon(cancel.cancel)
        return False

    async with serving(Reply(events(chat_delta("a")), holds=True)) as server:
        generation = await ask(remote(server, uses=uses), stop, cancel)
        assert (generation.text, generation.finish) == ("a", Finish.CANCELLED)
        await server.dropped.wait()
    (use,) = uses
    assert use.estimated
    assert use.prompt_tokens > 0
    assert use.cost is not None and use.cost > 0  # noqa: PT018  # one fact


async def test_a_deadline_ends_it() -> None:
    async with serving(Reply(events(chat_delta("a")), holds=True)) as server:
        generation = await ask(remote(server), cancel=CancelToken.after_ms(100))
        assert generation.finish is Finish.DEADLINE


@pytest.mark.parametrize(
    ("reply", "kind", "sentence"),
    [
        (Reply(b'{"error": {"code": "invalid_api_key"}}', 401), BackendUnavailableError, "key"),
        (Reply(b'{"error": {"message": "nope"}}', 404), ModelError, "OpenAI has no model"),
        (Reply(b"{}", 429, {"Retry-After": "20"}), PassingError, "try again in 20 seconds"),
        (Reply(b"oops", 502), PassingError, "a problem of its own"),
        (Reply(b'{"error": {"code": "context_length_exceeded"}}', 400), ModelError, "too long"),
        (Reply(b"", 307, {"Location": "http://127.0.0.2/"}), EgressFailedError, ""),
        (Reply(events(chat_delta("a")), is_cut=True), EgressFailedError, ""),
        (Reply(events(chat_delta("a"))), PassingError, "was cut off"),
        (Reply(b"<html>Welcome</html>"), PassingError, "was cut off"),
        (Reply(b"data: {nonsense\n\n"), PassingError, "was not understood"),
    ],
)
async def test_what_goes_wrong_is_one_sentence(
    reply: Reply, kind: type[CloisterError], sentence: str
) -> None:
    uses: list[Use] = []
    async with serving(reply) as server:
        with pytest.raises(kind) as raised:
            await ask(remote(server, uses=uses))
    assert sentence in str(raised.value)
    # Nobody bills what was refused, and what was begun is billed.
    assert len(uses) == (reply.status == 200)


async def test_a_server_that_is_not_there() -> None:
    async with serving(Reply()) as server:
        pass
    uses: list[Use] = []
    with pytest.raises(EgressFailedError, match="cannot be reached"):
        await ask(remote(server, uses=uses))
    assert uses == []


async def test_what_a_request_costs() -> None:
    uses: list[Use] = []
    answer = next(answer for answer in ANSWERS if answer.name == "openai chat")
    async with serving(Reply(answer.body)) as server:
        backend = remote(server, uses=uses)
        draft = backend.drafting.draft(CHAT, (), Purpose.TRIAL)
        await backend.send(draft, lambda _chunk: False, CancelToken())
    # 14 tokens read, 16 reused at a tenth, 5 written at ten times the price.
    assert uses[0].cost == pytest.approx((14 * 1 + 16 * 0.1 + 5 * 10) / 1e6)
    assert draft.most_cost == pytest.approx((draft.prompt_tokens * 1 + 32 * 10) / 1e6)


async def test_the_models_there() -> None:
    listed = Reply(b'{"data": [{"id": "a"}, {"id": "b"}]}')
    async with serving(listed, Reply(b"{}", 404)) as server:
        backend = remote(server)
        assert await backend.models() == ("a", "b")
        assert await backend.models() == ()
        assert [request.path for request in server.received] == ["/v1/models"] * 2
    assert await backend.models() == ()


async def test_nobody_is_asked_what_is_known() -> None:
    link = DirectLink()
    async with serving(Reply()) as server:
        backend = remote(server, "vllm", link=link, **{"context-tokens": 32768})
        description = await backend.describe()
        assert (description.name, description.context_tokens) == (QWEN, 32768)
        assert await backend.count_tokens(["", "a", "abcd"]) == [0, 1, 2]
        await backend.close()
    assert link.sent == []
