"""xAI: chat completions. Its models think before they answer.

Documented: https://docs.x.ai/docs/api-reference. Not run here.
"""

from cloister.egress.dialects import openai
from cloister.egress.provider import CHAT_PATH, COUNTED, Provider, Service

PROVIDER = Provider(
    name="xai",
    title="xAI",
    chats=(Service(CHAT_PATH, openai.CHAT, COUNTED, thinking_tokens=2048),),
    base_url="https://api.x.ai",
    context_tokens=128_000,
)
