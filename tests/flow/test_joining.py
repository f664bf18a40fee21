"""From the first page to the settings without an account: what a company does, walked by a plain HTTP client without script."""

import re
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest

from tests.deployment import Deployment, Entry, free_port, rss, text_of, until

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
RULE = Entry("Final rule on trademark fees", "rule", "Mon, 02 Mar 2026 09:00:00 GMT", "Fees change.")
ANSWERS = [
    ("region", "US"),
    ("region", "eu"),
    ("right", "trademark"),
    ("terms", "Anker\n安克"),
    ("rhythm", "weekly"),
    ("tz", "Asia/Shanghai"),
]


class Visitor:
    """Somebody at the site."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, fields: object = (), **headers: str) -> tuple[int, str, str]:
        """Return status, place and page."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        body = urlencode(fields, doseq=True) if fields else None  # type: ignore[arg-type]
        connection.request(method, path, body, {**(FORM if body else {}), **headers})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.getheader("location", ""), unescape(text)

    def get(self, path: str) -> str:
        """Return a page that must be there."""
        status, _, page = self.ask("GET", path)
        assert status == 200, (path, status)
        return page


@pytest.fixture
def visitor(service: Deployment) -> Visitor:
    service.source.answers["/us.xml"] = rss(RULE)
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    port = free_port()
    service.settings |= {"ALERTS_LISTEN": f"127.0.0.1:{port}", "ALERTS_METRICS_LISTEN": "off"}
    return Visitor(port)


def link(service: Deployment, to: str, number: int = -1) -> str:
    """Return the path of the link in a mail to somebody."""
    until(lambda: service.mails(to))
    found = re.search(
        r"https://alerts\.service\.example(/(?:confirm|access)/\S+)", text_of(service.mails(to)[number])
    )
    assert found, text_of(service.mails(to)[number])
    return found[1]


def test_a_company_subscribes_in_five_pages_and_keeps_its_answers(
    service: Deployment, visitor: Visitor
) -> None:
    with service.daemon():
        until(lambda: "daemon.started" in service.log())
        assert "Where do you trade?" in visitor.get("/subscribe")
        assert "What is it about?" in visitor.get("/subscribe/topics?" + urlencode(ANSWERS[:2]))
        delivery = visitor.get("/subscribe/delivery?" + urlencode(ANSWERS))
        assert "What you would have received" in delivery
        chinese = visitor.get("/subscribe/delivery?" + urlencode([*ANSWERS, ("lang", "zh-Hans")]))
        assert "何时发送" in chinese and 'name="region" value="eu"' in chinese
        assert 'value="US"' in visitor.get("/subscribe/address?" + urlencode(ANSWERS))

        company = "Acme buy now at https://spam.example"
        given = [*ANSWERS, ("email", "ip@acme.example"), ("company", company), ("agree", "yes")]
        status, _, page = visitor.ask("POST", "/subscribe/address", given)
        assert status == 200 and "ip@acme.example" in page and "72 hours" in page

        path = link(service, "ip@acme.example")
        (mail,) = service.mails("ip@acme.example")
        said = mail.as_string() + text_of(mail)
        assert mail["List-Id"] is None
        assert not any(word in said for word in ("Acme", "spam.example", "Anker")), "nothing of the form"
        for _ in range(2):
            assert "Nothing is sent yet" in visitor.get(path), "looking uses nothing up"
        assert service.good("companies", "export").out.count("ip@acme.example") == 0

        status, place, _ = visitor.ask("POST", path, {"action": "confirm"})
        assert status == 303
        mine = urlsplit(place).path
        settings = visitor.get(mine)
        assert "Acme" in settings and "Anker" in settings and "European Union" in settings
        until(lambda: len(service.mails("ip@acme.example")) == 2)
        assert "Your alerts are on" in str(service.mails("ip@acme.example")[1]["Subject"])
        assert "confirmed already" in visitor.ask("POST", path, {"action": "confirm"})[2]

    exported = service.good("companies", "export").out
    assert "ip@acme.example" in exported and "weekly" in exported and "Asia/Shanghai" in exported


