"""Ollama, through its own API: its form of OpenAI's has no prompts without a template.

Documented: https://github.com/ollama/ollama/blob/main/docs/api.md. Not run here: against a server
that answers as documented.
"""

from cloister.egress.dialects import ollama
from cloister.egress.provider import Provider, Service
from cloister.settings.backends import CompletionWay

PROVIDER = Provider(
    name="ollama",
    title="Ollama",
    chats=(Service("/api/chat", ollama.CHAT, limit=""),),
    base_url="http://127.0.0.1:11434",
    ways={
        CompletionWay.RAW: Service("/api/generate", ollama.RAW, limit=""),
        CompletionWay.SUFFIX: Service(
            "/api/generate", ollama.SUFFIX, limit="", models="code|coder|fim"
        ),
    },
    models_path="/api/tags",
    needs_key=False,
    # What it gives a model unless it is told otherwise.
    context_tokens=4096,
)
