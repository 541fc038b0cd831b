"""Every provider: where it is, and that its file says what it rests on.

What is sent and answered is in `test_contracts.py`.
"""

import importlib
import json
import pkgutil

import pytest
from inline_snapshot import snapshot

from cloister.core.chat import Message, Role
from cloister.core.errors import SettingsError
from cloister.egress import providers
from cloister.egress.asking import (
    completion_way,
    listed_models,
    models_request,
    render_request,
    service_for,
)
from cloister.egress.dialects import Chat
from cloister.egress.provider import Provider
from cloister.egress.providers import all_providers, endpoint_of
from cloister.settings.backends import BackendSettings, CompletionWay, parse_backend

CHAT = Chat((Message(Role.SYSTEM, "Be brief."), Message(Role.USER, "Hi")), 10)

# A model for each provider that shows what it can do best.
MODELS = {
    "mistral": "codestral-latest",
    "deepseek": "deepseek-chat",
    "openai": "gpt-4.1",
    "azure-openai": "my-deployment",
    "ollama": "qwen2.5-coder:7b",
}

each_provider = pytest.mark.parametrize(
    "provider", all_providers().values(), ids=lambda provider: provider.name
)


def backend(provider: Provider, **more: object) -> BackendSettings:
    url = {} if provider.base_url else {"url": provider.url_example.replace("R", "r").lower()}
    values = {"provider": provider.name, "model": MODELS.get(provider.name, "some-model")}
    return parse_backend("work", {**values, **url, **more})


def test_there_are_all_of_them() -> None:
    assert list(all_providers()) == snapshot(
        [
            "anthropic",
            "azure-openai",
            "bedrock",
            "deepseek",
            "fireworks",
            "gemini",
            "gpt4all",
            "groq",
            "jan",
            "llama-cpp-python",
            "llama-server",
            "lm-studio",
            "mistral",
            "ollama",
            "openai",
            "openrouter",
            "together",
            "vllm",
            "xai",
        ]
    )


@pytest.mark.parametrize(
    "name", [module.name for module in pkgutil.iter_modules(providers.__path__)]
)
def test_a_provider_says_what_it_rests_on_and_whether_it_was_run(name: str) -> None:
    said = importlib.import_module(f"cloister.egress.providers.{name}").__doc__ or ""
    assert "Documented: https://" in said
    assert ("Not run" in said) != ("Run here" in said)


@each_provider
def test_what_is_not_on_this_machine_speaks_tls_and_takes_a_key(provider: Provider) -> None:
    endpoint = endpoint_of(backend(provider))
    if endpoint.origin.host == "127.0.0.1":
        assert not provider.needs_key or provider.name == "jan"
    else:
        assert endpoint.origin.scheme == "https"
        assert provider.needs_key or provider.name == "vllm"


@each_provider
def test_the_key_is_no_part_of_a_request(provider: Provider) -> None:
    settings = backend(provider)
    endpoint = endpoint_of(settings)
    service = service_for(provider, settings, CompletionWay.CHAT)
    request = render_request(endpoint, settings, service, CHAT)
    names = {name.lower() for name in request.headers}
    assert not names & {"authorization", "api-key", "x-api-key", "host", "content-length"}
    assert endpoint.key_header not in names


def test_the_way_of_completing_follows_from_the_model() -> None:
    def way(provider: str, model: str, *, knows_markers: bool = False, **more: object) -> str:
        settings = backend(all_providers()[provider], model=model, **more)
        return completion_way(
            all_providers()[provider], settings, knows_markers=knows_markers
        ).value

    assert way("vllm", "Qwen2.5-Coder-7B", knows_markers=True) == "raw"
    assert way("vllm", "Llama-3.1-8B-Instruct") == "chat"
    assert way("mistral", "codestral-latest") == "suffix"
    assert way("mistral", "mistral-large-latest") == "chat"
    assert way("deepseek", "deepseek-chat") == "suffix"
    assert way("deepseek", "deepseek-reasoner") == "chat"
    assert way("llama-server", "anything") == "infill"
    assert way("llama-server", "anything", completion="chat") == "chat"
    assert way("anthropic", "claude-sonnet-4") == "chat"
    with pytest.raises(SettingsError, match=r"cannot complete that way; possible are: chat\."):
        way("anthropic", "claude-sonnet-4", completion="raw")


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("gpt-4.1", "max_tokens"),
        ("gpt-5.4-mini", "max_completion_tokens"),
        ("gpt-6.1-sol", "max_completion_tokens"),
        ("o4-mini", "max_completion_tokens"),
    ],
)
def test_models_that_think_have_room_for_it(model: str, field: str) -> None:
    settings = backend(all_providers()["openai"], model=model)
    service = service_for(all_providers()["openai"], settings, CompletionWay.CHAT)
    fields = json.loads(render_request(endpoint_of(settings), settings, service, CHAT).body)
    assert fields[field] == 10 + service.thinking_tokens
    assert ("temperature" in fields) == (field == "max_tokens")


