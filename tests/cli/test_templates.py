"""An operator's templates are tried before a reader sees them; a broken one never costs a mail."""

from pathlib import Path

import pytest

from alerts.domain.vocabulary import Language
from alerts.flow.samples import samples
from alerts.render import Renderer
from tests.deployment import Entry, deployment, rss, text_of

RULE = Entry("Final rule on trademark fees", "rule", "Mon, 02 Mar 2026 09:00:00 GMT", "Fees change.")


@pytest.mark.parametrize("language", Language)
def test_every_message_can_be_shown_over_samples(language: Language) -> None:
    renderer = Renderer()
    made = {name: make() for name, make in samples(renderer, language).items()}

    assert {"digest", "alert", "confirm", "welcome", "outage", "quiet", "goodbye", "chat"} <= made.keys()
    assert all(one.subject and one.whole.text for one in made.values())
    assert not renderer.voices.faults


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "own"
    (found / "email/digest").mkdir(parents=True)
    return found


def faults(tmp_path: Path, folder: Path) -> str:
    with deployment(tmp_path) as service:
        said = service.alerts("templates", "check", str(folder))
    assert said.code == 1, said
    return said.out


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{% if %}", "subject.txt:1"),
        ("{{ view.nothing }}", "nothing"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ view.links.__init__.__globals__ }}", "unsafe"),
        ("{{ 1 // 0 }}", "ZeroDivision"),
        ("{% include 'email/none.txt' %}", "none.txt"),
        ("{% for i in range(10**9) %}{% endfor %}", "range"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, folder: Path, source: str, said: str) -> None:
    (folder / "email/digest/subject.txt").write_text(source)
    assert said.casefold() in faults(tmp_path, folder).casefold()


def test_what_nothing_uses_and_what_leads_out_is_named(tmp_path: Path, folder: Path) -> None:
    (folder / "email/digest/subject.text").write_text("x")
    (folder / "email/digest/body.txt").symlink_to("/etc/passwd")
    said = faults(tmp_path, folder)
    assert "nothing uses" in said and "leads out" in said


def test_a_good_folder_a_copy_and_a_preview(tmp_path: Path) -> None:
    with deployment(tmp_path) as service:
        (tmp_path / "own").mkdir()
        service.settings["ALERTS_TEMPLATES"] = str(tmp_path / "own")
        service.good("templates", "copy", "digest")
        assert service.alerts("templates", "copy", "digest").code == 2, "nothing is written over"
        assert "good in both languages" in service.good("templates", "check").out
        (tmp_path / "own/email/digest/subject.txt").write_text("Ours: {{ view.subject }}")
        assert service.good("templates", "preview", "digest", "--part", "subject").out.startswith("Ours: ")
        assert service.alerts("templates", "preview", "nonsense").code == 2


def test_with_a_broken_template_the_digest_goes_out_in_the_shipped_one_and_the_operator_hears_once(
    tmp_path: Path, folder: Path
) -> None:
    (folder / "email/digest/body.html").write_text("{{ view.nothing }}")
    with deployment(tmp_path) as service:
        service.settings["ALERTS_TEMPLATES"] = str(folder)
        service.source.answers["/us.xml"] = rss()
        service.feeds(service.feed("us-office", "US", "/us.xml"))
        for name in ("a", "b"):
            service.subscribe(f"{name}@acme.example", "US", now="2026-03-01T00:00Z")
        service.round("2026-03-01T10:00Z")
        service.source.answers["/us.xml"] = rss(RULE)
        service.round("2026-03-02T12:00Z")

        assert "Final rule on trademark fees" in text_of(service.mails("a@acme.example")[0])
        (alarm,) = service.mails("ops@service.example")
        assert "template of yours is broken" in str(alarm["Subject"])
        assert "body.html:1" in text_of(alarm)
