import io
import os
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.gguf.cursor import DamagedGgufError
from cloister.gguf.header import Header, parse_header, read_header
from cloister.gguf.tensors import Tensor
from cloister.models.catalogue import BUNDLED

STRING, ARRAY, UINT32, INT32, FLOAT32, UINT64 = 8, 9, 4, 5, 6, 10
F32, Q8_0 = 0, 8


def text(value: bytes) -> bytes:
    return struct.pack("<Q", len(value)) + value


def entry(key: bytes, kind: int, value: bytes) -> bytes:
    return text(key) + struct.pack("<I", kind) + value


def strings(*values: bytes) -> bytes:
    return struct.pack("<IQ", STRING, len(values)) + b"".join(map(text, values))


def tensor(name: bytes, shape: tuple[int, ...], kind: int, offset: int) -> bytes:
    dimensions = struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
    return text(name) + dimensions + struct.pack("<IQ", kind, offset)


ARCHITECTURE = entry(b"general.architecture", STRING, text(b"llama"))
TOKENS = entry(b"tokenizer.ggml.tokens", ARRAY, strings(b"a", b"bc"))
TENSORS = [tensor(b"w", (4, 2), F32, 0), tensor(b"q", (32,), Q8_0, 32)]
DATA = bytes(32 + 34)


def gguf(
    entries: tuple[bytes, ...] = (ARCHITECTURE, TOKENS),
    tensors: tuple[bytes, ...] = tuple(TENSORS),
    version: int = 3,
    alignment: int = 32,
) -> bytes:
    header = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(entries))
    header += b"".join(entries) + b"".join(tensors)
    return header + bytes(-len(header) % alignment) + DATA


def check(data: bytes) -> Header:
    return parse_header(io.BytesIO(data), len(data))


def numbers(kind: int, layout: str, *values: float) -> bytes:
    return struct.pack(f"<IQ{len(values)}{layout}", kind, len(values), *values)


def test_a_sound_file_is_read() -> None:
    header = check(gguf())
    assert header.architecture == "llama"
    assert header.tensors == (Tensor("w", (4, 2), F32), Tensor("q", (32,), Q8_0))
    assert [tensor.n_bytes for tensor in header.tensors] == [32, 34]
    assert header.n_tokens == 2
    assert header.tokens() == [b"a", b"bc"]
    assert header.token_types() == ()


def test_metadata_keeps_what_is_short() -> None:
    header = check(
        gguf(
            (
                ARCHITECTURE,
                TOKENS,
                entry(b"llama.block_count", UINT32, struct.pack("<I", 6)),
                entry(b"llama.minus", INT32, struct.pack("<i", -1)),
                entry(b"llama.heads", ARRAY, numbers(INT32, "i", 1, 2)),
                entry(b"scale", FLOAT32, struct.pack("<f", 0.5)),
                entry(b"long.text", STRING, text(bytes(2**20 + 1))),
                entry(b"long.array", ARRAY, numbers(INT32, "i", *range(4097))),
                entry(b"tokenizer.ggml.token_type", ARRAY, numbers(INT32, "i", 1, 3)),
            )
        )
    )
    assert header.metadata == {
        "general.architecture": "llama",
        "llama.block_count": 6,
        "llama.minus": -1,
        "llama.heads": (1, 2),
        "scale": 0.5,
    }
    assert header.token_types() == (1, 3)
    assert header.count("block_count") == 6
    assert header.count("minus", 7) == 7
    assert header.count("absent", 7) == 7
    assert header.text("scale") == ""


def test_a_file_is_read_from_its_path() -> None:
    header = read_header(BUNDLED.path)
    assert header.n_tokens == len(header.tokens()) == len(header.token_types()) == 8192
    assert header.text("general.name") == BUNDLED.name


def test_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "model.gguf")
    with pytest.raises(DamagedGgufError, match="not a regular file"):
        read_header(tmp_path / "model.gguf")


def test_other_values_and_alignments_pass() -> None:
    entries = (
        ARCHITECTURE,
        entry(b"general.alignment", UINT32, struct.pack("<I", 64)),
        entry(b"flag", 7, b"\x01"),
        entry(b"scores", ARRAY, struct.pack("<IQ", FLOAT32, 3) + bytes(12)),
        TOKENS,
    )
    check(gguf(entries, (TENSORS[0],), version=2, alignment=64))


