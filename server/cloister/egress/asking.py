"""Turns a question into the exact bytes of a request: what a preview shows is what is sent.

The key is added by the process that sends, and by nobody else.
"""

import json
import re

from cloister.core.errors import SettingsError
from cloister.egress.dialects import Question
from cloister.egress.messages import HttpRequest
from cloister.egress.provider import Provider, Service
from cloister.egress.providers import Endpoint
from cloister.settings.backends import BackendSettings, CompletionWay

_ACCEPTED = "text/event-stream, application/x-ndjson, application/json"
_MOST_LISTED = 10_000


def completion_way(
    provider: Provider, settings: BackendSettings, *, knows_markers: bool
) -> CompletionWay:
    """Return how completions are asked for; `knows_markers` of the model's own.

    Raises SettingsError when the user wants a way that is impossible.
    """
    possible = [
        way
        for way, service in provider.ways.items()
        if _is_offered(service, settings.model) and (knows_markers or way is not CompletionWay.RAW)
    ]
    if provider.chats:
        possible.append(CompletionWay.CHAT)
    wanted = settings.completion or next(iter(possible), None)
    if wanted is None or wanted not in possible:
        offered = ", ".join(possible) or "none for this model"
        raise SettingsError(
            f"The backend {settings.name!r} cannot complete that way; possible are: {offered}."
        )
    return wanted


def service_for(provider: Provider, settings: BackendSettings, way: CompletionWay) -> Service:
    """Return what answers; raises SettingsError when the provider has nothing of the kind."""
    services = provider.chats if way is CompletionWay.CHAT else (provider.ways.get(way),)
    for service in services:
        if service is not None and _is_offered(service, settings.model):
            return service
    raise SettingsError(f"{provider.title} offers no {way.value!r} for {settings.model!r}.")


def render_request(
    endpoint: Endpoint, settings: BackendSettings, service: Service, question: Question
) -> HttpRequest:
    """Return the exact bytes of a question; `service` is one of the endpoint's provider."""
    body = service.dialect.body(question, settings.model)
    if service.limit:
        body[service.limit] = question.max_tokens + service.thinking_tokens
    body |= {**service.fields, **settings.parameters}
    headers = {"content-type": "application/json", "accept": _ACCEPTED}
    return HttpRequest(
        "POST",
        endpoint.base_path + service.path,
        {**headers, **endpoint.provider.headers},
        # ASCII escapes carry lone surrogates, which a document may hold and UTF-8 cannot.
        json.dumps(body).encode("ascii"),
    )


def models_request(endpoint: Endpoint) -> HttpRequest:
    """Return the request that lists the models there."""
    provider = endpoint.provider
    headers = {"accept": "application/json", **provider.headers}
    return HttpRequest("GET", endpoint.base_path + provider.models_path, headers, b"")


def listed_models(body: bytes) -> tuple[str, ...]:
    """Return the names in the answer to `models_request`; empty when it is not understood."""
    try:
        fields = json.loads(body)
        entries = fields if isinstance(fields, list) else fields.get("data") or fields["models"]
        names = [entry.get("id") or entry["name"] for entry in entries[:_MOST_LISTED]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()
    return tuple(name for name in names if isinstance(name, str))


def _is_offered(service: Service, model: str) -> bool:
    return re.search(service.models, model, re.IGNORECASE) is not None
