"""What the DNS publishes of a sender: each record's faults, looked up on a real DNS server on loopback."""

from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from alerts.deliver.dkim import SigningKey
from alerts.deliver.dkim_keys import make_key, read_key
from alerts.deliver.published import Kind, Published, Resolver, examine_published
from alerts.domain.diagnosis import Diagnosis
from alerts.store.hosts import registrable
from tests.zones import Zone, zone_server

FROM, BACK, RELAY = "mail.alerts.example", "back.alerts.example", "192.0.2.7"
PTR = "7.2.0.192.in-addr.arpa"
PATIENCE = 2.0  # seconds; where a server is silent on purpose, a tenth of it


@cache
def key(selector: str = "r1", *, ed25519: bool = False) -> SigningKey:
    return read_key(selector, FROM, make_key(ed25519=ed25519))


def zone(**changes: Mapping[str, object] | None) -> Zone:
    """Return a zone in which all is good; a change names a place in it and is its new types, None takes it out."""
    places = {
        "sender": FROM, "back": BACK, "policy": f"_dmarc.{FROM}", "above": "_dmarc.alerts.example", "key": key().name,
        "mx": "mx.alerts.example", "pointer": PTR,
    }  # fmt: skip
    good = {
        "sender": {"MX": ["10 mx.alerts.example."]},
        "back": {"TXT": ["v=spf1 ip4:192.0.2.0/28 -all"], "MX": ["10 mx.alerts.example."]},
        "policy": {"TXT": [f"v=DMARC1; p=reject; rua=mailto:dmarc@{FROM}"]},
        "key": {"TXT": [key().record]},
        "mx": {"A": [RELAY]},
        "pointer": {"PTR": ["mx.alerts.example."]},
    }
    names = {places.get(name, name): kinds for name, kinds in (good | changes).items()}
    return {name: kinds for name, kinds in names.items() if kinds is not None}  # type: ignore[misc]


def sender(**changes: object) -> Published:
    given = {"domain": FROM, "returns": f"bounces@{BACK}", "keys": (key(),), "addresses": (RELAY,)} | changes
    return Published(**given)  # type: ignore[arg-type]


def examined(found: Zone, who: Published | None = None) -> list[Diagnosis]:
    silent = any("SILENT" in kinds.values() for kinds in found.values())
    with zone_server(found) as server:
        resolver = Resolver(server.listen, PATIENCE / 10 if silent else PATIENCE)
        return examine_published(who or sender(), resolver.ask, registrable)


def bad(said: list[Diagnosis]) -> Iterator[tuple[str, str, str]]:
    yield from ((one.part, one.state, one.text) for one in said if one.state != "good")


def told(found: Zone, who: Published | None = None) -> tuple[str, str, str]:
    """Return the one thing that is not good."""
    (only,) = bad(examined(found, who))
    return only


def test_where_all_is_good_each_part_says_so() -> None:
    said = examined(zone())

    assert {one.state for one in said} == {"good"}, said
    assert {one.part for one in said} == {"spf", "dkim", "dmarc", "alignment", "mx", "ptr"}
    assert all(one.text and "\n" not in one.text for one in said)


