"""DeepSeek: chat, and an infilling endpoint (beta).

Its models think unless they are told not to.
Documented: https://api-docs.deepseek.com/api/create-chat-completion,
https://api-docs.deepseek.com/api/create-completion (at most 4,096 tokens) and
https://api-docs.deepseek.com/guides/thinking_mode. Not run here.
"""

from cloister.egress.dialects import openai
from cloister.egress.provider import COUNTED, Provider, Service
from cloister.settings.backends import CompletionWay

PROVIDER = Provider(
    name="deepseek",
    title="DeepSeek",
    chats=(
        Service("/chat/completions", openai.CHAT, COUNTED | {"thinking": {"type": "disabled"}}),
    ),
    base_url="https://api.deepseek.com",
    ways={
        CompletionWay.SUFFIX: Service(
            "/beta/completions", openai.SUFFIX, COUNTED, models="^(?!.*reasoner)"
        )
    },
    models_path="/models",
    context_tokens=128_000,
)
