"""Anthropic: the Messages API. Newer models refuse a temperature, so none is sent.

Documented: https://docs.anthropic.com/en/api/messages and .../messages-streaming. Not run here.
"""

from cloister.egress.dialects import anthropic
from cloister.egress.provider import KeyHeader, Provider, Service

PROVIDER = Provider(
    name="anthropic",
    title="Anthropic",
    chats=(Service("/v1/messages", anthropic.MESSAGES),),
    base_url="https://api.anthropic.com",
    key_header=KeyHeader("x-api-key"),
    headers={"anthropic-version": "2023-06-01"},
    context_tokens=200_000,
)