SPF = {
    "none": ([], "back.alerts.example has no SPF record: publish TXT"),
    "other": (["hello", "v=spf10 -all"], "has no SPF record"),
    "two": (["v=spf1 ip4:192.0.2.7 -all", "v=spf1 -all"], "has 2 SPF records"),
    "word": (["v=spf1 ip4:192.0.2.7 foo -all"], "'foo' is no mechanism"),
    "address": (["v=spf1 ip4:192.0.2.700 -all"], "'ip4:192.0.2.700' names no address"),
    "kind": (["v=spf1 ip4:2001:db8::1 -all"], "of that kind"),
    "equals": (["v=spf1 ip4=192.0.2.7 -all"], "needs a colon"),
    "prefix": (["v=spf1 a/33 ip4:192.0.2.7 -all"], "prefix that is too long"),
    "bare": (["v=spf1 include -all"], "must name a domain"),
    "all": (["v=spf1 ip4:192.0.2.7 all:x.example"], "takes no domain"),
    "twice": (["v=spf1 redirect=a.example redirect=b.example"], "redirect= stands there twice"),
    "macro": (["v=spf1 exists:%{q}.example ip4:192.0.2.7 -all"], "a macro that is none"),
    "nobody": (["v=spf1 -all"], "names nobody who sends mail"),
    "lost": (["v=spf1 ip4:192.0.2.7 include:gone.example -all"], "gone.example has no SPF record, which include:gone.example needs"),
    "failing": ("SERVFAIL", "could not be looked up: the DNS server answered that it failed"),
    "refused": ("REFUSED", "could not be looked up"),
    "silent": ("SILENT", "no DNS server answered in time"),
    "cut": ("CUT", "could not be looked up"),
}  # fmt: skip


@pytest.mark.parametrize("case", SPF)
def test_a_broken_spf_record_is_wrong_and_told_in_a_sentence(case: str) -> None:
    records, said = SPF[case]
    faults = list(bad(examined(zone(back={"TXT": records, "MX": ["10 mx.alerts.example."]}))))

    assert [(part, state) for part, state, _ in faults] == [("spf", "wrong")], faults
    assert said in faults[0][2]


REMARKS = {
    "everybody": ("v=spf1 ip4:192.0.2.7 +all", "anybody may send in its name"),
    "everybody by default": ("v=spf1 ip4:192.0.2.7 all", "anybody may send in its name"),
    "everybody by address": ("v=spf1 ip4:0.0.0.0/0 -all", "anybody may send in its name"),
    "neutral": ("v=spf1 ip4:192.0.2.7 ?all", "says nothing of other senders"),
    "open": ("v=spf1 ip4:192.0.2.7", "does not say what holds for other senders"),
    "pointer": ("v=spf1 ip4:192.0.2.7 ptr -all", "which many receivers do not heed"),
    "behind": ("v=spf1 ip4:192.0.2.7 -all ip4:192.0.2.8", "goes on behind -all"),
    "long": ("v=spf1 " + "ip4:192.0.2.7 " * 40 + "-all", "characters, more than a short answer holds"),
}


@pytest.mark.parametrize("case", REMARKS)
def test_an_spf_record_that_could_be_better_is_noted(case: str) -> None:
    record, said = REMARKS[case]
    part, state, text = told(zone(back={"TXT": [record], "MX": ["10 mx.alerts.example."]}))

    assert (part, state) == ("spf", "note")
    assert said in text


def test_what_could_be_better_is_noted_beside_what_is_wrong() -> None:
    record = "v=spf1 ip4:192.0.2.7 include:gone.example +all"
    faults = list(bad(examined(zone(back={"TXT": [record], "MX": ["10 mx.alerts.example."]}))))

    assert [(part, state) for part, state, _ in faults] == [("spf", "wrong"), ("spf", "note")]
    assert "anybody may send" in faults[1][2]


def chain(length: int) -> Zone:
    """Return a zone whose record costs so many look-ups, by includes within includes, with a redirect at the end."""
    names = {
        f"s{at}.example": {"TXT": [f"v=spf1 include:s{at + 1}.example ?all"]} for at in range(1, length - 1)
    }
    names[f"s{length - 1}.example"] = {"TXT": ["v=spf1 redirect=last.example"]}
    names["last.example"] = {"TXT": ["v=spf1 ip4:192.0.2.7 -all"]}
    return zone(back={"TXT": ["v=spf1 include:s1.example -all"], "MX": ["10 mx.alerts.example."]}, **names)


