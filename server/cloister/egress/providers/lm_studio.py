"""LM Studio's local server: chat completions, and completions of prompts with markers.

Documented: https://lmstudio.ai/docs/app/api/endpoints/openai. Not run here.
"""

from cloister.egress.provider import MARKED, Provider
from cloister.settings.backends import CompletionWay

PROVIDER = Provider(
    name="lm-studio",
    title="LM Studio",
    base_url="http://127.0.0.1:1234",
    ways={CompletionWay.RAW: MARKED},
    needs_key=False,
    context_tokens=4096,
)
