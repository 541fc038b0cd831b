"""Every service as its public documents have it: asked over a real connection, byte for byte."""

import json
import re
from urllib.parse import urlsplit

import pytest

from cloister.backends.draft import Draft
from cloister.backends.remote import RemoteBackend
from cloister.core.cancel import CancelToken
from cloister.core.errors import BackendUnavailableError, CloisterError, ModelError, PassingError
from cloister.core.generation import Finish, Generation
from cloister.egress.errors import EgressFailedError
from cloister.egress.messages import Purpose
from cloister.egress.providers import all_providers, endpoint_of
from cloister.observe.usage import Use
from cloister.settings.backends import parse_backend
from support.direct_link import DirectLink
from support.service_server import Reply, ServiceServer, serving
from support.services import CHAT, CONTEXT, TEXT, ServiceCase, all_services

SERVICES = all_services()

each_service = pytest.mark.parametrize("case", SERVICES, ids=lambda case: case.name)


def backend(case: ServiceCase, server: ServiceServer, uses: list[Use]) -> RemoteBackend:
    provider = all_providers()[case.provider]
    base = urlsplit(provider.base_url or provider.url_example).path
    values = {"provider": case.provider, "model": case.facts["model"], "url": server.url + base}
    settings = parse_backend("work", {**values, "completion": case.way})
    endpoint = endpoint_of(settings)
    link = DirectLink({endpoint.key_header: f"{endpoint.key_prefix}KEY"})
    return RemoteBackend(settings, link, on_use=uses.append)


def drafted(case: ServiceCase, remote: RemoteBackend) -> Draft:
    question = CHAT if case.way == "chat" else remote.drafting.infill(CONTEXT, 10, ("\n\n",))
    return remote.drafting.draft(question, (), Purpose.TRIAL)


async def asked(
    case: ServiceCase, server: ServiceServer, uses: list[Use], deadline_ms: float = 20_000
) -> Generation:
    remote = backend(case, server, uses)
    cancel = CancelToken.after_ms(deadline_ms)
    return await remote.send(drafted(case, remote), lambda _chunk: False, cancel)


async def error_of(case: ServiceCase, reply: Reply) -> tuple[CloisterError, list[Use]]:
    uses: list[Use] = []
    async with serving(reply) as server:
        with pytest.raises(CloisterError) as raised:
            await asked(case, server, uses)
    return raised.value, uses


def test_every_way_of_every_provider_is_in_the_table() -> None:
    wanted = {
        (provider.name, way)
        for provider in all_providers().values()
        for way in (*provider.ways, *(["chat"] if provider.chats else []))
    }
    assert {(case.provider, case.way) for case in SERVICES} == wanted
    assert len({case.name for case in SERVICES}) == len(SERVICES)
    assert all(url.startswith("https://") for case in SERVICES for url in case.facts["documents"])


@each_service
async def test_what_is_sent_and_what_comes_back(case: ServiceCase) -> None:
    uses: list[Use] = []
    async with serving(case.reply(case.answer)) as server:
        generation = await asked(case, server, uses)
    (request,) = server.received
    own = {"host", "content-length", "connection", "accept-encoding", "user-agent"}
    sent = {name: it for name, it in request.headers.items() if name not in own}
    content = {"content-type": "application/json", "accept": sent["accept"]}
    assert (request.method, request.path) == ("POST", case.facts["path"])
    assert request.body.decode() == case.facts["body"]
    assert sent == case.facts["headers"] | content
    assert (generation.text, generation.finish) == (TEXT, Finish.END)
    (use,) = uses
    counts = case.facts.get("counts")
    assert use.estimated == (counts is None)
    if counts is not None:
        told = (use.prompt_tokens, use.generated_tokens, use.reused_tokens)
        assert told == (counts["prompt"], counts["generated"], counts["reused"])


REFUSALS = [
    ("unauthorized", {}, BackendUnavailableError, "refused the key ("),
    ("no-model", {}, ModelError, "has no model"),
    ("too-many", {"Retry-After": "20"}, PassingError, "try again in 20 seconds."),
    ("too-many", {}, PassingError, "takes no more requests now; try again later."),
    ("broken", {}, PassingError, "has a problem of its own ("),
]


@each_service
@pytest.mark.parametrize(("kind", "headers", "type_", "sentence"), REFUSALS)
async def test_refusals_are_one_sentence(
    case: ServiceCase,
    kind: str,
    headers: dict[str, str],
    type_: type[CloisterError],
    sentence: str,
) -> None:
    error, uses = await error_of(case, case.refusal(kind, **headers))
    assert type(error) is type_
    assert sentence in str(error)
    assert str(error).startswith(all_providers()[case.provider].title)
    # Nobody bills what was refused.
    assert uses == []
    assert "of a service" not in str(error)


@each_service
async def test_what_breaks_off_is_said_and_counted(case: ServiceCase) -> None:
    half = case.answer[: len(case.answer) // 2]
    for reply, type_, sentence in (
        # Half of one object is no object.
        (case.reply(half), PassingError, r"was (cut off|not understood)"),
        (case.reply(half, is_cut=True), EgressFailedError, r"broke off"),
        (case.reply(case.answer.replace(b"{", b"{!", 1)), PassingError, r"was not understood"),
        (case.reply(b""), PassingError, r"was cut off; try again\.$"),
    ):
        error, uses = await error_of(case, reply)
        assert isinstance(error, type_)
        assert re.search(sentence, str(error))
        # It was served, at least in part.
        assert len(uses) == 1


@each_service
async def test_an_error_in_the_middle_ends_the_answer(case: ServiceCase) -> None:
    body = case.broken_off()
    error, uses = await error_of(case, case.reply(body))
    assert "was cut off" not in str(error)
    assert "of a service" not in str(error)
    assert len(uses) == 1


@each_service
async def test_a_silent_service_costs_the_deadline(case: ServiceCase) -> None:
    uses: list[Use] = []
    half = case.answer[: len(case.answer) // 2]
    async with serving(case.reply(half, holds=True)) as server:
        generation = await asked(case, server, uses, deadline_ms=150)
        await server.dropped.wait()
    assert generation.finish is Finish.DEADLINE
    assert TEXT.startswith(generation.text)
    assert len(uses) == 1


@each_service
def test_the_key_is_nowhere_but_in_its_header(case: ServiceCase) -> None:
    assert "KEY" not in case.facts["body"]
    assert [value.rpartition(" ")[2] for value in case.facts["headers"].values()].count("KEY") == 1
    json.loads(case.facts["body"])
