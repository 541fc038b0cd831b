from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from cloister.core.hardware import Placement
from cloister.engine.offload import Device, layer_bytes, layers_that_fit, plan_placement
from cloister.gguf.header import read_header
from cloister.gguf.memory import MemoryNeed, needed_bytes
from cloister.gguf.tensors import Tensor
from support.engine_process import MODEL

MEGABYTE = 1_000_000
F32 = 0

sizes = st.integers(0, 10**9)
layers = st.lists(sizes, min_size=1, max_size=100)


def tensor(name: str, n_megabytes: int) -> Tensor:
    return Tensor(name, (n_megabytes * MEGABYTE // 4,), F32)


def model(n_layers: int, *others: Tensor) -> list[Tensor]:
    """Return layers of 100 MB, each in two tensors, in the order in which files may have them."""
    names = [
        f"blk.{number}.{part}.weight" for number in range(n_layers) for part in ("attn", "ffn")
    ]
    return [*others, *(tensor(name, 50) for name in sorted(names))]


def need(tensors: list[Tensor]) -> MemoryNeed:
    weights = sum(one.n_bytes for one in tensors)
    return MemoryNeed(weights, cache=120 * MEGABYTE, compute=100 * MEGABYTE)


TWELVE = model(12, tensor("token_embd.weight", 300), tensor("output.weight", 200))


@given(layers, sizes, st.integers(0, 10**12))
def test_what_is_offloaded_fits_and_one_more_layer_would_not(
    layers: list[int], cache_bytes: int, free_bytes: int
) -> None:
    n_layers = layers_that_fit(layers, cache_bytes, free_bytes)

    def needed(count: int) -> int:
        return sum(layers[len(layers) - count :]) + cache_bytes * max(0, count - 1)

    assert 0 <= n_layers <= len(layers)
    assert needed(n_layers) <= free_bytes
    assert n_layers == len(layers) or needed(n_layers + 1) > free_bytes


@given(layers, sizes, st.integers(0, 10**12), st.integers(0, 10**12))
def test_more_memory_never_takes_fewer_layers(
    layers: list[int], cache_bytes: int, free_bytes: int, more: int
) -> None:
    assert layers_that_fit(layers, cache_bytes, free_bytes) <= layers_that_fit(
        layers, cache_bytes, free_bytes + more
    )


def test_layers_are_in_their_order_and_the_output_is_the_last() -> None:
    tensors = model(11, tensor("blk.11.attn.weight", 7), tensor("output_norm.weight", 1))
    megabytes = [n_bytes // MEGABYTE for n_bytes in layer_bytes(tensors)]
    assert megabytes == [100] * 11 + [7, 1]


def test_an_embedding_that_is_the_output_too_is_copied() -> None:
    embedding = tensor("token_embd.weight", 300)
    assert layer_bytes([embedding, tensor("output_norm.weight", 1)]) == (301 * MEGABYTE,)
    assert layer_bytes([embedding, tensor("output.weight", 200)]) == (200 * MEGABYTE,)


def test_without_a_device_everything_stays_on_the_processor() -> None:
    assert plan_placement(TWELVE, need(TWELVE), []) == Placement(layers=13)


def test_a_large_device_takes_everything() -> None:
    devices = [Device("NVIDIA H200", 140_000 * MEGABYTE)]
    assert plan_placement(TWELVE, need(TWELVE), devices) == snapshot(
        Placement(layers=13, gpu_layers=13, gpu_bytes=1520000000, devices=("NVIDIA H200",))
    )


def test_a_small_device_takes_the_last_layers() -> None:
    # The driver has 512 MiB and the batch 100 MB: what is left holds the output and three layers.
    devices = [Device("small", 512 * 1024 * 1024 + 100 * MEGABYTE + 535 * MEGABYTE)]
    assert plan_placement(TWELVE, need(TWELVE), devices) == snapshot(
        Placement(layers=13, gpu_layers=4, gpu_bytes=530000000, devices=("small",))
    )


def test_a_full_device_takes_nothing_and_is_not_named() -> None:
    assert plan_placement(TWELVE, need(TWELVE), [Device("full", 600 * MEGABYTE)]) == Placement(13)


def test_two_devices_share_the_layers() -> None:
    devices = [Device("one", 1500 * MEGABYTE), Device("two", 1500 * MEGABYTE)]
    placement = plan_placement(TWELVE, need(TWELVE), devices)
    assert placement.devices == ("one", "two")
    assert placement.gpu_layers > plan_placement(TWELVE, need(TWELVE), devices[:1]).gpu_layers


def test_the_bundled_model_stays_on_the_processor() -> None:
    header = read_header(MODEL)
    placement = plan_placement(
        header.tensors, needed_bytes(header, 1024), [Device("large", 10**12)]
    )
    assert placement == Placement(layers=header.count("block_count") + 1)


def test_every_tensor_of_a_real_file_belongs_to_a_layer_or_is_the_embedding() -> None:
    header = read_header(MODEL)
    embedding = sum(one.n_bytes for one in header.tensors if one.name == "token_embd.weight")
    total = sum(one.n_bytes for one in header.tensors)
    is_tied = "output.weight" not in {one.name for one in header.tensors}
    assert sum(layer_bytes(header.tensors)) == (total if is_tied else total - embedding)
