"""Addresses by their bits: this machine, the local network, the internet, or nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.privacy import EndpointClass, Origin
from cloister.egress.addresses import (
    class_of_address,
    class_of_origin,
    common_class,
    permitted_classes,
)

LOOPBACK, LAN, INTERNET = EndpointClass.LOOPBACK, EndpointClass.LAN, EndpointClass.INTERNET


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", LOOPBACK),
        ("127.255.255.254", LOOPBACK),
        ("::1", LOOPBACK),
        ("::ffff:127.0.0.1", LOOPBACK),
        ("10.1.2.3", LAN),
        ("172.31.255.255", LAN),
        ("192.168.0.1", LAN),
        ("100.64.0.1", LAN),
        ("::ffff:10.0.0.1", LAN),
        ("64:ff9b::a00:1", LAN),
        ("fd12:3456::1", LAN),
        ("8.8.8.8", INTERNET),
        ("::ffff:8.8.8.8", INTERNET),
        ("64:ff9b::808:808", INTERNET),
        ("2606:4700::1111", INTERNET),
        ("172.32.0.1", INTERNET),
        ("0.0.0.0", None),  # noqa: S104  # data
        ("0.1.2.3", None),
        ("::", None),
        ("::8.8.8.8", None),
        ("::ffff:0.0.0.0", None),
        ("169.254.169.254", None),
        ("::ffff:169.254.169.254", None),
        ("64:ff9b::a9fe:a9fe", None),
        ("fe80::1", None),
        ("fe80::1%eth0", None),
        ("fec0::1", None),
        ("fd00:ec2::254", None),
        ("100.100.100.200", None),
        ("192.0.2.1", None),
        ("198.18.0.1", None),
        ("224.0.0.1", None),
        ("ff02::1", None),
        ("240.0.0.1", None),
        ("255.255.255.255", None),
        ("2001:db8::1", None),
        ("2002:7f00:1::", None),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", None),
        ("127.1", None),
        ("0x7f000001", None),
        ("2130706433", None),
        ("localhost", None),
        ("", None),
    ],
)
def test_an_address_has_one_class_or_none(address: str, expected: EndpointClass | None) -> None:
    assert class_of_address(address) is expected


@given(st.ip_addresses())
def test_every_address_is_answered(address: object) -> None:
    assert class_of_address(str(address)) in {None, LOOPBACK, LAN, INTERNET}


@given(st.text())
def test_every_text_is_answered(text: str) -> None:
    class_of_address(text)


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (["127.0.0.1", "::1"], LOOPBACK),
        (["8.8.8.8", "2606:4700::1111"], INTERNET),
        (["127.0.0.1", "8.8.8.8"], None),
        (["10.0.0.1", "8.8.8.8"], None),
        (["8.8.8.8", "169.254.169.254"], None),
        ([], None),
    ],
)
def test_addresses_of_a_name_must_agree(
    addresses: list[str], expected: EndpointClass | None
) -> None:
    assert common_class(addresses) is expected


@pytest.mark.parametrize(
    ("scheme", "host", "plain_http", "expected"),
    [
        ("https", "api.example", False, {LAN, INTERNET}),
        ("https", "api.example", True, {LAN, INTERNET}),
        ("http", "api.example", False, set()),
        ("http", "gpu.example", True, {LAN}),
        ("http", "localhost", False, {LOOPBACK}),
        ("http", "localhost.", False, {LOOPBACK}),
        ("http", "127.0.0.1", False, {LOOPBACK}),
        ("https", "::1", False, {LOOPBACK}),
        # However a name is spelt: it is not this machine unless it says so.
        ("http", "127.1", False, set()),
        ("https", "127.1", False, {LAN, INTERNET}),
        ("https", "0", False, {LAN, INTERNET}),
        ("http", "::ffff:8.8.8.8", True, set()),
        ("https", "::ffff:8.8.8.8", False, {INTERNET}),
        ("https", "169.254.169.254", False, set()),
        ("http", "192.168.1.2", False, set()),
        ("http", "192.168.1.2", True, {LAN}),
        ("https", "xn--lcalhost-n4a", False, {LAN, INTERNET}),
    ],
)
def test_where_an_origin_may_be(
    scheme: str,
    host: str,
    plain_http: bool,  # noqa: FBT001  # data
    expected: set[EndpointClass],
) -> None:
    assert permitted_classes(Origin(scheme, host, 443), plain_http=plain_http) == expected


def test_what_is_known_of_an_origin_before_anybody_is_asked() -> None:
    assert class_of_origin(Origin("http", "localhost", 80)) is LOOPBACK
    assert class_of_origin(Origin("https", "10.0.0.1", 443)) is LAN
    assert class_of_origin(Origin("https", "api.example", 443)) is None