def test_ten_look_ups_are_borne_and_eleven_are_not() -> None:
    assert "costs 10 of 10 look-ups" in next(one.text for one in examined(chain(10)) if one.part == "spf")
    faults = list(bad(examined(chain(11))))
    assert (
        faults[0][:2] == ("spf", "wrong") and "costs 11 look-ups, of which receivers make 10" in faults[0][2]
    )


def test_every_mechanism_that_asks_is_counted_whoever_sends() -> None:
    record = "v=spf1 ip4:192.0.2.7 a mx ptr:x.example exists:%{i}.x.example a:mx.alerts.example include:one.example -all"
    found = zone(
        back={"TXT": [record], "MX": ["10 mx.alerts.example."], "A": [RELAY]},
        **{"one.example": {"TXT": ["v=spf1 a:mx.alerts.example mx:mail.alerts.example -all"]}},
    )
    assert "costs 8 of 10" in next(one.text for one in examined(found) if one.part == "spf")


def test_a_record_that_includes_itself_is_counted_no_further_than_needed() -> None:
    loop = zone(back={"TXT": [f"v=spf1 include:{BACK} -all"], "MX": ["10 mx.alerts.example."]})

    assert any("costs 40 and more look-ups" in text for _, _, text in bad(examined(loop)))


@pytest.mark.parametrize(("void", "state"), [(2, "good"), (3, "wrong")])
def test_two_names_that_do_not_exist_are_borne(void: int, state: str) -> None:
    words = " ".join(f"a:gone{at}.example" for at in range(void))
    found = zone(back={"TXT": [f"v=spf1 ip4:192.0.2.7 {words} -all"], "MX": ["10 mx.alerts.example."]})
    said = [one for one in examined(found) if one.part == "spf"]

    assert said[0].state == state
    assert void == 2 or "asks for 3 names without an address (gone0.example, gone1.example, gone2.example)" in said[0].text  # fmt: skip


def test_a_domain_with_more_than_ten_mail_servers_cannot_stand_in_an_mx_mechanism() -> None:
    many = {"MX": [f"{at} mx.alerts.example." for at in range(11)]}
    found = zone(back={"TXT": ["v=spf1 mx:many.example -all"], "MX": ["10 mx.alerts.example."]}, **{"many.example": many})  # fmt: skip

    assert any("has more than 10 mail servers" in text for _, _, text in bad(examined(found)))


def test_an_address_that_spf_does_not_name_is_told_with_the_term_to_add() -> None:
    found = zone(
        **{"pointer": {"PTR": ["out.alerts.example."]}, "out.alerts.example": {"AAAA": ["2001:db8::9"]}}
    )
    pointer = "9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
    found = {**found, pointer: {"PTR": ["out.alerts.example."]}}

    part, state, text = told(found, sender(addresses=("2001:db8::9",)))
    assert (part, state) == ("spf", "wrong")
    assert text == f"mails of {BACK} from 2001:db8::9 do not pass (SPF says fail): add ip6:2001:db8::9 to its record"  # fmt: skip


def keyed(text: str) -> Zone:
    return zone(key={"TXT": [text]})


def weak(bits: int) -> str:
    from base64 import b64encode

    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = rsa.generate_private_key(65537, bits).public_key()
    return b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


