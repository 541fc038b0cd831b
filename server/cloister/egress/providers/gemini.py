"""Google Gemini, through its endpoint in OpenAI's form. Its models think before they answer.

Documented: https://ai.google.dev/gemini-api/docs/openai. Not run here.
"""

from cloister.egress.dialects import openai
from cloister.egress.provider import COUNTED, Provider, Service

PROVIDER = Provider(
    name="gemini",
    title="Google Gemini",
    chats=(
        Service(
            "/v1beta/openai/chat/completions",
            openai.CHAT,
            COUNTED | {"reasoning_effort": "low"},
            thinking_tokens=2048,
        ),
    ),
    base_url="https://generativelanguage.googleapis.com",
    models_path="/v1beta/openai/models",
    context_tokens=1_000_000,
)
