"""An address is read in one way only, or refused; a redirect keeps within http and https."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.errors import FetchError
from alerts.domain.vocabulary import Outcome
from alerts.net.target import Target, check_port, next_target, read_target

HERE = read_target("https://www.example.org/news/list?page=1")


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("HTTP://Example.ORG:80", "http://example.org/"),
        ("https://example.org:443/x?y", "https://example.org/x?y"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://example.org:/", "https://example.org/"),
        ("https://[2001:DB8:0:0::1]:81/", "https://[2001:db8::1]:81/"),
        ("https://商标.example/", "https://xn--czr694b.example/"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://_a.b_c.example./", "https://_a.b_c.example./"),
        ("https://1.2.3.4/", "https://1.2.3.4/"),
        ("https://4.example/", "https://4.example/"),
        ("  https://example.org/\n", "https://example.org/"),
        ("https://example.org/#top", "https://example.org/"),
    ],
)
def test_an_address_is_put_together_again_from_its_parts(address: str, url: str) -> None:
    assert read_target(address).url == url


@pytest.mark.parametrize(
    "address",
    [
        "https://", "https:///x", "https://?x", "https://a@b/", "https://a:b@c/", "https://exa mple.org/", "https://a..b/",
        "https://-:0/", "https://a:65536/", "https://a:x/", "https://a:1:2/", "https://[::1", "https://[x]/", "https://::1/",
        "https://a\\b/", "https://a/\x00", "https://a/\x7f", "ws://a/", "https:a", "//a/", "a", "https://1.2.3/",
        "https://1.2.3.4./", "https://0x1/", "https://a.0x1/", "https://a.1/", "https://" + "a" * 254 + "/", "https://a%2eb/",
        "https://\ud800/", "https://\u2024/", "https://⑯.example:８０/", "https://" + "商" * 70 + ".example/",
    ],
)  # fmt: skip
def test_a_doubtful_address_is_refused(address: str) -> None:
    with pytest.raises(FetchError) as caught:
        read_target(address)

    assert caught.value.outcome is Outcome.DENIED_ADDRESS


@given(st.text(max_size=60).map(lambda text: "http://" + text) | st.text(max_size=60))
def test_any_text_is_read_or_refused_and_reading_is_stable(text: str) -> None:
    try:
        target = read_target(text)
    except FetchError as fault:
        assert fault.outcome is Outcome.DENIED_ADDRESS
    else:
        assert read_target(target.url) == target
        assert target.url.isascii() and " " not in target.url


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/x", "https://www.example.org/x"),
        ("x", "https://www.example.org/news/x"),
        ("?page=2", "https://www.example.org/news/list?page=2"),
        ("//other.example/y", "https://other.example/y"),
        ("https://other.example/a/../b?[1]='", "https://other.example/a/../b?[1]='"),
        ("/中?a b", "https://www.example.org/%E4%B8%AD?a%20b"),
        ("", "https://www.example.org/news/list?page=1"),
    ],
)
def test_a_redirect_may_be_relative(location: str, url: str) -> None:
    assert next_target(HERE, location).url == url


@pytest.mark.parametrize(
    "location",
    [
        "http://www.example.org/",
        "http:/x",
        "https:x",
        "file:///etc/passwd",
        "javascript:1",
        "//[",
        "\\\\other.example",
        "//a@b/",
        "/\tx",
    ],
)
def test_a_redirect_out_of_bounds_is_refused(location: str) -> None:
    with pytest.raises(FetchError) as caught:
        next_target(HERE, location)

    assert caught.value.outcome is Outcome.DENIED_ADDRESS


@given(st.text(max_size=60))
def test_any_location_leads_to_https_or_nowhere(location: str) -> None:
    try:
        assert next_target(HERE, location).scheme == "https"
    except FetchError as fault:
        assert fault.outcome is Outcome.DENIED_ADDRESS


@pytest.mark.parametrize(
    ("port", "configured", "private", "open_"),
    [(80, 443, False, True), (443, 80, False, True), (8080, 8080, False, True), (8080, 443, False, False),
     (22, 443, False, False), (8080, 443, True, True)],
)  # fmt: skip
def test_only_chosen_ports_are_dialled(port: int, configured: int, private: bool, open_: bool) -> None:
    target = Target("https", "example.org", port, "/")
    if open_:
        check_port(target, configured, private=private)
        return
    with pytest.raises(FetchError) as caught:
        check_port(target, configured, private=private)
    assert caught.value.outcome is Outcome.DENIED_ADDRESS
