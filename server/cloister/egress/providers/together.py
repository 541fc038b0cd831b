"""Together: chat completions, and completions of prompts with a model's own markers.

Documented: https://docs.together.ai/reference/completions-1. Not run here.
"""

from cloister.egress.provider import MARKED, Provider
from cloister.settings.backends import CompletionWay

PROVIDER = Provider(
    name="together",
    title="Together",
    base_url="https://api.together.xyz",
    ways={CompletionWay.RAW: MARKED},
    context_tokens=32_000,
)
