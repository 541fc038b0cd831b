"""llama-cpp-python's server (`python -m llama_cpp.server`): prompts with markers, and a suffix.

Documented: https://llama-cpp-python.readthedocs.io/en/latest/server/. Run here, in version 0.3.36.
"""

from cloister.egress.dialects import openai
from cloister.egress.provider import (
    CHAT_PATH,
    COMPLETIONS_PATH,
    DETERMINISTIC,
    Provider,
    Service,
)
from cloister.settings.backends import CompletionWay

PROVIDER = Provider(
    name="llama-cpp-python",
    title="llama-cpp-python",
    chats=(Service(CHAT_PATH, openai.CHAT, DETERMINISTIC),),
    base_url="http://127.0.0.1:8000",
    ways={
        # It sets the markers of a suffix in one order only, which not every model knows.
        CompletionWay.RAW: Service(COMPLETIONS_PATH, openai.MARKED, DETERMINISTIC),
        CompletionWay.SUFFIX: Service(COMPLETIONS_PATH, openai.SUFFIX, DETERMINISTIC),
    },
    needs_key=False,
    context_tokens=2048,
)