KEYS = {
    "none": (lambda: zone(key=None), "has no record, so no signature counts: publish TXT \"v=DKIM1; k=rsa; p=MII"),
    "two": (lambda: zone(key={"TXT": [key().record, "v=DKIM1; p=x"]}), "has 2 records: leave one"),
    "revoked": (lambda: keyed("v=DKIM1; k=rsa; p="), "says that the key is revoked"),
    "without": (lambda: keyed("v=DKIM1; k=rsa"), "has no p="),
    "other": (lambda: keyed(key("r2").record), "holds another key (of 2048 bits) than ALERTS_DKIM"),
    "short": (lambda: keyed(f"v=DKIM1; p={weak(1024)}"), "holds another key (of 1024 bits)"),
    "garbage": (lambda: keyed("v=DKIM1; p=AAAA"), "p= holds no rsa key"),
    "no base64": (lambda: keyed("v=DKIM1; p=!!!!"), "p= holds no rsa key"),
    "no tags": (lambda: keyed("hello"), "'hello' is no tag=value"),
    "twice": (lambda: keyed(f"{key().record}; p=x"), "p= stands there twice"),
    "late version": (lambda: keyed(f"p={key().public}; v=DKIM1"), "does not begin with v=DKIM1"),
    "version": (lambda: keyed(f"v=DKIM2; p={key().public}"), "does not begin with v=DKIM1"),
    "kind": (lambda: keyed(f"v=DKIM1; k=ed25519; p={key().public}"), "is for ed25519 keys, and ours is rsa"),
    "hash": (lambda: keyed(f"v=DKIM1; h=sha1; p={key().public}"), "admits sha1 only"),
    "service": (lambda: keyed(f"v=DKIM1; s=web; p={key().public}"), "is for web and not for mail"),
    "failing": (lambda: zone(key={"TXT": "SERVFAIL"}), "could not be looked up"),
    "silent": (lambda: zone(key={"TXT": "SILENT"}), "no DNS server answered in time"),
}  # fmt: skip


@pytest.mark.parametrize("case", KEYS)
def test_a_record_that_does_not_hold_our_key_is_wrong(case: str) -> None:
    make, said = KEYS[case]
    part, state, text = told(make())

    assert (part, state) == ("dkim", "wrong")
    assert said in text


@pytest.mark.parametrize("case", ["bare", "listed", "spread"])
def test_a_record_may_be_written_in_other_ways(case: str) -> None:
    public = key().public
    records = {
        "bare": f"p={public}",
        "listed": f"v=DKIM1;h=sha1:sha256; s=email : *;t=s; n=x;p={public};",
        "spread": f"v = DKIM1 ; k = RSA ; p = {public[:60]} {public[60:]}",
    }
    assert not list(bad(examined(keyed(records[case]))))


def test_a_key_on_trial_and_a_short_key_are_noted() -> None:
    assert told(keyed(key().record.replace("; p=", "; t=y:s; p=")))[1:] == (
        "note", f"the record of {key().name} says that the key is on trial (t=y), so receivers may take mails for unsigned: take that out",
    )  # fmt: skip
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    short = read_key("r1", FROM, rsa.generate_private_key(65537, 1024).private_bytes(*form))
    part, state, text = told(keyed(short.record), sender(keys=(short,)))
    assert (part, state) == ("dkim", "note") and "has 1024 bits: make one of 2048" in text


def test_a_long_key_comes_by_tcp_and_an_ed25519_key_is_looked_at_as_well() -> None:
    second = key("e1", ed25519=True)
    found = {**zone(key={"TXT": ["TRUNCATED", key().record]}), second.name: {"TXT": [second.record]}}

    assert not list(bad(examined(found, sender(keys=(key(), second)))))


def test_without_keys_the_relay_is_asked_to_sign() -> None:
    part, state, text = told(zone(), sender(keys=()))
    assert (part, state) == ("dkim", "note") and "your relay must sign" in text


