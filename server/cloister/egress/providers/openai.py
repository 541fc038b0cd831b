"""OpenAI: chat completions.

Documented: https://platform.openai.com/docs/api-reference/chat. Not run here.
"""

from cloister.egress.provider import CHAT, THINKING, Provider

PROVIDER = Provider(
    name="openai",
    title="OpenAI",
    chats=(THINKING, CHAT),
    base_url="https://api.openai.com",
    context_tokens=128_000,
)
