"""Mistral: chat, and an infilling endpoint for its code models that answers like the chat.

Both refuse fields that they do not know, and count at the end without being asked. Keys for
codestral.mistral.ai need that host as `url`.
Documented: https://docs.mistral.ai/api/ and https://docs.mistral.ai/capabilities/fim/. Not run
here.
"""

from cloister.egress.dialects import openai
from cloister.egress.provider import CHAT_PATH, DETERMINISTIC, Provider, Service
from cloister.settings.backends import CompletionWay

PROVIDER = Provider(
    name="mistral",
    title="Mistral",
    chats=(Service(CHAT_PATH, openai.CHAT, DETERMINISTIC),),
    base_url="https://api.mistral.ai",
    ways={
        CompletionWay.SUFFIX: Service(
            "/v1/fim/completions", openai.SUFFIX, DETERMINISTIC, models="codestral"
        )
    },
    context_tokens=128_000,
)
