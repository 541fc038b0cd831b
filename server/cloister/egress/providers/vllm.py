"""vLLM, a server for many users: chat, and completions of prompts with a model's own markers.

It takes a suffix for few models only, and reuses what requests have in common by itself.
Documented: https://docs.vllm.ai/en/stable/serving/openai_compatible_server.html. Run here: version
0.32.0 for processors, with random weights.
"""

from cloister.egress.provider import MARKED, Provider
from cloister.settings.backends import CompletionWay

PROVIDER = Provider(
    name="vllm",
    title="vLLM",
    url_example="https://gpu.example:8000",
    ways={CompletionWay.RAW: MARKED},
    needs_key=False,
    context_tokens=8192,
)