def test_a_borrowed_name_is_in_no_mail(service: Deployment, visitor: Visitor) -> None:
    given = [("region", "US"), ("email", "ip@acme.example"), ("agree", "yes")]
    borrowed = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    with service.daemon():
        until(lambda: "daemon.started" in service.log())
        assert visitor.ask("POST", "/subscribe/address", given, **borrowed)[0] == 200
        assert link(service, "ip@acme.example").startswith("/confirm/")
    (mail,) = service.mails("ip@acme.example")
    assert "evil.example" not in mail.as_string() + text_of(mail)


def joined(service: Deployment, visitor: Visitor, email: str) -> str:
    """Return the way to the settings of somebody who has just joined."""
    given = [("region", "US"), ("email", email), ("company", email), ("agree", "yes")]
    assert visitor.ask("POST", "/subscribe/address", given)[0] == 200
    return urlsplit(visitor.ask("POST", link(service, email), {"action": "confirm"})[1]).path


def test_settings_are_changed_paused_given_out_and_deleted(service: Deployment, visitor: Visitor) -> None:
    with service.daemon():
        until(lambda: "daemon.started" in service.log())
        mine = joined(service, visitor, "ip@acme.example")
        page = visitor.get(mine)
        contact, watch = (
            re.search(pattern, page)[1] for pattern in (r'name="contact" value="(\d+)"', r"/watch/(\d+)")
        )  # type: ignore[index]

        def act(action: str, **fields: str) -> str:
            return visitor.ask("POST", mine, {"contact": contact, "action": action, **fields})[2]

        act(
            "schedule",
            rhythm="weekly",
            at="09:00",
            tz="Europe/Berlin",
            weekday="3",
            tongue="zh-Hans",
            critical="yes",
        )
        assert "Europe/Berlin" in service.good("companies", "export").out
        assert "quiet_months" not in service.good("companies", "export").out
        assert re.search(r'name="months" value="yes" checked', visitor.get(mine))
        act("schedule", months="no", tongue="zh-Hans")
        assert "quiet_months: false" in service.good("companies", "export").out
        assert 'name="months" value="yes">' in act("schedule", at="10:00", tongue="zh-Hans"), (
            "a form without it changes nothing"
        )
        act("schedule", months="yes", tongue="zh-Hans")
        assert "quiet_months" not in service.good("companies", "export").out
        assert "关注" in visitor.get(f"{mine}/watch/{watch}")
        act("watch", watch=watch, region="JP", terms="Lumina")
        assert "Lumina" in service.good("companies", "export").out
        assert "暂停" in act("pause", until="2099-01-01"), "more than a year is refused"
        assert visitor.ask("POST", mine, {"contact": contact, "action": "pause", "until": "x"})[0] == 422
        act("invite", email="bo@acme.example")
        assert "confirm" in link(service, "bo@acme.example")
        given = visitor.get(f"{mine}/export.json")
        assert "Lumina" in given and '"consent"' in given
        assert visitor.ask("POST", mine, {"action": "delete"})[0] == 422

        status, _, page = visitor.ask("POST", mine, {"action": "delete", "sure": "yes"})
        assert status == 200
        assert visitor.ask("GET", mine)[0] == 404
        until(
            lambda: (
                "删除" in text_of(service.mails("ip@acme.example")[-1])
                or "deleted" in text_of(service.mails("ip@acme.example")[-1])
            )
        )

    assert "ip@acme.example" not in service.good("companies", "export").out


