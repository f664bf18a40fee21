"""SPF as a receiver runs it: the same results as pyspf over random zones, and the cases of RFC 7208 by name."""

from collections.abc import Iterator, Mapping
from unittest.mock import patch

import pytest
import spf
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.deliver.published import Answer, Kind
from alerts.deliver.published.spf_check import check

SENDER = "bounces+x1@d1.example"
DOMAINS = [f"d{at}.example" for at in range(1, 5)]
ADDRESSES = ["192.0.2.7", "192.0.2.200", "198.51.100.1", "2001:db8::7"]

Zone = Mapping[tuple[str, str], tuple[str, ...]]


def ours(zone: Zone, address: str, sender: str = SENDER) -> str:
    names = {name for name, _ in zone}

    def ask(name: str, kind: str) -> Answer:
        found = zone.get((name, kind), ())
        if found == ("SERVFAIL",):
            return Answer(Kind.FAILED)
        return Answer(Kind.FOUND if found else Kind.EMPTY if name in names else Kind.MISSING, found)

    return check(sender, address, ask)


def theirs(zone: Zone, address: str) -> str:
    def lookup(name: str, kind: str, *_: object) -> Iterator[tuple[tuple[str, str], object]]:
        found = zone.get((name, kind), ())
        if found == ("SERVFAIL",):
            raise spf.TempError("DNS")
        for value in found:
            parts = value.split(" ")
            said = {"TXT": (value.encode(),), "MX": (int(parts[0]) if kind == "MX" else 0, parts[-1])}
            yield (name, kind), said.get(kind, value)

    with patch.object(spf, "DNSLookup", lambda *given: list(lookup(*given))):
        return str(spf.check2(i=address, s=SENDER, h="d1.example", querytime=0)[0])


names = st.sampled_from([*DOMAINS, "gone.example"])
prefixes = st.sampled_from(["", "", "/24", "/24//64", "//64"])
mechanisms = st.one_of(
    st.builds("include:{}".format, names),
    st.builds("exists:{}".format, names | st.sampled_from(["%{ir}.x.example", "%{d}", "%{l}.%{o}", "%{i}.%{v}.x.example", "%{d2}.x.example", "%{S-}.example"])),
    st.builds("{}{}".format, st.sampled_from(["a", "mx"]), prefixes),
    st.builds("{}:{}{}".format, st.sampled_from(["a", "mx"]), names, prefixes),
    st.sampled_from(["ptr", "ptr:d2.example", "ip4:192.0.2.7", "ip4:192.0.2.0/24", "ip6:2001:db8::/32", "ip4:192.0.2.300", "foo", "a/40"]),
)  # fmt: skip
terms = st.builds("{}{}".format, st.sampled_from(["", "+", "-", "~", "?"]), mechanisms)
ends = st.sampled_from(["", "-all", "~all", "?all", "redirect=d2.example", "redirect=gone.example", "all"])
records = st.builds(
    lambda middle, end: " ".join(filter(None, ["v=spf1", *middle, end])), st.lists(terms, max_size=4), ends
)
hosts = st.lists(st.sampled_from(ADDRESSES), max_size=2, unique=True)


@st.composite
def zones(draw: st.DrawFn) -> Zone:
    zone: dict[tuple[str, str], tuple[str, ...]] = {}
    for domain in DOMAINS:
        found = draw(st.lists(records, min_size=1, max_size=draw(st.sampled_from([1, 1, 1, 2]))))
        # pyspf refuses a record that includes itself before anything is looked at, RFC 7208 when it comes to it.
        zone[domain, "TXT"] = ("hello", *(one.replace(f"include:{domain}", "a") for one in found))
        found = draw(hosts)
        zone[domain, "A"] = tuple(one for one in found if ":" not in one)
        zone[domain, "AAAA"] = tuple(one for one in found if ":" in one)
        zone[domain, "MX"] = tuple(f"10 {one}" for one in draw(st.lists(names, max_size=2, unique=True)))
    zone["7.2.0.192.in-addr.arpa", "PTR"] = tuple(draw(st.lists(names, max_size=2, unique=True)))
    zone["7.2.0.192.x.example", "A"] = draw(st.sampled_from([(), ("127.0.0.2",)]))
    zone["d1.example.x.example", "A"] = ("127.0.0.2",)
    broken = draw(
        st.sampled_from([None, None, None, ("d2.example", "TXT"), ("d3.example", "MX"), ("d1.example", "MX")])
    )
    return zone | ({broken: ("SERVFAIL",)} if broken else {})


@settings(max_examples=150)
@given(zones(), st.sampled_from(ADDRESSES))
def test_another_implementation_comes_to_the_same_result(zone: Zone, address: str) -> None:
    assert ours(zone, address) == theirs(zone, address)


def under(record: str, **more: tuple[str, ...]) -> Zone:
    found = {("d1.example", "TXT"): (record,)}
    return found | {(name.replace("_", "."), "TXT"): values for name, values in more.items()}


WITNESSES = {
    "v=spf1 ip4:192.0.2.0/24 -all": "pass",
    "V=SPF1 IP4:192.0.2.7 -ALL": "pass",
    "v=spf1 ip4:198.51.100.0/24 -all": "fail",
    "v=spf1 ~all": "softfail",
    "v=spf1": "neutral",
    "v=spf1 redirect=gone.example": "permerror",
    "v=spf1 include:gone.example -all": "permerror",
    "v=spf1 redirect=d2.example foo=bar foo=bar": "pass",  # modifiers that nobody knows are passed over, section 6
    "v=spf1 all redirect=gone.example": "pass",
    "v=spf1 -all ip4:192.0.2.300": "permerror",  # a record is read to its end first, section 4.6
    "v=spf10 +all": "none",
    "": "none",
}


@pytest.mark.parametrize("record", WITNESSES)
def test_results_of_records(record: str) -> None:
    assert ours(under(record, d2_example=("v=spf1 +all",)), "192.0.2.7") == WITNESSES[record]


@pytest.mark.parametrize(
    ("spec", "address", "name"),
    [
        ("%{ir}.%{v}.%{d}", "192.0.2.7", "7.2.0.192.in-addr.d1.example"),
        ("%{i}.%{v}", "2001:db8::7", "2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.7.ip6"),
        ("%{l}.%{l-}.%{lr+}.%{o}", "192.0.2.7", "bounces+x1.bounces+x1.x1.bounces.d1.example"),
        ("%{d1}.%{S}.%%%_%-", "192.0.2.7", "example.bounces%2Bx1%40d1.example.% %20"),
    ],
)
def test_macros_are_filled_in(spec: str, address: str, name: str) -> None:
    """Section 7.4 has examples of each form."""
    zone = {("d1.example", "TXT"): (f"v=spf1 exists:{spec} -all",), (name, "A"): ("127.0.0.2",)}

    assert ours(zone, address) == "pass"


def test_a_failing_server_is_no_verdict() -> None:
    assert ours({("d1.example", "TXT"): ("SERVFAIL",)}, "192.0.2.7") == "temperror"
    assert ours(under("v=spf1 include:d2.example -all", d2_example=("SERVFAIL",)), "192.0.2.7") == "temperror"
