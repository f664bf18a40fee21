"""Which addresses may be dialled: the special-purpose registries, row by row, and the forms that hide them."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.dialled import allowed

PRIVATE = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "192.168.255.255", "::1", "fc00::1", "fd12:3456::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "2002:7f00:1::", "2002:c0a8:1::1",
]  # fmt: skip
NEVER = [
    "0.0.0.0", "0.1.2.3", "100.64.0.1", "100.100.100.200", "100.127.255.255", "168.63.129.16", "169.254.169.254",
    "169.254.0.1", "192.0.0.1", "192.0.0.8", "192.0.0.9", "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1",
    "192.88.99.1", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::127.0.0.1", "::8.8.8.8", "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::", "64:ff9b:1::7f00:1", "64:ff9b:1::808:808", "100::1",
    "100:0:0:1::1", "2001::1", "2001:0:7f00:1::1", "2001:0:808:808::f7f7:f7f7", "2001:1::1", "2001:2::1", "2001:10::1",
    "2001:20::1", "2001:db8::1", "2002:a9fe:a9fe::1", "2002:e000:1::", "2620:4f:8000::1", "3fff::1", "5f00::1", "fe80::1",
    "fe80::1%eth0", "febf::1", "fec0::1", "feff::1", "ff02::1", "ff0e::1", "fd00:ec2::254", "4000::1", "8000::1",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
    "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.255.255", "198.17.255.255",
    "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1", "2400:cb00::1", "::ffff:8.8.8.8",
    "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip
NONSENSE = [
    "",
    "localhost",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "1.2.3.4.5",
    "127.0.0.1 ",
    "１２７.0.0.1",
    "[::1]",
    "::1::",
]

v4 = st.integers(0, 2**32 - 1).map(IPv4Address)


@pytest.mark.parametrize("ip", PRIVATE)
def test_a_private_address_is_dialled_only_with_permission(ip: str) -> None:
    assert not allowed(ip)
    assert allowed(ip, private=True)


@pytest.mark.parametrize("ip", NEVER)
def test_a_special_address_is_never_dialled(ip: str) -> None:
    assert not allowed(ip)
    assert not allowed(ip, private=True)


@pytest.mark.parametrize("ip", PUBLIC)
def test_a_public_address_is_dialled(ip: str) -> None:
    assert allowed(ip)
    assert allowed(ip, private=True)


@pytest.mark.parametrize("ip", NONSENSE)
def test_what_is_no_address_is_refused(ip: str) -> None:
    assert not allowed(ip)
    assert not allowed(ip, private=True)


@given(v4, st.booleans())
def test_an_address_in_disguise_is_judged_as_the_address_it_carries(
    plain: IPv4Address, private: bool
) -> None:
    number = int(plain)
    mapped = IPv6Address((0xFFFF << 32) | number)
    translated = IPv6Address((0x64FF9B << 96) | number)
    relayed = IPv6Address((0x2002 << 112) | (number << 80) | 1)

    verdicts = {allowed(str(form), private=private) for form in (plain, mapped, translated, relayed)}

    assert len(verdicts) == 1


@given(v4)
def test_no_address_of_a_special_range_is_public(address: IPv4Address) -> None:
    special = address.is_multicast or address.is_private or address.is_reserved or address.is_loopback

    assert not (special and allowed(str(address)))


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_ipv6_outside_global_unicast_is_refused(address: IPv6Address) -> None:
    inside = address in IPv6Network("2000::/3") or address in IPv6Network("64:ff9b::/96")

    assert inside or address.ipv4_mapped or not allowed(str(address))


def test_permission_for_private_networks_opens_nothing_else() -> None:
    opened = [IPv4Network(net) for net in ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
    every_sixteenth = (IPv4Address(number << 20) for number in range(4096))

    for address in every_sixteenth:
        if allowed(str(address), private=True) and not allowed(str(address)):
            assert any(address in net for net in opened)
