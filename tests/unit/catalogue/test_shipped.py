"""The catalogue that is shipped: complete, without a single message, and safe to enable."""

import re
from pathlib import Path

import jmespath

from alerts.catalogue import check, read
from alerts.domain.feeds import Feed
from alerts.domain.jurisdictions import is_jurisdiction
from alerts.domain.vocabulary import FeedType, Language, Right, Role, Trust

FILE = Path(__file__).parents[3] / "feeds.yaml"

ENABLED_IDS = """
wo-wipo-pressroom int-eping us-fr-uspto us-uspto-rss us-copyright-newsnet us-usitc-ids us-ustr-rss us-cafc-opinions
us-courtlistener-cafc us-ipwatchdog us-patentlyo ca-cipo-notices ca-gazette-p1 ca-gazette-p2 ca-federal-court
gb-ipo-atom gb-ipo-consultations gb-ipo-news gb-caselaw-pat gb-caselaw-ipec gb-ipkat ep-epo-rss ep-upc-decisions
ep-juve-patent em-euipn-news eu-taxud eu-kluwer-copyright it-gazzetta-sg ch-fedlex-oc ro-osim-news ua-rada-new
ua-rada-updated cn-cnipa-col74 cn-cnipa-col75 cn-cnipa-col66 hk-gia-en tw-tipo-bulletin jp-jpo-news jp-iphq
jp-egov-pubcomment jp-bunka in-spicyip sg-ipos-news br-dou-search int-wtr
"""

CANDIDATES_IDS = """
wo-wipolex-recent wo-wipo-madrid-notices us-fr-copyright us-fr-usitc us-fr-ustr us-usitc-news us-ustr-special301
us-ustr-notorious gb-legislation-new-uksi ep-upc-news eu-ip-helpdesk eu-trade de-dpma-notices de-dpma-press de-bgbl1
de-gii-updates de-bpatg de-bgh fr-inpi-directives es-oepm-news es-boe at-patentamt-news ch-ige-news nl-boip-news
nl-octrooi-news dk-dkpto-news fi-prh-news no-kfir is-hugverk-news gb-ipo-consultations-open em-have-your-say pl-eli tr-turkpatent-duyurular ua-nipo-news ge-matsne
cn-cnipa-dataproxy-74 cn-ncac-notices cn-spc-interpretations jp-egov-laws jp-jetro-ip kr-moip-korea-kr kr-kiip-trend
in-ipindia-guidelines sg-ipos-tm-circulars vn-ipvn-announcement my-myipo-media ph-ipophl-news ph-ipophl-announcements
ph-ipophl-issuances id-jdih th-dip-news th-dip-notifications au-ipaustralia-news au-legislation-api au-fedcourt
nz-iponz-practice ae-moet-law om-qanoon ap-aripo-news ap-aripo-notice oa-oapi-news za-cipc-practice ke-kipi-practice
ma-ompic-news tn-innorpi-news br-inpi-news mx-impi ar-inpi-news cl-inapi pe-indecopi-news int-ipfray int-torrentfreak
"""


ENABLED, CANDIDATES = ENABLED_IDS.split(), CANDIDATES_IDS.split()


def shipped() -> dict[str, Feed]:
    """Return the shipped feeds by id."""
    return {feed.id: feed for feed in read(FILE).feeds}


def test_the_shipped_catalogue_has_no_message_at_all() -> None:
    assert [str(one) for one in check([FILE])] == []


def test_the_first_line_leads_editors_to_the_schema() -> None:
    first = FILE.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=docs/feeds.schema.json"


def test_every_source_is_there_and_exactly_the_proven_ones_are_enabled() -> None:
    feeds = shipped()
    assert sorted(feeds) == sorted(ENABLED + CANDIDATES)
    assert sorted(feed.id for feed in feeds.values() if feed.enabled) == sorted(ENABLED)
    assert (len(feeds), len(ENABLED)) == (117, 45)


def test_every_disabled_source_says_how_to_try_it() -> None:
    text = FILE.read_text(encoding="utf-8")
    told = set(
        re.findall(r"^    enabled: false # candidate: .*`alerts feeds test (\S+)`$", text, re.MULTILINE)
    )
    assert told == set(CANDIDATES)


def test_every_name_stands_in_both_languages() -> None:
    for feed in shipped().values():
        assert feed.name[Language.ENGLISH].isascii() or feed.id == "tr-turkpatent-duyurular"
        has_han = re.search(r"[\u4e00-\u9fff]", feed.name[Language.CHINESE])
        assert has_han, feed.id


