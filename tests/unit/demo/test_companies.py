"""The sample companies want things that exist, at addresses that cannot."""

from zoneinfo import ZoneInfo

from alerts.cli.demo.companies import COMPANIES
from alerts.domain.jurisdictions import expand
from alerts.domain.vocabulary import Language


def test_there_are_three_companies_in_both_languages() -> None:
    assert len({company.company for company in COMPANIES}) == 3
    assert {company.language for company in COMPANIES} == set(Language)


def test_their_addresses_are_of_reserved_names() -> None:
    assert all(company.email.endswith(".example") for company in COMPANIES)


def test_their_wishes_can_be_met() -> None:
    for company in COMPANIES:
        assert expand(company.criteria.regions)
        assert ZoneInfo(company.schedule.zone)
        assert company.consent
