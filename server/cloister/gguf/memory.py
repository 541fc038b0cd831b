"""Estimates what a model takes in memory, from its header alone.

The weights are exact. The cache is what llama.cpp allocates in 16 bits for the whole context,
sliding windows included, because they are kept whole so that a prompt can be rewound. The compute
buffer is an estimate from above; it is small beside the other two.
"""

from dataclasses import dataclass

from cloister.gguf.header import Header, Value

_BATCH_TOKENS = 256
_CACHED_NUMBER_BYTES, _NUMBER_BYTES = 2, 4
# Buffers that live at the same time: as wide as the feed-forward layer, or as the model itself
# beside that, the logits and the attention.
_FEED_FORWARD_BUFFERS, _LAYER_BUFFERS, _LOGITS_BUFFERS, _ATTENTION_BUFFERS = 3, 4, 2, 8
# The engine's sequences: each has a recurrent state and logits of its own.
_SEQUENCES = 8


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """Bytes for the weights, for the cached context, and for evaluating one batch."""

    weights: int
    cache: int
    compute: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.cache + self.compute


def needed_bytes(header: Header, context_tokens: int) -> MemoryNeed:
    """Return what the model needs for a context of so many tokens."""
    return MemoryNeed(
        weights=sum(tensor.n_bytes for tensor in header.tensors),
        cache=_attention_bytes(header, context_tokens) + _state_bytes(header),
        compute=_compute_bytes(header, context_tokens),
    )


def _attention_bytes(header: Header, context_tokens: int) -> int:
    head_size = header.count("embedding_length") // max(1, _largest(_heads(header)))
    key = _head_numbers(header, "key_length", head_size)
    value = _head_numbers(header, "value_length", head_size)
    if header.count("attention.key_length_mla"):
        # Latent attention caches one compressed vector, from which keys and values are both read.
        value = 0
    n_cached_heads = sum(_cached_heads(header))
    return _CACHED_NUMBER_BYTES * context_tokens * n_cached_heads * (key + value)


def _cached_heads(header: Header) -> list[int]:
    """Return how many heads of each layer are cached; recurrent layers have none."""
    n_layers = min(header.count("block_count"), len(header.tensors))
    heads = header.parameter("attention.head_count_kv")
    by_layer = _by_layer(_heads(header) if heads is None else heads, n_layers)
    if interval := header.count("full_attention_interval"):
        by_layer = [n for layer, n in enumerate(by_layer, 1) if layer % interval == 0]
    return by_layer[: max(0, len(by_layer) - header.count("attention.shared_kv_layers"))]


def _heads(header: Header) -> Value | None:
    return header.parameter("attention.head_count")


def _head_numbers(header: Header, name: str, default: int) -> int:
    """Return how many numbers a head caches: the widest, where layers differ."""
    length = header.count(f"attention.{name}", default)
    return max(length, header.count(f"attention.{name}_swa"))


def _state_bytes(header: Header) -> int:
    """Return what the recurrent layers remember; nothing for other models."""
    inner, state = header.count("ssm.inner_size"), header.count("ssm.state_size")
    convolution = max(0, header.count("ssm.conv_kernel") - 1)
    window = convolution * (inner + 2 * header.count("ssm.group_count") * state)
    n_layers = min(header.count("block_count"), len(header.tensors))
    return _SEQUENCES * _NUMBER_BYTES * n_layers * (window + state * inner)


def _compute_bytes(header: Header, context_tokens: int) -> int:
    width = header.count("embedding_length")
    n_experts = header.count("expert_feed_forward_length") * header.count("expert_used_count")
    n_feed_forward = max(n_experts, _largest(header.parameter("feed_forward_length")))
    # Attention, a feed-forward layer and the logits are never evaluated at the same time. Attention
    # holds what every head thinks of every cell.
    widest = max(
        header.n_tokens + _LOGITS_BUFFERS * width,
        _FEED_FORWARD_BUFFERS * n_feed_forward + _LAYER_BUFFERS * width,
        _largest(_heads(header)) * context_tokens + _ATTENTION_BUFFERS * width,
    )
    n_masks = 2 if header.count("attention.sliding_window") else 1
    masks = n_masks * context_tokens
    return _NUMBER_BYTES * (_BATCH_TOKENS * (widest + masks) + _SEQUENCES * header.n_tokens)


def _by_layer(value: Value | None, n_layers: int) -> list[int]:
    items = value[:n_layers] if isinstance(value, tuple) else [value] * n_layers
    return [max(0, item) for item in items if isinstance(item, int)]


def _largest(value: Value | None) -> int:
    """Return a count that may differ from layer to layer, where it is largest."""
    return max(_by_layer(value, len(value) if isinstance(value, tuple) else 1), default=0)
