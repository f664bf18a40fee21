"""Settings: one frozen value, all faults at once, secrets from files."""

from pathlib import Path

import pytest

from alerts.domain.errors import SettingsError
from alerts.settings import DESCRIPTIONS, read_settings, secret_key


def test_defaults_need_nothing_but_a_folder(tmp_path: Path) -> None:
    settings = read_settings({}, cwd=tmp_path)

    assert settings.database_url == f"sqlite:///{tmp_path / 'var' / 'alerts.db'}"
    assert settings.mail == f"maildir:{tmp_path / 'var' / 'outbox'}"
    assert str(settings.listen) == "127.0.0.1:8000"
    assert settings.feeds[0].name == "feeds.yaml"


def test_every_fault_is_named_at_once_with_its_variable() -> None:
    environ = {
        "ALERTS_LISTEN": "everywhere", "ALERTS_MAIL": "pigeon://loft", "ALERTS_MAIL_FROM": "me", "ALERTS_PUBLIC_URL": "ftp://x",
        "ALERTS_SECRET_KEY": "short", "ALERTS_LOG_FORMAT": "xml", "ALERTS_DATABASE_URL": "mysql://x", "ALERTS_TERMS": "/no/such/folder",
    }  # fmt: skip
    with pytest.raises(SettingsError) as caught:
        read_settings(environ)

    assert len(caught.value.faults) == len(environ)
    for name in environ:
        assert any(fault.startswith(name) for fault in caught.value.faults), name


def test_a_misspelt_setting_is_told_with_the_one_that_was_meant() -> None:
    with pytest.raises(SettingsError, match=r"did you mean ALERTS_PUBLIC_URL\?$"):
        read_settings({"ALERTS_PUBLIC_ULR": "https://x.example"})


def test_a_secret_comes_from_a_file_and_does_not_show(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("hunter2\n")
    settings = read_settings({"ALERTS_MAIL_PASSWORD_FILE": str(secret)}, cwd=tmp_path)

    assert settings.mail_password == "hunter2"
    assert "hunter2" not in repr(settings)


def test_both_forms_of_one_setting_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("x")
    with pytest.raises(SettingsError, match="both set"):
        read_settings({"ALERTS_MAIL_PASSWORD": "y", "ALERTS_MAIL_PASSWORD_FILE": str(secret)}, cwd=tmp_path)


def test_an_unreadable_secret_file_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"ALERTS_MAIL_PASSWORD_FILE: .* cannot be read"):
        read_settings({"ALERTS_MAIL_PASSWORD_FILE": str(tmp_path / "missing")}, cwd=tmp_path)


def test_the_environment_wins_over_a_dotenv_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        '# a comment\nALERTS_MAIL_FROM="file@x.example"\nALERTS_OPERATOR_CONTACT=ops@x.example\n'
    )
    settings = read_settings({"ALERTS_MAIL_FROM": "env@x.example"}, cwd=tmp_path)

    assert settings.mail_from == "env@x.example"
    assert settings.operator_contact == "ops@x.example"


def test_a_plain_postgres_address_gets_the_driver() -> None:
    settings = read_settings({"ALERTS_DATABASE_URL": "postgres://alerts@db/alerts"})
    assert settings.database_url == "postgresql+psycopg://alerts@db/alerts"


def test_a_folder_of_catalogues_stays_a_folder_so_that_later_files_are_seen(tmp_path: Path) -> None:
    folder = tmp_path / "feeds.d"
    folder.mkdir()
    settings = read_settings({"ALERTS_FEEDS": str(folder)}, cwd=tmp_path)
    assert settings.feeds == (folder,)


def test_the_secret_key_is_made_once_and_kept_for_the_owner_only(tmp_path: Path) -> None:
    settings = read_settings({}, cwd=tmp_path)
    first = secret_key(settings)

    assert len(first) == 64
    assert secret_key(settings) == first
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o077 == 0


def test_every_setting_has_a_description() -> None:
    fields = set(read_settings({}).__dataclass_fields__)
    assert {name.lower() for name in DESCRIPTIONS} == fields


@pytest.mark.parametrize(
    "text",
    [
        "http://hub.example/",
        "ftp://hub.example",
        "hub.example",
        "https://a:b@hub.example/",
        "https://h.example/#x",
        "https://[::1",
        "https://",
    ],
)
def test_a_hub_is_an_https_address(text: str) -> None:
    with pytest.raises(SettingsError) as fault:
        read_settings({"ALERTS_HUB": text, "ALERTS_PUBLIC_URL": "https://alerts.example"})
    line = str(fault.value)
    assert "\n" not in line and line.startswith("ALERTS_HUB:") and line.endswith(".")


def test_a_hub_of_ones_own_network_may_speak_http_and_every_hub_needs_a_public_address() -> None:
    inside = {"ALERTS_HUB": "http://10.0.0.7:8080/hub", "ALERTS_PRIVATE_HOSTS": "10.0.0.7:8080"}
    assert read_settings(inside | {"ALERTS_PUBLIC_URL": "https://alerts.example"}).hub == inside["ALERTS_HUB"]
    with pytest.raises(SettingsError, match="ALERTS_PUBLIC_URL"):
        read_settings(inside)
