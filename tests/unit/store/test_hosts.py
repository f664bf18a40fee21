"""Whom a request burdens: registrable domains by the public suffix list, machines of one's own by name and port."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.store.hosts import host_of, is_spaced


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.uspto.gov/rss", "uspto.gov"),
        ("https://TSDR.uspto.gov:8443/rss", "uspto.gov"),
        ("https://www.ipo.gov.uk/x", "ipo.gov.uk"),
        ("https://www.gov.uk/x", "www.gov.uk"),
        ("https://www.cnipa.gov.cn/", "cnipa.gov.cn"),
        ("https://one.github.io/feed", "one.github.io"),
        ("https://two.github.io/feed", "two.github.io"),
        ("https://93.184.216.34/feed", "93.184.216.34"),
        ("https://[2606:2800:220:1::1]/feed", "[2606:2800:220:1::1]"),
        ("http://127.0.0.1:8080/feed", "127.0.0.1"),
        ("nonsense", ""),
        ("http://[broken", ""),
    ],
)
def test_names_of_one_registrable_domain_count_as_one(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://127.0.0.1:8080/feed", "127.0.0.1:8080"),
        ("http://[::1]:8080/feed", "[::1]:8080"),
        ("http://localhost/feed", "localhost:80"),
        ("https://feeds.internal/x", "feeds.internal:443"),
        ("http://10.1.2.3/", "10.1.2.3:80"),
    ],
)
def test_machines_of_our_own_count_by_port_and_need_no_pause(url: str, host: str) -> None:
    assert host_of(url, private=True) == host
    assert not is_spaced(host)


@pytest.mark.parametrize(
    "url", ["https://www.uspto.gov/", "https://93.184.216.34/", "https://[2606:2800:220:1::1]/"]
)
def test_a_public_host_keeps_its_pauses_also_where_private_ones_are_allowed(url: str) -> None:
    assert is_spaced(host_of(url, private=True))


@given(st.text(), st.booleans())
def test_no_address_makes_it_fail(url: str, private: bool) -> None:
    assert isinstance(host_of(f"https://{url}", private=private), str)
