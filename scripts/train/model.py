"""The network: a Llama decoder with a tied embedding, which any llama.cpp runs once exported."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from train.knobs import Shape

_NORM_EPSILON = 1e-5


class Attention(nn.Module):
    """Causal attention with rotary positions, the two halves of a head turning together."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.q = _linear(shape.width, shape.width)
        self.k = _linear(shape.width, shape.width)
        self.v = _linear(shape.width, shape.width)
        self.output = _linear(shape.width, shape.width, scale=(2 * shape.layers) ** -0.5)

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        """Return (rows, tokens, width) for the same."""
        q, k, v = (
            part(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for part in (self.q, self.k, self.v)
        )
        q, k = _turned(q, cosine, sine), _turned(k, cosine, sine)
        heads = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        mixed: Tensor = self.output(heads.transpose(1, 2).flatten(-2))
        return mixed


class FeedForward(nn.Module):
    """SwiGLU."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.gate = _linear(shape.width, shape.feed_forward)
        self.up = _linear(shape.width, shape.feed_forward)
        self.down = _linear(shape.feed_forward, shape.width, scale=(2 * shape.layers) ** -0.5)

    def forward(self, x: Tensor) -> Tensor:
        """Return (rows, tokens, width) for the same."""
        mixed: Tensor = self.down(functional.silu(self.gate(x)) * self.up(x))
        return mixed


class Block(nn.Module):
    """One layer."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention_norm = nn.RMSNorm(shape.width, _NORM_EPSILON)
        self.attention = Attention(shape)
        self.feed_forward_norm = nn.RMSNorm(shape.width, _NORM_EPSILON)
        self.feed_forward = FeedForward(shape)

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        """Return (rows, tokens, width) for the same."""
        x = x + self.attention(self.attention_norm(x), cosine, sine)
        mixed: Tensor = x + self.feed_forward(self.feed_forward_norm(x))
        return mixed


class Decoder(nn.Module):
    """The whole network."""

    cosine: Tensor
    sine: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        nn.init.normal_(self.embedding.weight, std=0.03)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.RMSNorm(shape.width, _NORM_EPSILON)
        angles = _angles(shape)
        self.register_buffer("cosine", angles.cos(), persistent=False)
        self.register_buffer("sine", angles.sin(), persistent=False)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return logits (rows, tokens, vocabulary) for token ids (rows, tokens)."""
        x = self.embedding(tokens)
        cosine, sine = self.cosine[: tokens.shape[1]], self.sine[: tokens.shape[1]]
        for block in self.blocks:
            x = block(x, cosine, sine)
        return functional.linear(self.norm(x), self.embedding.weight)

    def matrices(self) -> list[nn.Parameter]:
        """Return the parameters that Muon trains: every matrix but the embedding."""
        return [weight for weight in self.blocks.parameters() if weight.ndim == 2]  # noqa: PLR2004  # matrices

    def vectors(self) -> list[nn.Parameter]:
        """Return the others."""
        matrices = {id(weight) for weight in self.matrices()}
        return [weight for weight in self.parameters() if id(weight) not in matrices]


def token_losses(logits: Tensor, targets: Tensor) -> Tensor:
    """Return nats (rows, tokens) of the targets."""
    flat = functional.cross_entropy(
        logits.float().flatten(0, 1), targets.flatten(), reduction="none"
    )
    return flat.view_as(targets)


def _linear(inputs: int, outputs: int, scale: float = 1.0) -> nn.Linear:
    layer = nn.Linear(inputs, outputs, bias=False)
    nn.init.normal_(layer.weight, std=0.6 * inputs**-0.5 * scale)
    return layer


def _turned(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    a, b = x.float().chunk(2, -1)
    return torch.cat((a * cosine - b * sine, b * cosine + a * sine), -1).to(x.dtype)


def _angles(shape: Shape) -> Tensor:
    head = shape.width // shape.heads
    rates = shape.rope_base ** (-torch.arange(0, head, 2).float() / head)
    return torch.outer(torch.arange(shape.context).float(), rates)
