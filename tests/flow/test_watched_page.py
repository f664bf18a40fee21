"""A page that is watched as a whole: what changed in its text is told word by word, what only looks new is told to nobody."""

from tests.deployment import Deployment, html_of, text_of
from tests.servers import Answer

LAW = """<!doctype html><html lang="en"><head><title>Trademark fee schedule of the Office</title></head><body>
<nav><a href="/">Home</a> <a href="/news">News {n}</a></nav>
<p>{today}</p>
<main><h1>Trademark fee schedule</h1><p>The filing fee for a trademark is EUR {fee} for each class. The renewal fee for a trademark is EUR 700.</p>
{filler}<p>Trademark oppositions must be filed within {months} months of publication. <a href="/files/{pdf}">Form</a></p></main>
<div class="ad-banner">Advertisement number {n}: buy trademark services now</div>
<p>Visitors: {n}</p><footer>© {n} Office</footer></body></html>"""
FILLER = "".join(
    f"<p>Article {n}. The owner of trademark number {n} may surrender it at any time.</p>" for n in range(200)
)


def page(n: int, *, fee: str = "850", months: str = "three", pdf: str = "form-1.pdf") -> Answer:
    """Return the page as it is at visit ``n`` of March: counters, advertisements and the day differ each time."""
    text = LAW.format(n=n, today=f"Monday, {n} March 2026", fee=fee, months=months, pdf=pdf, filler=FILLER)
    return Answer(body=text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def watched(service: Deployment, more: str = "") -> None:
    """Watch the page, with a reader, from the first of March."""
    service.source.answers["/fees"] = page(1)
    service.feeds(
        f"id: fees\nname: {{en: Fee schedule, zh-Hans: 费用}}\ntype: page\nurl: {service.source.url('/fees')}\njurisdiction: EM\n"
        f"carries: legal-rule\nrights: [trademark]\nallow_private_networks: true\npage: {{mode: whole{more}}}"
    )
    service.subscribe("reader@acme.example", "EM", now="2026-03-01T00:00Z")
    service.subscribe("chinese@acme.example", "EM", now="2026-03-01T00:00Z", language="zh-Hans")
    service.round("2026-03-01T10:00Z")


def test_a_changed_page_is_told_with_the_words_that_went_and_came(service: Deployment) -> None:
    watched(service)
    service.source.answers["/fees"] = page(2, fee="900", months="two")
    service.round("2026-03-02T10:00Z")
    service.round("2026-03-03T08:00Z")

    (mail,) = service.mails("reader@acme.example")
    told = " ".join(text_of(mail).split())
    assert "What changed:" in told
    assert "trademark is EUR [850 → 900] for each class." in told
    assert "must be filed within [three → two] months of publication." in told
    assert "Advertisement" not in told and "Visitors" not in told
    assert '<del class="no"' in html_of(mail) and ">850</del>" in html_of(mail)
    (chinese,) = service.mails("chinese@acme.example")
    assert "变更内容：" in text_of(chinese) and "[850 → 900]" in " ".join(text_of(chinese).split())

    (item,) = service.good("items", "--format", "json").lines
    assert item["revision"] == 2
    assert "[-850-] [+900+]" in service.good("items", "--id", str(item["id"])).out


def test_what_differs_at_every_visit_is_no_change(service: Deployment) -> None:
    watched(service)
    for day in (2, 3, 4):
        service.source.answers["/fees"] = page(day)
        service.round(f"2026-03-0{day}T10:00Z")
    service.round("2026-03-05T08:00Z")

    (item,) = service.good("items", "--format", "json").lines
    assert item["revision"] == 1
    assert service.mails("reader@acme.example") == []


def test_a_change_after_the_part_that_is_shown_is_told_and_so_is_a_replaced_document(
    service: Deployment,
) -> None:
    watched(service)
    service.source.answers["/fees"] = page(2, pdf="form-2.pdf")
    service.round("2026-03-02T10:00Z")
    service.round("2026-03-03T08:00Z")

    (mail,) = service.mails("reader@acme.example")
    assert "[(form-1.pdf) → (form-2.pdf)]" in " ".join(text_of(mail).split())


def test_small_changes_add_up_until_they_count(service: Deployment) -> None:
    watched(service, ", min_change: 2")
    service.source.answers["/fees"] = page(2, fee="900")
    service.round("2026-03-02T10:00Z")
    assert [item["revision"] for item in service.good("items", "--format", "json").lines] == [1]
    service.source.answers["/fees"] = page(3, fee="900", months="two")
    service.round("2026-03-03T10:00Z")
    assert [item["revision"] for item in service.good("items", "--format", "json").lines] == [2]


def test_parts_to_ignore_are_no_change(service: Deployment) -> None:
    watched(service, ", ignore: ['EUR \\d+']")
    service.source.answers["/fees"] = page(2, fee="900")
    service.round("2026-03-02T10:00Z")
    assert [item["revision"] for item in service.good("items", "--format", "json").lines] == [1]


def test_a_page_behind_a_check_is_no_change_and_the_next_change_is_told_against_the_last_text(
    service: Deployment,
) -> None:
    watched(service)
    service.source.answers["/fees"] = Answer(
        body=b"<html><head><title>Just a moment...</title></head><body>Checking</body></html>",
        headers={"Content-Type": "text/html"},
    )
    service.round("2026-03-02T10:00Z")
    service.source.answers["/fees"] = page(3, months="two")
    service.round("2026-03-05T10:00Z")

    (item,) = service.good("items", "--format", "json").lines
    assert item["revision"] == 2
    out = service.good("items", "--id", str(item["id"])).out
    assert "[-three-] [+two+]" in out and "Checking" not in out
