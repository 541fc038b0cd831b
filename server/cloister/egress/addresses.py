"""How far away an address is, by its bits and never by its spelling.

`127.1`, `0x7f000001` and `2130706433` all mean this machine to a resolver, and `::ffff:8.8.8.8`
means a host on the internet, so names are resolved once and what comes back is classified. What
belongs to no class is refused everywhere: unspecified, link-local (where clouds keep the
credentials of their machines), multicast, reserved.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from cloister.core.privacy import EndpointClass, Origin

Address = IPv4Address | IPv6Address


def class_of_address(text: str) -> EndpointClass | None:
    """Return the class of an address, None when nobody may connect to it."""
    try:
        address = _unwrapped(ip_address(text))
    except ValueError:
        return None
    if address.is_loopback:
        return EndpointClass.LOOPBACK
    if address in _CREDENTIAL_SERVICES:
        return None
    if any(address in network for network in _LAN):
        return EndpointClass.LAN
    return EndpointClass.INTERNET if _is_public(address) else None


def common_class(addresses: Iterable[str]) -> EndpointClass | None:
    """Return the one class of all addresses, None when there is none or more than one."""
    classes = {class_of_address(address) for address in addresses}
    return classes.pop() if len(classes) == 1 else None


def class_of_origin(origin: Origin) -> EndpointClass | None:
    """Return what is known of an origin without asking anybody, None for most names."""
    if origin.host.rstrip(".") in _LOOPBACK_NAMES:
        return EndpointClass.LOOPBACK
    return class_of_address(origin.host)


def permitted_classes(origin: Origin, *, plain_http: bool = False) -> frozenset[EndpointClass]:
    """Return where the addresses of an origin may lie; empty when it may not be used at all.

    What is not said to be this machine must not turn out to be it. Unencrypted text stays on this
    machine, or within the local network where the user's file says `plain_http`.
    """
    known = class_of_origin(origin)
    if known is None and _is_address(origin.host):
        return frozenset()
    wanted = frozenset({known} if known else _ELSEWHERE)
    if origin.scheme == "https":
        return wanted
    return wanted & (_LOOPBACK | (_LAN_ONLY if plain_http else frozenset()))


_LOOPBACK_NAMES = frozenset({"localhost", "ip6-localhost"})
_ELSEWHERE = frozenset({EndpointClass.LAN, EndpointClass.INTERNET})
_LOOPBACK = frozenset({EndpointClass.LOOPBACK})
_LAN_ONLY = frozenset({EndpointClass.LAN})

_LAN = tuple(
    ip_network(network)
    for network in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        # Shared by carriers and by private networks between machines, such as Tailscale's.
        "100.64.0.0/10",
        "fc00::/7",
    )
)
# Clouds hand out credentials of an instance here; the ones at link-local addresses have no class.
_CREDENTIAL_SERVICES = frozenset(map(ip_address, ("100.100.100.200", "fd00:ec2::254")))
_UNICAST = ip_network("2000::/3")
# Networks that only speak IPv6 reach the others under these addresses.
_NAT64 = ip_network("64:ff9b::/96")


def _unwrapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_public(address: Address) -> bool:
    if address.is_multicast or not address.is_global:
        return False
    # Tunnels lead to an address within the address, which may be any.
    return isinstance(address, IPv4Address) or (
        address in _UNICAST and address.sixtofour is None and address.teredo is None
    )


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