def test_codes_are_never_invented_and_zones_fit_dates_without_one() -> None:
    for feed in shipped().values():
        assert is_jurisdiction(feed.jurisdiction)
        assert (
            feed.timezone != "UTC"
            or feed.trust is Trust.PRESS
            or feed.type is not FeedType.FEED
            or feed.jurisdiction == "WO"
        )


def test_the_federal_register_brings_its_dates_as_obligations() -> None:
    feeds = shipped()
    for name in ("us-fr-uspto", "us-fr-copyright", "us-fr-usitc", "us-fr-ustr"):
        mapping = feeds[name].json
        assert mapping is not None
        assert mapping.dates == {Role.IN_FORCE: "effective_on", Role.COMMENTS_CLOSE: "comments_close_on"}
        assert mapping.paging is not None and mapping.paging.path == "next_page_url"


def test_broad_sources_select_or_must_show_their_topic() -> None:
    feeds = shipped()
    for name in ("us-ustr-rss", "hk-gia-en", "eu-taxud", "ca-federal-court", "int-eping"):
        assert feeds[name].filter.include and not feeds[name].topical
    for name in ("ca-gazette-p1", "ca-gazette-p2"):
        assert not feeds[name].topical  # an entry is an issue: words cannot select
    for name in ("ua-rada-new", "it-gazzetta-sg", "ch-fedlex-oc", "jp-egov-pubcomment"):
        assert feeds[name].filter.include
    assert feeds["gb-ipo-atom"].filter.exclude == ("Correction to the Designs Register",)


def test_what_sources_insist_on_is_set() -> None:
    feeds = shipped()
    assert feeds["ua-rada-updated"].user_agent == "OpenData"
    assert feeds["us-usitc-ids"].max_bytes >= 16 * 1024**2
    assert feeds["us-fr-uspto"].rights == (Right.PATENT, Right.TRADEMARK)
    assert feeds["no-kfir"].jurisdiction == "NO"


def test_the_337_list_keeps_section_337_only_and_builds_titles_and_addresses() -> None:
    mapping = shipped()["us-usitc-ids"].json
    assert mapping is not None
    answer = {
        "data": [
            {"Investigation Number": "731-1234"},
            {"Investigation Number": None},
            {"Investigation Number": "337-1478", "Full Title": "Certain Widgets", "Investigation ID": 9, "Case ID": 7,
             "Investigation Status": {"Name": "Active"}, "Start Date": "08-01-2026"},
        ]
    }  # fmt: skip
    [record] = jmespath.search(mapping.items, answer)
    read_out = {name: jmespath.search(path, record) for name, path in mapping.fields.items()}
    assert read_out["title"] == "Inv. No. 337-1478 Certain Widgets"
    assert read_out["url"] == "https://ids.usitc.gov/case/7/investigation/9"
    assert (read_out["published"], read_out["summary"]) == ("08-01-2026", "Active")


def test_link_patterns_take_items_and_leave_the_list_itself() -> None:
    feeds = shipped()
    taken = {
        "cn-cnipa-col74": "https://www.cnipa.gov.cn/art/2026/8/3/art_74_205588.html",
        "jp-jpo-news": "https://www.jpo.go.jp/news/ugoki/202608/2026081201.html",
        "sg-ipos-news": "https://www.ipos.gov.sg/news/news-collection/circular--ipos-digital-hub-launch/",
        "tw-tipo-bulletin": "https://www.tipo.gov.tw/tw/cp-85-859330-1189b-1.html",
        "em-euipn-news": "https://www.euipn.org/en/news-and-events/new-fees",
        "ca-cipo-notices": "https://ised-isde.canada.ca/site/canadian-intellectual-property-office/en/scam-alert",
        "jp-iphq": "https://www.cas.go.jp/jp/seisakukaigi/titeki2/260612/keikaku_all.pdf",
        "wo-wipolex-recent": "https://www.wipo.int/wipolex/en/legislation/details/23293",
    }
    for name, address in taken.items():
        page = feeds[name].page
        assert page is not None and page.link_pattern is not None
        assert re.search(page.link_pattern, address), name
        assert not re.search(page.link_pattern, feeds[name].url), name
        if page.date_from == "url":
            assert page.date_pattern is not None
            assert re.search(page.date_pattern, address), name
