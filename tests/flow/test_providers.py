"""Mail providers that refuse by speed: the service slows down for them, for nobody else, and blames no reader (E-20)."""

from dataclasses import replace

from tests.deployment import Deployment, Entry, rss
from tests.mailbox import Script, busiest

RULE = Entry("Final rule on trademark fees", "rule", "Mon, 02 Mar 2026 09:00:00 GMT", "Fees change.")
REFUSALS = {
    "a@163.com": "450 MI:DMC 163 smtp too many mails",
    "b@126.com": "421 HL:ICC 163 smtp too many connections",
    "c@qq.com": "550 Domain frequency limited",
}


def test_refusals_by_speed_slow_their_provider_and_nobody_else(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss()
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    readers = [*REFUSALS, "d@firm.example", "e@163.com", "f@foxmail.com"]
    for reader in readers:
        service.subscribe(reader, "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(RULE)
    service.mail.script = Script(rcpt=REFUSALS)

    service.round("2026-03-02T12:00Z")
    reached = {to for mail in service.mail.messages for to in mail.recipients}
    assert "d@firm.example" in reached
    said = service.alerts("status", "--at", "2026-03-02T12:00Z").out
    assert "netease" in said and "qq" in said

    service.mail.script = Script()
    for at in ("12:03", "12:04", "12:07", "12:08", "13:00", "13:01", "13:02", "13:10"):
        service.round(f"2026-03-02T{at}Z")

    reached_now = [to for mail in service.mail.messages for to in mail.recipients]
    assert sorted(to for to in reached_now if to in readers) == sorted(readers), "each once, nobody suspended"


def test_a_provider_gets_two_mails_at_a_time_and_its_long_row_holds_nobody_up(service: Deployment) -> None:
    later = replace(RULE, published="Fri, 02 Mar 2040 09:00:00 GMT")
    for path in ("/us.xml", "/jp.xml"):
        service.source.answers[path] = rss()
    service.feeds(service.feed("us-office", "US", "/us.xml"), service.feed("jp-office", "JP", "/jp.xml"))
    row = "  - name: {0}\n    contacts:\n    - email: {0}\n      rhythm: immediate\n      quiet_months: false\n      watches:\n      - regions: [{1}]\n"
    many, few = [f"r{at}@qq.com" for at in range(60)], [f"r@firm{at}.example" for at in range(8)]
    rows = [row.format(one, "US") for one in many] + [row.format(one, "JP") for one in few]
    (service.folder / "companies.yaml").write_text("companies:\n" + "".join(rows))
    service.good("companies", "import", "companies.yaml")  # as of the real present, so the story is set later
    service.round("2040-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(later)
    service.good("run", "--once", "--at", "2040-03-02T12:00Z", "--roles", "poll,match,build")
    service.source.answers["/jp.xml"] = rss(later)
    service.mail.script = Script(pause={"qq.com": 0.05})

    service.round("2040-03-02T16:00Z")

    reached = [to for step, to in service.mail.steps if step < 0]
    assert sorted(reached) == sorted([*many, *few]), "one round reaches all"
    assert busiest(service.mail)["qq"] == 2
    after = reached[max(map(reached.index, few)) :]
    assert len(after) > 30, "those who were due later do not wait for the end of the long row"
