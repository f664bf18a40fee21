"""Mail providers that refuse by speed: the service slows down for them, for nobody else, and blames no reader (E-20)."""

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