POLICIES = {
    "none": (None, "wrong", f"{FROM} has no DMARC record: publish TXT"),
    "two": (["v=DMARC1; p=none; rua=mailto:a@b.example", "v=DMARC1; p=reject"], "wrong", "has 2 DMARC records"),
    "late": (["p=none; v=DMARC1"], "wrong", "does not begin with v=DMARC1"),
    "no policy": (["v=DMARC1; rua=mailto:a@b.example"], "wrong", "has no p="),
    "policy": (["v=DMARC1; p=strict; rua=mailto:a@b.example"], "wrong", "has p=strict: it must be"),
    "subdomains": (["v=DMARC1; p=none; sp=x; rua=mailto:a@b.example"], "wrong", "has sp=x"),
    "alignment": (["v=DMARC1; p=none; adkim=x; rua=mailto:a@b.example"], "wrong", "has adkim=x: it must be r or s"),
    "reports": (["v=DMARC1; p=reject; rua=a@b.example"], "wrong", "must name mailto: addresses"),
    "garbage": (["v=DMARC1; p"], "wrong", "'p' is no tag=value"),
    "pct": (["v=DMARC1; p=reject; pct=50; rua=mailto:a@b.example"], "note", "has pct=, which RFC 9989 has taken out"),
    "rf": (["v=DMARC1; p=reject; rf=afrf; rua=mailto:a@b.example"], "note", "has rf=, which"),
    "ri": (["v=DMARC1; p=reject; ri=3600; rua=mailto:a@b.example"], "note", "has ri=, which"),
    "trial": (["v=DMARC1; p=reject; t=y; rua=mailto:a@b.example"], "note", "on trial (t=y)"),
    "soft": (["v=DMARC1; p=none; rua=mailto:a@b.example"], "note", "go on to quarantine, then to reject"),
    "unheard": (["v=DMARC1; p=reject"], "note", "names nobody who gets reports"),
    "failing": ("SERVFAIL", "wrong", "could not be looked up"),
    "silent": ("SILENT", "wrong", "no DNS server answered in time"),
}  # fmt: skip


@pytest.mark.parametrize("case", POLICIES)
def test_a_policy_that_is_none_or_could_be_better_is_told(case: str) -> None:
    records, state, said = POLICIES[case]
    part, how, text = told(zone(policy=None if records is None else {"TXT": records}))

    assert (part, how) == ("dmarc", state)
    assert said in text


def test_a_domain_without_a_policy_has_that_of_the_organisation_for_names_below_it() -> None:
    above = {"TXT": ["v=DMARC1; p=reject; sp=quarantine; rua=mailto:a@b.example"]}
    said = examined(zone(policy=None, above=above))

    assert not list(bad(said))
    assert "treated by quarantine, by the record of alerts.example" in next(
        one.text for one in said if one.part == "dmarc"
    )
    with zone_server(zone(policy=None)) as server:
        examine_published(sender(), Resolver(server.listen, PATIENCE).ask, registrable)
        asked = [name for name, _, _ in server.asked if name.startswith("_dmarc")]
    assert asked == [f"_dmarc.{FROM}", "_dmarc.alerts.example"], "a public suffix is nobody's policy"


@pytest.mark.parametrize(
    ("path", "policy", "state"),
    [
        ("bounces@alerts.example", "aspf=r", "good"),
        ("bounces@back.alerts.example", "aspf=s", "wrong"),
        (f"bounces@{FROM}", "aspf=s", "good"),
        ("bounces@other.example", "aspf=r", "wrong"),
    ],
)
def test_the_return_path_speaks_for_the_sender(path: str, policy: str, state: str) -> None:
    domain = path.partition("@")[2]
    both = {"TXT": ["v=spf1 ip4:192.0.2.7 -all"], "MX": ["10 mx.alerts.example."]}
    found = {**zone(policy={"TXT": [f"v=DMARC1; p=reject; {policy}; rua=mailto:a@b.example"]}), domain: both}
    said = [one for one in examined(found, sender(returns=path)) if one.part == "alignment"]

    assert [one.state for one in said] == [state, "good"]
    assert state == "good" or "does not speak for mail.alerts.example" in said[0].text


def test_a_signature_of_another_domain_does_not_speak_for_the_sender() -> None:
    other = read_key("r1", "other.example", make_key(ed25519=True))
    part, state, text = told({**zone(), other.name: {"TXT": [other.record]}}, sender(keys=(other,)))

    assert (part, state) == ("alignment", "wrong")
    assert text == "the signature r1 (other.example) does not speak for mail.alerts.example, so it counts nothing for DMARC: use alerts.example or a name below it"  # fmt: skip


