"""Azure OpenAI: OpenAI's API at an address of one's own; the model is a deployment's name.

Documented: https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle (the v1 API
needs no api-version). Not run here.
"""

from cloister.egress.provider import CHAT, THINKING, KeyHeader, Provider

PROVIDER = Provider(
    name="azure-openai",
    title="Azure OpenAI",
    chats=(THINKING, CHAT),
    url_example="https://RESOURCE.openai.azure.com/openai/v1",
    key_header=KeyHeader("api-key"),
    context_tokens=128_000,
)
