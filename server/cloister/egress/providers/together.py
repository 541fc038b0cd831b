"""Together: chat completions, and completions of prompts with a model's own markers.

Documented: https://docs.together.ai/docs/inference/openai-compatibility. Not run here.
"""

from cloister.egress.provider import MARKED, Provider
from cloister.settings.backends import CompletionWay

PROVIDER = Provider(
    name="together",
    title="Together",
    base_url="https://api.together.ai",
    ways={CompletionWay.RAW: MARKED},
    context_tokens=32_000,
)