MAIL = {
    "null": ({"MX": ["0 ."]}, "takes no mail (null MX)"),
    "gone": ({"MX": ["10 nowhere.example."]}, "the mail server nowhere.example of mail.alerts.example has no address"),
    "neither": ({"TXT": ["x"]}, "has neither MX nor an address"),
    "unknown": (None, "mail.alerts.example is not in the DNS"),
    "failing": ({"MX": "SERVFAIL"}, "could not be looked up"),
    "unreachable": ({"MX": ["10 bad.example."]}, "bad.example of mail.alerts.example could not be looked up"),
}  # fmt: skip


@pytest.mark.parametrize("case", MAIL)
def test_a_sender_that_takes_no_mail_is_told(case: str) -> None:
    kinds, said = MAIL[case]
    part, state, text = told({**zone(sender=kinds), "bad.example": {"A": "SERVFAIL", "AAAA": "SERVFAIL"}})

    assert (part, state) == ("mx", "wrong")
    assert said in text


def test_the_return_path_takes_mail_too_and_a_host_with_an_address_is_its_own_server() -> None:
    spf = ["v=spf1 ip4:192.0.2.7 -all"]
    assert "reports come to it" in told(zone(back={"TXT": spf, "MX": ["0 ."]}))[2]
    assert not list(bad(examined(zone(back={"TXT": spf, "A": [RELAY]}))))


POINTERS = {
    "none": ({"pointer": None}, f"{RELAY} has no name (PTR)"),
    "elsewhere": ({"mx": {"A": ["192.0.2.8"]}}, "is called mx.alerts.example, which does not lead back to it"),
    "lost": ({"pointer": {"PTR": ["gone.example."]}}, "is called gone.example, which does not lead back"),
    "failing": ({"pointer": {"PTR": "SERVFAIL"}}, "could not be looked up"),
}  # fmt: skip


@pytest.mark.parametrize("case", POINTERS)
def test_the_sending_address_has_a_name_that_leads_back(case: str) -> None:
    changes, said = POINTERS[case]
    part, state, text = told(zone(**changes))

    assert (part, state) == ("ptr", "wrong")
    assert said in text


def test_a_guessed_address_is_only_noted_and_an_unknown_one_is_asked_for() -> None:
    part, state, text = told(zone(pointer=None), sender(sure=False))
    assert (part, state) == ("ptr", "note") and "ALERTS_MAIL_ADDRESSES" in text
    assert "it is not known from which address mails leave" in told(zone(), sender(addresses=()))[2]


def test_a_server_that_never_answers_is_asked_three_times_and_no_more() -> None:
    silent = {name: dict.fromkeys(kinds, "SILENT") for name, kinds in zone().items()}
    with zone_server({**silent, "mx.alerts.example": {"A": "SILENT"}}) as server:
        resolver = Resolver(server.listen, 0.02)
        said = examine_published(sender(), resolver.ask, registrable)
        names = {(name, kind) for name, kind, _ in server.asked}

    assert len(names) == 3
    assert {one.part for one in said if one.state == "wrong"} == {"spf", "dkim", "dmarc", "mx", "ptr"}


def test_a_question_is_asked_once_and_what_is_no_name_fails_alone() -> None:
    with zone_server(zone()) as server:
        resolver = Resolver(server.listen, PATIENCE)
        assert resolver.ask(FROM, "MX") == resolver.ask(f"{FROM.upper()}.", "MX")
        assert len(server.asked) == 1
        assert [resolver.ask(name, "A").kind for name in ("a..b", "x" * 70)] == [Kind.FAILED] * 2


def test_control_characters_of_a_record_reach_no_terminal() -> None:
    text = told(zone(key={"TXT": ["v=DKIM1; k=\x1b[31mrsa\x07; p=x"]}))[2]

    assert text.isprintable()
