"""Groq: chat completions.

Documented: https://console.groq.com/docs/openai. Not run here.
"""

from cloister.egress.provider import Provider

PROVIDER = Provider(
    name="groq",
    title="Groq",
    base_url="https://api.groq.com/openai",
    context_tokens=8192,
)
