from hypothesis import given
from hypothesis import strategies as st

from cloister.gguf.header import Header, Value
from cloister.gguf.memory import needed_bytes
from cloister.gguf.tensors import Tensor

LAYERS = tuple(Tensor(f"blk.{number}", (256,), 0) for number in range(8))


def header(**parameters: Value) -> Header:
    """Return a header; in parameters `__` stands for a dot."""
    own = {f"llama.{key.replace('__', '.')}": value for key, value in parameters.items()}
    return Header({"general.architecture": "llama", **own}, LAYERS, 1000, b"", b"")


def cache(**parameters: Value) -> int:
    return needed_bytes(header(**parameters), 100).cache


def test_weights_are_the_tensors() -> None:
    assert needed_bytes(header(), 100).weights == 8 * 256 * 4


def test_attention_caches_a_key_and_a_value_for_each_head() -> None:
    every = {"block_count": 4, "embedding_length": 64, "attention__head_count": 8}
    assert cache(**every) == 2 * 100 * 4 * 8 * (8 + 8)
    assert cache(**every, attention__head_count_kv=2) == 2 * 100 * 4 * 2 * (8 + 8)
    assert cache(**every, attention__key_length=16, attention__value_length=4) == (
        2 * 100 * 4 * 8 * (16 + 4)
    )


def test_heads_may_differ_from_layer_to_layer() -> None:
    assert cache(
        block_count=4,
        embedding_length=64,
        attention__head_count=8,
        attention__head_count_kv=(2, 0, 0, 4),
    ) == 2 * 100 * 6 * (8 + 8)


def test_latent_attention_caches_one_vector() -> None:
    assert (
        cache(
            block_count=4,
            attention__head_count=16,
            attention__head_count_kv=1,
            attention__key_length=576,
            attention__value_length=512,
            attention__key_length_mla=192,
        )
        == 2 * 100 * 4 * 576
    )


def test_layers_that_share_or_have_no_cache_need_none() -> None:
    every = {"block_count": 8, "embedding_length": 64, "attention__head_count": 8}
    whole = cache(**every)
    assert cache(**every, full_attention_interval=4) == whole // 4
    assert cache(**every, attention__shared_kv_layers=2) == whole * 6 // 8


def test_recurrent_layers_need_the_same_for_every_context() -> None:
    recurrent = header(
        block_count=2,
        attention__head_count=0,
        ssm__conv_kernel=4,
        ssm__inner_size=128,
        ssm__state_size=16,
        ssm__group_count=1,
    )
    assert needed_bytes(recurrent, 100).cache == needed_bytes(recurrent, 8000).cache
    assert needed_bytes(recurrent, 100).cache == 8 * 4 * 2 * (3 * (128 + 32) + 16 * 128)


def test_experts_count_as_far_as_they_are_used() -> None:
    dense = needed_bytes(header(feed_forward_length=4000), 100).compute
    sparse = header(feed_forward_length=10, expert_feed_forward_length=500, expert_used_count=8)
    assert needed_bytes(sparse, 100).compute == dense


def test_the_total_is_the_sum() -> None:
    need = needed_bytes(header(block_count=4, embedding_length=64, attention__head_count=8), 100)
    assert need.total == need.weights + need.cache + need.compute


NUMBERS = st.integers() | st.floats() | st.text(max_size=3)
NAMES = (
    *("block_count", "embedding_length", "feed_forward_length", "full_attention_interval"),
    *("attention__head_count", "attention__head_count_kv", "attention__key_length"),
    *("attention__shared_kv_layers", "ssm__inner_size", "ssm__state_size", "expert_used_count"),
)


@given(
    st.dictionaries(
        st.sampled_from(NAMES), NUMBERS | st.lists(st.integers() | st.floats()).map(tuple)
    )
)
def test_no_claim_breaks_the_estimate(parameters: dict[str, Value]) -> None:
    need = needed_bytes(header(**parameters), 100)
    assert min(need.weights, need.cache, need.compute) >= 0
