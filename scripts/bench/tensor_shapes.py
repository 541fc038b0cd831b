"""The tensors of each architecture that random models can have, as llama.cpp expects them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Dimensions = tuple[int, ...]
NamedDimensions = Iterator[tuple[str, Dimensions]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides a model's speed; `parameters` are further metadata of its architecture."""

    name: str
    architecture: str
    n_layers: int
    n_embedding: int
    n_heads: int
    n_kv_heads: int
    n_feed_forward: int
    context_tokens: int
    tied_output: bool = True
    parameters: dict[str, int | float] = field(default_factory=dict)

    @property
    def head_size(self) -> int:
        """Return how many numbers one attention head has."""
        return self.n_embedding // max(1, self.n_heads)

    def parameter(self, key: str) -> int:
        """Return a further parameter that is a count."""
        return int(self.parameters[key])


def tensor_shapes(shape: Shape, n_tokens: int) -> NamedDimensions:
    """Yield name and dimensions (the row's length first) of every tensor, in the file's order."""
    yield "token_embd.weight", (shape.n_embedding, n_tokens)
    yield "output_norm.weight", (shape.n_embedding,)
    if not shape.tied_output:
        yield "output.weight", (shape.n_embedding, n_tokens)
    for layer in range(shape.n_layers):
        for name, dimensions in _LAYERS[shape.architecture](shape):
            yield f"blk.{layer}.{name}", dimensions


def _qwen2(shape: Shape) -> NamedDimensions:
    yield from _attention(shape)
    for name, n_numbers in [
        ("q", shape.n_embedding),
        ("k", shape.n_kv_heads * shape.head_size),
        ("v", shape.n_kv_heads * shape.head_size),
    ]:
        yield f"attn_{name}.bias", (n_numbers,)
    yield "ffn_norm.weight", (shape.n_embedding,)
    yield from _feed_forward(shape)


def _gemma3(shape: Shape) -> NamedDimensions:
    yield from _attention(shape)
    yield "attn_q_norm.weight", (shape.head_size,)
    yield "attn_k_norm.weight", (shape.head_size,)
    for name in ["post_attention_norm", "ffn_norm", "post_ffw_norm"]:
        yield f"{name}.weight", (shape.n_embedding,)
    yield from _feed_forward(shape)


def _mamba2(shape: Shape) -> NamedDimensions:
    n_inner, n_groups = shape.parameter("ssm.inner_size"), shape.parameter("ssm.group_count")
    yield "attn_norm.weight", (shape.n_embedding,)
    yield from _state_space(shape)
    yield "ssm_norm.weight", (n_inner // n_groups, n_groups)


def _falcon_h1(shape: Shape) -> NamedDimensions:
    yield from _state_space(shape)
    yield from _attention(shape)
    yield "ffn_norm", (shape.n_embedding,)
    yield from _feed_forward(shape)


def _state_space(shape: Shape) -> NamedDimensions:
    n_inner, n_heads = shape.parameter("ssm.inner_size"), shape.parameter("ssm.time_step_rank")
    n_convolved = n_inner + 2 * shape.parameter("ssm.group_count") * shape.parameter(
        "ssm.state_size"
    )
    yield "ssm_in.weight", (shape.n_embedding, n_inner + n_convolved + n_heads)
    yield "ssm_conv1d.weight", (shape.parameter("ssm.conv_kernel"), n_convolved)
    yield "ssm_conv1d.bias", (n_convolved,)
    yield "ssm_dt.bias", (n_heads,)
    yield "ssm_a", (1, n_heads)
    yield "ssm_d", (1, n_heads)
    yield "ssm_out.weight", (n_inner, shape.n_embedding)


def _attention(shape: Shape) -> NamedDimensions:
    n_kv = shape.n_kv_heads * shape.head_size
    yield "attn_norm.weight", (shape.n_embedding,)
    yield "attn_q.weight", (shape.n_embedding, shape.n_embedding)
    yield "attn_k.weight", (shape.n_embedding, n_kv)
    yield "attn_v.weight", (shape.n_embedding, n_kv)
    yield "attn_output.weight", (shape.n_embedding, shape.n_embedding)


def _feed_forward(shape: Shape) -> NamedDimensions:
    yield "ffn_gate.weight", (shape.n_embedding, shape.n_feed_forward)
    yield "ffn_up.weight", (shape.n_embedding, shape.n_feed_forward)
    yield "ffn_down.weight", (shape.n_feed_forward, shape.n_embedding)


_LAYERS: dict[str, Callable[[Shape], NamedDimensions]] = {
    "qwen2": _qwen2,
    "gemma3": _gemma3,
    "mamba2": _mamba2,
    "falcon-h1": _falcon_h1,
}
