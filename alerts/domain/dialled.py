"""Say which IP addresses may be dialled.

Feeds, redirects and DNS answers are written by strangers, and the machine we run on reaches places that
strangers must not: its own services, the office network, the cloud's metadata. So an address is dialled
only when it is ordinary public unicast. Python's ``is_global`` alone is not enough: up to 3.13 it calls
multicast, 192.88.99.0/24, 64:ff9b:1::/48, fec0::/10, ::127.0.0.1 and 6to4 forms of loopback global.

Source: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890, RFC 8190); RFC 6052 for
NAT64, RFC 3056 for 6to4, RFC 4291 for mapped and compatible addresses. Only 2000::/3 is assigned as
global unicast in IPv6, so all else is refused, save forms that carry a public IPv4 address.
"""

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)

_DENIED_4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT, and the metadata service of one cloud
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # public by number, but the host agent of one cloud
        "169.254.0.0/16",  # link-local, and the metadata service of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays, withdrawn
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_UNICAST_6 = IPv6Network("2000::/3")
_DENIED_6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments, Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_PRIVATE_4 = tuple(
    IPv4Network(net) for net in ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
_PRIVATE_6 = (IPv6Network("::1/128"), IPv6Network("fc00::/7"))
_METADATA_6 = IPv6Address("fd00:ec2::254")  # a cloud's metadata service inside the private range
_NAT64 = IPv6Network("64:ff9b::/96")


def allowed(ip: str, *, private: bool = False) -> bool:
    """Return whether ``ip``, an address literal as a resolver gives it, may be dialled.

    ``private`` also lets loopback, RFC 1918 and unique local addresses through, for one request to a
    source that the admin placed in an own network; link-local and metadata addresses stay refused.
    What is no address is refused.
    """
    try:
        address = ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return _allowed_4(address, private)
    return _allowed_6(address, private)


def _allowed_4(address: IPv4Address, private: bool) -> bool:
    if private and any(address in net for net in _PRIVATE_4):
        return True
    return address.is_global and not any(address in net for net in _DENIED_4)


def _allowed_6(address: IPv6Address, private: bool) -> bool:
    carried = _carried(address)
    if carried is not None:
        return _allowed_4(carried, private)
    if private and address != _METADATA_6 and any(address in net for net in _PRIVATE_6):
        return True
    in_use = address in _UNICAST_6 and address.is_global
    return in_use and not any(address in net for net in _DENIED_6)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to ``address`` end at, if its form names one.

    64:ff9b:1::/48 (RFC 8215) names none for certain, since each network places the four bytes where it
    likes, and Teredo reaches a host behind NAT: both fall to the rules for plain IPv6, which refuse them.
    """
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
