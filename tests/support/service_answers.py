"""Answers of services in the shapes that their documentation shows, and what they mean.

Each says the same: `return a + b`, with counts, where the service has them.
"""

import json
from dataclasses import dataclass

from cloister.core.generation import Finish
from cloister.egress.dialects import (
    Counted,
    Dialect,
    anthropic,
    llama_server,
    ollama,
    openai,
)

TEXT = "return a + b"


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """The bytes of an answer, who would read them, and what they say."""

    name: str
    dialect: Dialect
    body: bytes
    counted: Counted
    finish: Finish = Finish.END
    content_type: str = "text/event-stream"


def events(*objects: object, named: bool = False) -> bytes:
    lines = [
        (f"event: {it['type']}\n" if named and isinstance(it, dict) else "")
        + f"data: {it if isinstance(it, str) else json.dumps(it)}\n\n"
        for it in objects
    ]
    return "".join(lines).encode()


def object_lines(*objects: object) -> bytes:
    return "".join(f"{json.dumps(it)}\n" for it in objects).encode()


def chat_delta(text: str | None, finish: str | None = None) -> dict[str, object]:
    delta = {} if text is None else {"content": text}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


def completion_part(
    text: str, finish: str | None = None, logprobs: object = None
) -> dict[str, object]:
    choice = {"index": 0, "text": text, "logprobs": logprobs, "finish_reason": finish}
    return {"id": "cmpl-1", "object": "text_completion", "choices": [choice]}


USAGE = {"prompt_tokens": 30, "completion_tokens": 5, "total_tokens": 35}

ANSWERS = (
    ServiceAnswer(
        "openai chat",
        openai.CHAT,
        events(
            {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]},
            chat_delta("return a"),
            chat_delta(" + b"),
            chat_delta(None, "stop"),
            {"choices": [], "usage": USAGE | {"prompt_tokens_details": {"cached_tokens": 16}}},
            "[DONE]",
        ),
        Counted(30, 5, 16),
    ),
    ServiceAnswer(
        "openrouter, with comments while it waits",
        openai.CHAT,
        b": OPENROUTER PROCESSING\n\n"
        + events(chat_delta("return a + b"), chat_delta("", "length") | {"usage": USAGE}, "[DONE]"),
        Counted(30, 5),
        Finish.LENGTH,
    ),
    ServiceAnswer(
        "gpt4all, in one piece",
        openai.CHAT,
        json.dumps(
            {
                "object": "chat.completion",
                "choices": [
                    {
                        "finish_reason": "stop",
                        "index": 0,
                        "message": {"role": "assistant", "content": TEXT},
                        "references": None,
                    }
                ],
                "usage": USAGE,
            },
            indent=2,
        ).encode(),
        Counted(30, 5),
        content_type="application/json",
    ),
    ServiceAnswer(
        "vllm completions",
        openai.MARKED,
        events(
            completion_part("return a", logprobs={"token_logprobs": [-0.1, -0.2]}),
            completion_part(" + b", "stop", {"token_logprobs": [-0.3]}),
            {"choices": [], "usage": USAGE},
            "[DONE]",
        ),
        Counted(30, 5),
    ),
    ServiceAnswer(
        "mistral fim, which answers like a chat and counts in its last part",
        openai.SUFFIX,
        events(
            chat_delta("return a"),
            chat_delta([{"type": "text", "text": " + b"}], "length") | {"usage": USAGE},  # type: ignore[arg-type]  # parts instead of a text
            "[DONE]",
        ),
        Counted(30, 5),
        Finish.LENGTH,
    ),
    ServiceAnswer(
        "deepseek fim",
        openai.SUFFIX,
        events(completion_part(TEXT), completion_part("", "stop") | {"usage": USAGE}, "[DONE]"),
        Counted(30, 5),
    ),
    ServiceAnswer(
        "deepseek's thoughts are no text",
        openai.CHAT,
        events(
            {"choices": [{"index": 0, "delta": {"content": None, "reasoning_content": "Hm."}}]},
            chat_delta(TEXT, "stop"),
            {"choices": [], "usage": USAGE},
            "[DONE]",
        ),
        Counted(30, 5),
    ),
    ServiceAnswer(
        "anthropic messages",
        anthropic.MESSAGES,
        events(
            {
                "type": "message_start",
                "message": {
                    "id": "msg_1",
                    "usage": {
                        "input_tokens": 20,
                        "cache_read_input_tokens": 10,
                        "cache_creation_input_tokens": 0,
                        "output_tokens": 1,
                    },
                },
            },
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text"}},
            {"type": "ping"},
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": "return a"},
            },
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": " + b"},
            },
            {"type": "content_block_stop", "index": 0},
            {
                "type": "message_delta",
                "delta": {"stop_reason": "end_turn", "stop_sequence": None},
                "usage": {"output_tokens": 5},
            },
            {"type": "message_stop"},
            named=True,
        ),
        Counted(30, 5, 10),
    ),
    ServiceAnswer(
        "ollama generate",
        ollama.RAW,
        object_lines(
            {"model": "m", "response": "return a", "done": False},
            {"model": "m", "response": " + b", "done": False},
            {
                "model": "m",
                "response": "",
                "done": True,
                "done_reason": "length",
                "prompt_eval_count": 30,
                "eval_count": 5,
            },
        ),
        Counted(30, 5),
        Finish.LENGTH,
        "application/x-ndjson",
    ),
    ServiceAnswer(
        "ollama chat",
        ollama.CHAT,
        object_lines(
            {"message": {"role": "assistant", "content": TEXT}, "done": False},
            {
                "message": {"role": "assistant", "content": ""},
                "done": True,
                "done_reason": "stop",
                "prompt_eval_count": 30,
                "eval_count": 5,
            },
        ),
        Counted(30, 5),
        content_type="application/x-ndjson",
    ),
    ServiceAnswer(
        "llama-server infill",
        llama_server.INFILL,
        events(
            {
                "content": "return a",
                "stop": False,
                "completion_probabilities": [{"id": 1, "token": "return a", "logprob": -0.1}],
            },
            {
                "content": " + b",
                "stop": False,
                "completion_probabilities": [{"id": 2, "token": " + b", "logprob": -0.2}],
            },
            {
                "content": "",
                "stop": True,
                "stop_type": "eos",
                "tokens_predicted": 5,
                "tokens_evaluated": 30,
                "timings": {"cache_n": 12},
            },
        ),
        Counted(30, 5, 12),
    ),
)
