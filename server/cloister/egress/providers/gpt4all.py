"""GPT4All's local server: it answers in one piece, and knows few fields.

Documented: https://github.com/nomic-ai/gpt4all/wiki/Local-API-Server. Not run here.
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

_WHOLE = DETERMINISTIC | {"stream": False}

PROVIDER = Provider(
    name="gpt4all",
    title="GPT4All",
    chats=(Service(CHAT_PATH, openai.CHAT, _WHOLE),),
    base_url="http://127.0.0.1:4891",
    ways={CompletionWay.RAW: Service(COMPLETIONS_PATH, openai.MARKED, _WHOLE)},
    needs_key=False,
    context_tokens=2048,
)
