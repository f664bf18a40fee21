"""The shipped mappings read the dates that bind from the fields in which each source states them.

The answers are made by hand in the shape that the publishers' own code and the users of these interfaces show.
"""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from alerts.catalogue import read
from alerts.domain.items import Item, Obligation
from alerts.domain.vocabulary import IdentityPolicy, Role
from alerts.normalise import normalise
from alerts.parse import parse_here
from tests.documents import NOW, document

SHIPPED = {feed.id: feed for feed in read(Path(__file__).parents[3] / "feeds.yaml").feeds}
RULE = {
    "title": "Setting and Adjusting Patent Fees", "type": "Proposed Rule", "abstract": "The Office proposes patent fees.",
    "document_number": "2026-01234", "html_url": "https://www.federalregister.gov/documents/2026/11/20/2026-01234/setting",
    "publication_date": "2026-11-20", "effective_on": "2027-03-01", "comments_close_on": "2027-01-19",
}  # fmt: skip
NOTIFICATION = {
    "id": 91234, "documentSymbol": "G/TBT/N/CHN/1234", "title": "Draft patent labelling rule", "description": "Patent marks on labels.",
    "notifyingMember": "China", "distributionDate": "2026-11-20T00:00:00", "commentDeadlineDate": "2027-01-19T00:00:00", "notificationType": "Regular",
}  # fmt: skip
CONSULTATION = {
    "title": "Designs: a consultation", "description": "We want your views.", "link": "/government/consultations/designs",
    "public_timestamp": "2026-11-20T09:30:00Z", "end_date": "2027-01-19T23:59:00Z", "content_store_document_type": "open_consultation",
}  # fmt: skip
INITIATIVE = {
    "id": 16192.0, "reference": "Ares(2026)7020001", "shortTitle": "Plant variety rights and patents", "foreseenActType": "REG",
    "currentStatuses": [
        {"frontEndStage": "PLANNING_WORKFLOW", "feedbackStartDate": "2026/08/31 08:24:00", "feedbackEndDate": "2026/09/28 23:59:59", "isCurrent": False},
        {"frontEndStage": "ISC_WORKFLOW", "feedbackStartDate": "2026/11/20 08:24:00", "feedbackEndDate": "2027/01/19 23:59:59", "isCurrent": True},
    ],
}  # fmt: skip
ANSWERS: dict[str, dict[str, object]] = {
    "us-fr-uspto": {"results": [RULE]},
    "int-eping": {"items": [NOTIFICATION]},
    "gb-ipo-consultations-open": {"results": [CONSULTATION]},
    "em-have-your-say": {"initiativeResultDtoPage": {"content": [INITIATIVE]}},
}
FIELDS = {
    "us-fr-uspto": "comments_close_on",
    "int-eping": "commentDeadlineDate",
    "gb-ipo-consultations-open": "end_date",
    "em-have-your-say": "currentStatuses[?isCurrent].feedbackEndDate | [0]",
}
CLOSES = date(2027, 1, 19)


def item_of(feed_id: str, answer: object) -> Item:
    feed = SHIPPED[feed_id]
    parsed = parse_here(document(json.dumps(answer), "application/json", feed.url), feed)
    (item,) = normalise(parsed, feed, NOW, IdentityPolicy.GUID).items
    return item


@pytest.mark.parametrize("feed_id", ANSWERS)
def test_the_end_of_comments_comes_from_the_sources_own_field(feed_id: str) -> None:
    closes = Obligation(Role.COMMENTS_CLOSE, CLOSES, stated=True, basis=f"field {FIELDS[feed_id]}")
    assert closes in item_of(feed_id, ANSWERS[feed_id]).stated_dates


def test_a_federal_register_rule_says_when_it_takes_effect() -> None:
    assert {each.role: each.date for each in item_of("us-fr-uspto", ANSWERS["us-fr-uspto"]).stated_dates} == {
        Role.IN_FORCE: date(2027, 3, 1),
        Role.COMMENTS_CLOSE: CLOSES,
    }


@pytest.mark.parametrize(
    "absent",
    [{}, {"comments_close_on": None, "effective_on": None}, {"comments_close_on": "TBD", "effective_on": ""}],
)
def test_a_field_that_is_empty_or_no_date_states_nothing(absent: dict[str, object]) -> None:
    plain = {name: value for name, value in RULE.items() if name not in ("comments_close_on", "effective_on")}
    assert item_of("us-fr-uspto", {"results": [plain | absent]}).stated_dates == ()


def test_addresses_and_numbers_follow_from_the_answer() -> None:
    found = {feed_id: item_of(feed_id, answer) for feed_id, answer in ANSWERS.items()}
    assert found["gb-ipo-consultations-open"].url == "https://www.gov.uk/government/consultations/designs"
    assert (
        found["em-have-your-say"].url
        == "https://ec.europa.eu/info/law/better-regulation/have-your-say/initiatives/16192_en"
    )
    assert found["int-eping"].document_number == "G/TBT/N/CHN/1234"
    assert found["int-eping"].jurisdiction == "CN"


def test_the_day_of_an_instant_is_the_one_that_the_source_wrote() -> None:
    late = replace(SHIPPED["gb-ipo-consultations-open"], timezone="Asia/Tokyo")
    parsed = parse_here(document(json.dumps(ANSWERS["gb-ipo-consultations-open"]), "application/json"), late)
    (item,) = normalise(parsed, late, NOW, IdentityPolicy.GUID).items
    assert [each.date for each in item.stated_dates] == [CLOSES]
