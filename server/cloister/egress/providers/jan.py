"""Jan's local server: chat completions, and completions of prompts with markers.

It wants the key that was entered in its settings.

Documented: https://jan.ai/docs/desktop/api-server. Not run here.
"""

from cloister.egress.provider import MARKED, Provider
from cloister.settings.backends import CompletionWay

PROVIDER = Provider(
    name="jan",
    title="Jan",
    base_url="http://127.0.0.1:1337",
    ways={CompletionWay.RAW: MARKED},
    context_tokens=4096,
)