def test_the_user_adds_to_every_request() -> None:
    provider = all_providers()["openai"]
    settings = backend(provider, parameters={"temperature": 0.5, "service_tier": "flex"})
    service = service_for(provider, settings, CompletionWay.CHAT)
    fields = json.loads(render_request(endpoint_of(settings), settings, service, CHAT).body)
    assert (fields["temperature"], fields["service_tier"]) == (0.5, "flex")


def test_text_that_utf_8_cannot_carry_is_sent() -> None:
    provider = all_providers()["openai"]
    settings = backend(provider)
    service = service_for(provider, settings, CompletionWay.CHAT)
    question = Chat((Message(Role.USER, "\ud800 é"),), 1)
    fields = json.loads(render_request(endpoint_of(settings), settings, service, question).body)
    assert fields["messages"][0]["content"] == "\ud800 é"


@pytest.mark.parametrize(
    ("url", "origin", "path"),
    [
        ("https://gpu.example:8000", "https://gpu.example:8000", ""),
        ("https://GPU.example/v1/", "https://gpu.example:443", ""),
        ("https://gpu.example/team/v1", "https://gpu.example:443", "/team"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", ""),
        ("http://[::1]:8000", "http://[::1]:8000", ""),
        ("http://localhost", "http://localhost:80", ""),
    ],
)
def test_where_a_backend_is(url: str, origin: str, path: str) -> None:
    endpoint = endpoint_of(backend(all_providers()["vllm"], url=url))
    assert (str(endpoint.origin), endpoint.base_path) == (origin, path)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://gpu.example", "cannot be used"),
        ("gpu.example:8000", "cannot be used"),
        ("https://user:secret@gpu.example", "cannot be used"),
        ("https://gpu.example/?key=secret", "cannot be used"),
        ("https://gpu.example/#x", "cannot be used"),
        ("https://gpu.example:99999", "cannot be used"),
        ("https://gpu.example/a b", "cannot be used"),
        ("https://gpu.example/../x", "cannot be used"),
        ("https://", "needs a host"),
        ("https://bücher.example", "needs a host"),
        ("http://gpu.example:8000", "unencrypted"),
        ("http://192.168.1.5:8000", "unencrypted"),
    ],
)
def test_urls_that_are_refused(url: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence) as raised:
        endpoint_of(backend(all_providers()["vllm"], url=url))
    assert "secret" not in str(raised.value)


def test_plain_http_is_the_users_own_word() -> None:
    url = "http://192.168.1.5:8000"
    settings = backend(all_providers()["vllm"], **{"url": url, "plain-http": True})
    assert endpoint_of(settings).origin.scheme == "http"


@pytest.mark.parametrize(
    "model", ["gpt-oss:120b-cloud", "kimi-k2:cloud", "deepseek-v3.1:671b-CLOUD"]
)
def test_models_that_run_elsewhere_are_not_on_this_machine(model: str) -> None:
    ollama = all_providers()["ollama"]
    with pytest.raises(SettingsError, match="does not run on this machine"):
        endpoint_of(backend(ollama, model=model))
    assert endpoint_of(backend(ollama, model=model, url="https://ollama.com"))


def test_a_provider_that_does_not_exist() -> None:
    settings = parse_backend("work", {"provider": "opnai", "model": "m"})
    with pytest.raises(SettingsError, match="no provider 'opnai'; did you mean 'openai'"):
        endpoint_of(settings)
    settings = parse_backend("work", {"provider": "azure-openai", "model": "m"})
    with pytest.raises(SettingsError, match="needs a 'url', for example https://RESOURCE"):
        endpoint_of(settings)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b'{"object": "list", "data": [{"id": "a"}, {"id": "b"}]}', ("a", "b")),
        (b'{"models": [{"name": "qwen2.5-coder:7b"}]}', ("qwen2.5-coder:7b",)),
        (b'[{"id": "a"}]', ("a",)),
        (b'{"data": [{"id": 5}, {"id": "a"}]}', ("a",)),
        (b'{"data": 5}', ()),
        (b"nonsense", ()),
        (b"[" * 100_000, ()),
    ],
)
def test_listed_models(body: bytes, names: tuple[str, ...]) -> None:
    assert listed_models(body) == names


@each_provider
def test_the_list_of_models_is_asked_for_without_a_body(provider: Provider) -> None:
    request = models_request(endpoint_of(backend(provider)))
    assert (request.method, request.body) == ("GET", b"")
    assert request.path.endswith(provider.models_path)
