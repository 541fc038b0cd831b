"""One keystroke with nothing around llama.cpp: rewind, evaluate, choose. Prints the median in ms.

Usage: direct.py MODEL THREADS PROMPT_TOKENS EVALUATED_TOKENS
"""

import sys
import time
from statistics import median

import llama_cpp as llama

_REPETITIONS = 50
_MICRO_BATCH_TOKENS = 256
_ANY_TOKEN = 1000


def main(model_path: str, n_threads: int, n_prompt: int, n_evaluated: int) -> float:
    """Return the median milliseconds of a keystroke."""
    llama.llama_backend_init()
    model = llama.llama_model_load_from_file(
        model_path.encode(), llama.llama_model_default_params()
    )
    parameters = llama.llama_context_default_params()
    parameters.n_ctx = n_prompt + n_evaluated
    parameters.n_batch = parameters.n_ubatch = _MICRO_BATCH_TOKENS
    parameters.n_threads = parameters.n_threads_batch = n_threads
    context = llama.llama_init_from_model(model, parameters)
    memory = llama.llama_get_memory(context)
    sampler = llama.llama_sampler_init_greedy()
    n_kept = n_prompt - n_evaluated
    for start in range(0, n_kept, _MICRO_BATCH_TOKENS):
        _decode(context, min(_MICRO_BATCH_TOKENS, n_kept - start))
    times = []
    for _ in range(_REPETITIONS):
        started = time.perf_counter()
        llama.llama_memory_seq_rm(memory, 0, n_kept, -1)
        _decode(context, n_evaluated)
        llama.llama_sampler_sample(sampler, context, -1)
        times.append(1000 * (time.perf_counter() - started))
    return median(times)


def _decode(context: llama.llama_context_p, n_tokens: int) -> None:
    tokens = (llama.llama_token * n_tokens)(*[_ANY_TOKEN] * n_tokens)
    if llama.llama_decode(context, llama.llama_batch_get_one(tokens, n_tokens)):
        sys.exit("llama.cpp cannot evaluate")


if __name__ == "__main__":
    print(main(sys.argv[1], *(int(word) for word in sys.argv[2:])))