@pytest.mark.parametrize("n_bytes", range(len(gguf())))
def test_e01_every_truncation_is_refused(n_bytes: int) -> None:
    with pytest.raises(DamagedGgufError):
        check(gguf()[:n_bytes])


HUGE = struct.pack("<Q", 2**62)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"GGML" + gguf()[4:], "does not begin"),
        (gguf(version=1), "version"),
        (gguf(version=0x03000000), "version"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**62, 2), "counts"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2, 2**62), "counts"),
        (gguf(entries=()), "counts"),
        (gguf(tensors=()), "counts"),
        (gguf((ARCHITECTURE,)), "no architecture or no vocabulary"),
        (gguf((TOKENS,)), "no architecture or no vocabulary"),
        (
            gguf((entry(b"general.architecture", UINT32, bytes(4)), TOKENS)),
            "no architecture or no vocabulary",
        ),
        (
            gguf((ARCHITECTURE, entry(b"tokenizer.ggml.tokens", ARRAY, strings()))),
            "no architecture or no vocabulary",
        ),
        (
            gguf(
                (
                    ARCHITECTURE,
                    TOKENS,
                    entry(b"tokenizer.ggml.token_type", ARRAY, numbers(INT32, "i", 1)),
                )
            ),
            "differ in length",
        ),
        (gguf((ARCHITECTURE, ARCHITECTURE, TOKENS)), "twice"),
        (gguf((ARCHITECTURE, TOKENS, entry(b"x", 99, b""))), "unknown type"),
        (gguf((ARCHITECTURE, TOKENS, entry(b"x", STRING, HUGE))), "cut short"),
        (gguf((ARCHITECTURE, TOKENS, entry(b"", 7, b"\x00"))), "impossible length"),
        (gguf((ARCHITECTURE, TOKENS, HUGE)), "impossible length"),
        (
            gguf((ARCHITECTURE, TOKENS, entry(b"x", ARRAY, struct.pack("<IQ", UINT32, 2**62)))),
            "cut short",
        ),
        (
            gguf((ARCHITECTURE, TOKENS, entry(b"x", ARRAY, struct.pack("<IQ", STRING, 2**62)))),
            "cut short",
        ),
        (
            gguf((ARCHITECTURE, TOKENS, entry(b"x", ARRAY, struct.pack("<IQ", ARRAY, 1)))),
            "an array has an unknown type",
        ),
        *(
            (
                gguf((ARCHITECTURE, TOKENS, entry(b"general.alignment", kind, value))),
                "alignment",
            )
            for kind, value in (
                (UINT32, struct.pack("<I", 0)),
                (UINT32, struct.pack("<I", 24)),
                (UINT32, struct.pack("<I", 2**31)),
                (STRING, text(b"32")),
                (UINT64, struct.pack("<Q", 32)),
            )
        ),
        (gguf(tensors=(tensor(b"w", (), F32, 0),)), "shape"),
        (gguf(tensors=(tensor(b"w", (1,) * 5, F32, 0),)), "shape"),
        (gguf(tensors=(tensor(b"w", (0,), F32, 0),)), "shape"),
        (gguf(tensors=(tensor(b"w", (31,), Q8_0, 0),)), "shape"),
        (gguf(tensors=(tensor(b"w", (4,), F32, 7),)), "misaligned"),
        (gguf(tensors=(tensor(b"w", (4,), 1000, 0),)), "unknown type"),
        (gguf(tensors=(tensor(b"w", (2**42, 2**42), F32, 0),)), "cut short"),
        (gguf(tensors=(tensor(b"w", (4,), F32, 2**62),)), "cut short"),
    ],
)
def test_e01_impossible_claims_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(DamagedGgufError, match=reason):
        check(data)


@given(st.binary(max_size=400))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(DamagedGgufError):
        check(noise)


@given(st.data())
def test_e01_flipped_bits_never_do_worse_than_a_refusal(data: st.DataObject) -> None:
    damaged = bytearray(gguf())
    bits = st.integers(0, len(damaged) * 8 - 1)
    for bit in data.draw(st.lists(bits, min_size=1, max_size=4)):
        damaged[bit // 8] ^= 1 << bit % 8
    # Anything but this error fails the test.
    with suppress(DamagedGgufError):
        header = check(bytes(damaged))
        assert len(header.tokens()) == header.n_tokens
