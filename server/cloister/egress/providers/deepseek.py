"""DeepSeek: chat, and an infilling endpoint (beta) for its model that does not think.

Documented: https://api-docs.deepseek.com/api/create-chat-completion and
https://api-docs.deepseek.com/api/create-completion (at most 4,096 tokens). Not run here.
"""

from cloister.egress.dialects import openai
from cloister.egress.provider import COUNTED, Provider, Service
from cloister.settings.backends import CompletionWay

PROVIDER = Provider(
    name="deepseek",
    title="DeepSeek",
    chats=(Service("/chat/completions", openai.CHAT, COUNTED),),
    base_url="https://api.deepseek.com",
    ways={
        CompletionWay.SUFFIX: Service(
            "/beta/completions", openai.SUFFIX, COUNTED, models="^(?!.*reasoner)"
        )
    },
    models_path="/models",
    context_tokens=64_000,
)
