"""Fireworks: chat completions, and completions of prompts with a model's own markers.

Documented: https://docs.fireworks.ai/api-reference/post-completions. Not run here.
"""

from cloister.egress.provider import MARKED, Provider
from cloister.settings.backends import CompletionWay

PROVIDER = Provider(
    name="fireworks",
    title="Fireworks",
    base_url="https://api.fireworks.ai/inference",
    ways={CompletionWay.RAW: MARKED},
    context_tokens=32_000,
)