def test_a_link_to_the_settings_works_once_and_nobody_learns_who_is_known(
    service: Deployment, visitor: Visitor
) -> None:
    with service.daemon():
        until(lambda: "daemon.started" in service.log())
        joined(service, visitor, "ip@acme.example")
        known = visitor.ask("POST", "/manage", {"email": "ip@acme.example"})
        other = visitor.ask("POST", "/manage", {"email": "no@acme.example"})
        assert known[0] == other[0] == 200
        assert known[2].replace("ip@acme", "no@acme") == other[2]
        until(lambda: any("/access/" in text_of(one) for one in service.mails("ip@acme.example")))
        path = link(service, "ip@acme.example")
        assert "/access/" in path
        assert visitor.ask("GET", path)[0] == 200
        status, place, _ = visitor.ask("POST", path, {"action": "open"})
        assert status == 303 and "/my/" in place
        assert visitor.ask("POST", path, {"action": "open"})[0] == 410
        mine = urlsplit(place).path
        for wrong in (mine[:-2] + "aa", mine.replace("~", "1~"), "/my/x", f"{mine}/watch/999999"):
            assert visitor.ask("GET", wrong)[0] == 404, wrong
    assert service.mails("no@acme.example") == []


def test_nobody_is_flooded_and_other_sites_send_nothing(service: Deployment, visitor: Visitor) -> None:
    with service.daemon():
        until(lambda: "daemon.started" in service.log())
        victim = [("region", "US"), ("email", "victim@acme.example"), ("agree", "yes")]
        headers = {"Sec-Fetch-Site": "cross-site"}
        assert visitor.ask("POST", "/subscribe/address", victim, **headers)[0] == 403
        assert visitor.ask("POST", "/subscribe/address", victim, Origin="https://evil.example")[0] == 403
        assert visitor.ask("POST", "/subscribe/address", victim, Origin="null")[0] == 403
        assert visitor.ask("POST", "/subscribe/address", [*victim, ("website", "x")])[0] == 200, (
            "a program is told nothing"
        )
        answers = [visitor.ask("POST", "/subscribe/address", victim)[0] for _ in range(8)]
        assert answers == [200] * 5 + [429] * 3, "five a minute from one network, whatever is asked for"
        path = link(service, "victim@acme.example")
        assert "Nobody can ask" in visitor.ask("POST", path, {"action": "forbid"})[2]
        assert visitor.ask("POST", path, {"action": "confirm"})[0] == 410
    assert len(service.mails("victim@acme.example")) == 1


def test_when_the_sign_ups_of_an_hour_are_used_up_the_operator_is_told_once(
    service: Deployment, visitor: Visitor
) -> None:
    service.settings |= {"ALERTS_SIGN_UPS": "2", "ALERTS_OPERATOR_CONTACT": "ops@service.example"}
    with service.daemon():
        until(lambda: "daemon.started" in service.log())
        answers = [
            visitor.ask(
                "POST",
                "/subscribe/address",
                [("region", "US"), ("email", f"v{number}@acme.example"), ("agree", "yes")],
            )
            for number in range(4)
        ]
        assert [answer[0] for answer in answers] == [200, 200, 429, 429]
        until(lambda: service.mails("ops@service.example"))
    (mail,) = service.mails("ops@service.example")
    assert "Nobody can sign up" in str(mail["Subject"]) and "ALERTS_SIGN_UPS" in text_of(mail)
    assert service.mails("v2@acme.example") == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ([("email", "x@y.example"), ("agree", "yes")], "Choose at least one"),
        ([("region", "US"), ("email", "no address"), ("agree", "yes")], "Give one mail address"),
        (
            [("region", "US"), ("email", "a@b.example, c@d.example"), ("agree", "yes")],
            "Give one mail address",
        ),
        ([("region", "US"), ("email", "a@b.example")], "Tick the box"),
    ],
)
def test_a_fault_of_a_form_is_named_and_the_rest_is_kept(
    service: Deployment, visitor: Visitor, fields: list[tuple[str, str]], says: str
) -> None:
    with service.daemon():
        until(lambda: "daemon.started" in service.log())
        status, _, page = visitor.ask("POST", "/subscribe/address", [*fields, ("company", "Acme & Co")])
        assert status == 422 and says in page and 'role="alert"' in page
        if ("region", "US") in fields:
            assert "Acme & Co" in page and 'name="region" value="US"' in page
