"""llama.cpp's server: `/infill` sets the markers of whatever model it has loaded.

Documented: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md. Run here, in
the version that llama-cpp-python 0.3.36 brings.
"""

from cloister.egress.dialects import llama_server
from cloister.egress.provider import MARKED, Provider, Service
from cloister.settings.backends import CompletionWay

PROVIDER = Provider(
    name="llama-server",
    title="llama-server",
    base_url="http://127.0.0.1:8080",
    ways={
        CompletionWay.INFILL: Service("/infill", llama_server.INFILL, limit="n_predict"),
        CompletionWay.RAW: MARKED,
    },
    needs_key=False,
    context_tokens=4096,
)
