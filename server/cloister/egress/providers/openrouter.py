"""OpenRouter: chat completions.

Documented: https://openrouter.ai/docs/api-reference/overview. Not run here.
"""

from cloister.egress.provider import Provider

PROVIDER = Provider(
    name="openrouter",
    title="OpenRouter",
    base_url="https://openrouter.ai/api",
    context_tokens=32_000,
)
