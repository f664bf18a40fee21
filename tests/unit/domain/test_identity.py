"""The same entry has the same key for ever; different entries never share one."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.collected import Entry, RawDate
from alerts.domain.identity import canonical_url, content_hash, guid_key, keys, other_key
from alerts.domain.items import Dated, Item, Obligation
from alerts.domain.vocabulary import DateOrigin, IdentityPolicy, Role
from tests.documents import entry

GUID, CONTENT = IdentityPolicy.GUID, IdentityPolicy.CONTENT
few = st.sampled_from(["a", "b", "c"])
entries = st.builds(
    Entry,
    raw_id=st.none() | few,
    link=st.none() | few.map(lambda word: f"https://office.example/{word}"),
    title=few,
    published=st.none() | few.map(RawDate),
)
policies = st.sampled_from(IdentityPolicy)


@given(st.lists(entries, max_size=12), policies, st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_no_key(
    some: list[Entry], policy: IdentityPolicy, random: object
) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    after, made = keys(some, policy)
    again, other = keys(shuffled, policy)
    assert after == again
    assert dict(zip(some, made, strict=True)) == dict(zip(shuffled, other, strict=True))


@given(st.lists(entries, max_size=12), policies)
def test_entries_that_differ_have_different_keys_and_a_policy_never_moves_up(
    some: list[Entry], policy: IdentityPolicy
) -> None:
    after, made = keys(some, policy)
    seen = {(e.raw_id, e.link, e.title, e.published): key for e, key in zip(some, made, strict=True)}
    assert len(set(seen.values())) == len(seen)
    assert list(IdentityPolicy).index(after) >= list(IdentityPolicy).index(policy)


def test_an_edit_keeps_the_key() -> None:
    before, after = entry(), entry(title="Notice 1, corrected", summary="Other text.")
    assert keys([before], GUID) == keys([after], GUID)


def test_an_identifier_is_trimmed_of_xml_space_and_otherwise_taken_as_it_is() -> None:
    plain, padded, upper = entry(raw_id="Tag:1"), entry(raw_id=" \n\tTag:1 "), entry(raw_id="tag:1")
    assert guid_key(plain) == guid_key(padded)
    assert guid_key(plain) != guid_key(upper)


def test_a_missing_identifier_falls_back_to_the_link_and_then_to_the_content() -> None:
    linked = entry(raw_id=None)
    assert keys([linked], GUID) == keys([replace(linked, title="Other")], GUID)
    assert keys([linked], GUID) == keys(
        [replace(linked, link="http://office.example/news/1/?utm_source=x#top")], GUID
    )
    bare = entry(raw_id=None, link=None)
    assert keys([bare], GUID) != keys([replace(bare, title="Other")], GUID)


def test_an_identifier_can_never_equal_a_link() -> None:
    link = "https://office.example/news/1"
    assert keys([entry(raw_id=link, link=None)], GUID)[1] != keys([entry(raw_id=None, link=link)], GUID)[1]


def test_one_identifier_on_two_different_entries_is_settled_for_those_two_alone() -> None:
    twice = [entry(1), entry(1, title="Another docket line"), entry(2), entry(3)]
    policy, made = keys(twice, GUID)
    assert policy is GUID
    assert len(set(made)) == 4
    assert made[2:] == (guid_key(twice[2]), guid_key(twice[3]))


def test_two_such_identifiers_turn_the_policy_to_content_and_it_stays_there() -> None:
    dockets = [entry(n, title=f"Docket {n}, line {line}") for n in (1, 2) for line in (1, 2, 3)]
    policy, made = keys(dockets, GUID)
    assert policy is CONTENT
    assert len(set(made)) == 6
    assert keys(dockets[:1], policy) == (CONTENT, made[:1])


def test_an_identifier_that_is_a_constant_turns_the_policy_to_content() -> None:
    assert keys([entry(1, title=f"Line {n}") for n in range(4)], GUID)[0] is CONTENT


def test_exact_duplicates_are_no_proof_of_anything() -> None:
    policy, made = keys([entry(1), entry(1), entry(2), entry(2)], GUID)
    assert policy is GUID
    assert len(set(made)) == 2


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://Office.Example:80/a/", "https://office.example/a"),
        ("https://office.example/a?utm_source=rss&id=7&fbclid=x#top", "https://office.example/a?id=7"),
        ("https://www.office.example/a", "https://www.office.example/a"),
        ("https://office.example:8443/a", "https://office.example:8443/a"),
        ("https://office.example/caf%c3%a9/%7Ex", "https://office.example/caf%C3%A9/~x"),
        ("https://office.example/a%2Fb", "https://office.example/a%2Fb"),
        ("https://office.example/#/law/7", "https://office.example#/law/7"),
        ("https://office.example/view;jsessionid=A1?x", "https://office.example/view?x"),
        ("https://office.example/a?\x0c#top", "https://office.example/a"),
        ("https://office.example/a?x \x1f#top", "https://office.example/a?x"),
        ("urn:uuid:1", "urn:uuid:1"),
        ("http://[bad", "http://[bad"),
    ],
)
def test_variants_of_an_address_have_one_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@given(st.text(max_size=60))
def test_any_text_has_a_canonical_form_that_stays(text: str) -> None:
    assert canonical_url(canonical_url(text)) == canonical_url(text)
    assert canonical_url(canonical_url(f"https://x.example/{text}")) == canonical_url(
        f"https://x.example/{text}"
    )


def test_the_content_hash_covers_what_a_reader_sees_and_nothing_that_moves_by_itself() -> None:
    at = Dated(datetime(2026, 11, 20, tzinfo=UTC), DateOrigin.SOURCE)
    item = Item("k", "Title", "Text", "https://office.example/a", "en", "Office", "EP", at)
    close = Obligation(Role.COMMENTS_CLOSE, date(2026, 12, 20), stated=True, basis="field")
    same = replace(item, published=None, updated=at, url="http://office.example/a/")
    assert content_hash(same) == content_hash(item)
    for changed in (
        replace(item, title="Other"),
        replace(item, summary="Other"),
        replace(item, stated_dates=(close,)),
    ):
        assert content_hash(changed) != content_hash(item)


def test_an_address_nobody_could_open_is_compared_as_it_stands() -> None:
    long = "HTTPS://Office.example/?utm_source=x&" + "a=%41&" * 20_000
    assert canonical_url(f" {long}\n") == long


def test_an_entry_is_known_under_the_key_that_it_has_alone_and_the_one_that_it_has_beside_another() -> None:
    old, new = entry(1), entry(1, title="Another docket line")
    _, (alone,) = keys([old], GUID)
    _, (beside, _) = keys([old, new], GUID)

    assert alone != beside
    assert (other_key(old, alone), other_key(old, beside)) == (beside, alone)
