"""P05: whatever layers there are, the strictest decides, and one more never permits more."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cloister.core.privacy import EndpointClass, Layer, LayerKind, Level
from cloister.policy.privacy import endpoints, judge, ratcheted, remembered, together
from cloister.settings.repository_file import parse_repository_file
from cloister.settings.settings import PrivacySettings

LAYERS = st.builds(
    Layer,
    kind=st.sampled_from(LayerKind),
    level=st.sampled_from(Level),
    rule=st.sampled_from(["one", "two"]),
    path=st.sampled_from([None, Path("/a")]),
)
STACKS = st.lists(LAYERS, max_size=12)
USERS = st.builds(PrivacySettings, loopback=st.booleans())


@given(STACKS)
def test_p05_the_strictest_decides(layers: list[Layer]) -> None:
    verdict = judge(layers)
    assert verdict.level == min([layer.level for layer in layers], default=Level.ALLOW)
    assert verdict.decided_by.level == verdict.level
    assert set(layers) <= set(verdict.layers)


@given(STACKS, LAYERS)
def test_p05_another_layer_never_permits_more(layers: list[Layer], layer: Layer) -> None:
    assert judge([*layers, layer]).level <= judge(layers).level


@given(st.permutations(list(range(6))), st.lists(LAYERS, min_size=6, max_size=6))
def test_p05_the_order_does_not_matter(order: list[int], layers: list[Layer]) -> None:
    assert judge([layers[place] for place in order]).level == judge(layers).level


@given(STACKS, STACKS)
def test_p05_text_of_several_files_goes_as_far_as_the_strictest(
    some: list[Layer], others: list[Layer]
) -> None:
    verdict = together(judge(some), judge(others))
    assert verdict.level == min(judge(some).level, judge(others).level)
    assert verdict.level == judge([*some, *others]).level
    assert together(verdict, verdict) == verdict


@given(STACKS, STACKS)
def test_p05_what_was_local_only_once_stays_so(before: list[Layer], now: list[Layer]) -> None:
    held = ratcheted(ratcheted((), before), now)
    level = judge([*now, *remembered(held, now)]).level
    assert level <= judge(now).level
    if judge(before).level is Level.LOCAL_ONLY:
        assert level is Level.LOCAL_ONLY


@given(STACKS, USERS)
def test_p05_a_stricter_level_reaches_no_further(
    layers: list[Layer], user: PrivacySettings
) -> None:
    verdict = judge(layers)
    possible = set(endpoints(verdict, user))
    if verdict.denial is not None:
        assert possible == set()
    elif verdict.level is Level.LOCAL_ONLY:
        assert possible - {EndpointClass.LOOPBACK} == {EndpointClass.ENGINE}
        assert (EndpointClass.LOOPBACK in possible) == user.loopback
    else:
        assert possible == set(EndpointClass)
    lower = judge([*layers, Layer(LayerKind.REPOSITORY, Level.LOCAL_ONLY, "no")])
    assert set(endpoints(lower, user)) <= possible


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_p05_what_cannot_be_understood_restricts(data: bytes) -> None:
    said = parse_repository_file(data)
    if b"version" not in data:
        assert said.is_restricting
