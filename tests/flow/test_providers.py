"""Mail providers that refuse by speed: the service slows down for them, for nobody else, and blames no reader (E-20)."""

from tests.contract.test_crowding import most
from tests.deployment import Deployment, Entry, rss
from tests.servers import Script

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
    service.source.answers["/us.xml"] = rss()
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    readers = [*(f"r{at}@qq.com" for at in range(14)), *(f"r@firm{at}.example" for at in range(8))]
    rows = "".join(f"  - name: F{at}\n    contacts:\n    - email: {one}\n      rhythm: immediate\n      watches:\n      - regions: [US]\n" for at, one in enumerate(readers))  # fmt: skip
    (service.folder / "companies.yaml").write_text("companies:\n" + rows)
    service.good("companies", "import", "companies.yaml", "--now", "2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(RULE)
    service.mail.script = Script(pause={"qq.com": 0.05})

    service.round("2026-03-02T12:00Z")

    reached = [to for step, to in service.mail.steps if step < 0]
    assert sorted(reached) == sorted(readers), "one round reaches all"
    assert most(service.mail)["qq"] == 2
    assert {to for to in reached[:16] if "firm" in to} == set(readers[14:]), "who comes behind the long row"
