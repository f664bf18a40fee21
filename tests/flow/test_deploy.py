"""What ``deploy/`` ships is tried: the units as systemd reads them, the proxy by nginx, the settings by the service."""

import re
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest

from alerts.settings import read_settings
from tests.deployment import Deployment, free_port, until
from tests.judges.needs import needs
from tests.servers import Answer, Seen, source_server
from tests.tls import certificate_files, loopback_tls

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted(path.name for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))


def installed(text: str, folder: Path) -> str:
    """Return a unit for a machine on which the program is this one."""
    program = folder / "alerts"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m alerts "$@"\n')
    program.chmod(0o755)
    return text.replace("/opt/alerts/bin/alerts", str(program))


@needs("systemd-analyze")
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_understands_every_line_of_a_unit(unit: str, tmp_path: Path) -> None:
    for name in UNITS:
        (tmp_path / name).write_text(installed((DEPLOY / name).read_text(), tmp_path))
    told = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", str(tmp_path / unit)], capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    about_ours = [
        line for line in told.stderr.splitlines() if str(tmp_path) in line or line.startswith("alerts")
    ]
    assert told.returncode == 0 and about_ours == []


@needs("systemd-analyze")
def test_the_service_can_reach_little_of_its_machine() -> None:
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(DEPLOY / "alerts.service")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout[-300:]


def test_the_settings_that_are_shipped_are_settings(tmp_path: Path) -> None:
    lines = [line.removeprefix("# ") for line in (DEPLOY / "alerts.env").read_text().splitlines()]
    given = dict(line.split("=", 1) for line in lines if re.match(r"ALERTS_[A-Z_]+=", line))
    assert len(given) >= 8
    secret = tmp_path / "mail-password"
    secret.write_text("secret\n")
    settings = read_settings(given | {"ALERTS_MAIL_PASSWORD_FILE": str(secret)}, cwd=tmp_path)

    assert settings.mail_password == "secret" and settings.proxies == {"127.0.0.1"}
    assert settings.database_url.startswith("postgresql") and str(settings.listen) == "127.0.0.1:8000"


def test_the_nightly_backup_keeps_one_file_for_each_day_of_the_week(
    service: Deployment, tmp_path: Path
) -> None:
    service.feeds(service.feed("an-office", "US", "/a"))
    service.good("feeds", "list")
    [line] = re.findall(
        r"^ExecStart=/bin/sh -c '(.*)'$", (DEPLOY / "alerts-backup.service").read_text(), re.MULTILINE
    )
    line = (
        installed(line, tmp_path)
        .replace("$$", "$")
        .replace("%%", "%")
        .replace("/var/lib/alerts", str(tmp_path / "kept"))
    )
    for _ in range(2):
        subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=service.folder,
            env=service.environ(),
            check=True,
            timeout=60,
            capture_output=True,
        )

    [copy] = (tmp_path / "kept" / "backups").iterdir()
    assert copy.name == f"{time.localtime().tm_wday + 1}.db"
    service.good("db", "restore", str(copy))


@contextmanager
def proxied(folder: Path, upstream: str) -> Iterator[tuple[int, int]]:
    """Run nginx with the shipped server block before ``upstream``; yield its plain and its TLS port."""
    plain, secure = free_port(), free_port()
    certificate, key = certificate_files(folder)
    block = (
        (DEPLOY / "nginx.conf")
        .read_text()
        .replace("server 127.0.0.1:8000;", f"server {upstream};")
        .replace("alerts.example.com", "feeds.example")
    )
    for old, new in (("listen 80;", f"listen 127.0.0.1:{plain};"), ("listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2;"),
                     ("/etc/ssl/alerts/fullchain.pem", str(certificate)), ("/etc/ssl/alerts/privkey.pem", str(key))):  # fmt: skip
        assert old in block
        block = block.replace(old, new)
    block = re.sub(r"^ *listen \[::\].*$", "", block, flags=re.MULTILINE)
    paths = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ {paths} {block} }}"
    )
    process = subprocess.Popen(
        ["nginx", "-p", str(folder), "-c", str(main)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: (folder / "pid").exists() and (folder / "pid").stat().st_size)
        yield plain, secure
    finally:
        process.terminate()
        process.wait(10)


def ask(port: int, path: str, trust: ssl.SSLContext | None = None, **headers: str) -> HTTPResponse:
    """Return an answer, read to its end."""
    connection = (
        HTTPSConnection("localhost", port, timeout=20, context=trust)
        if trust
        else HTTPConnection("localhost", port, timeout=20)
    )
    connection.request(
        "GET",
        path,
        headers={"Host": "feeds.example"}
        | {name.replace("_", "-"): value for name, value in headers.items()},
    )
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@needs("nginx")
def test_behind_the_proxy_readers_get_pages_over_tls_alone(service: Deployment, tmp_path: Path) -> None:
    site, folder = f"127.0.0.1:{free_port()}", tmp_path / "nginx"
    folder.mkdir()
    service.settings |= {
        "ALERTS_LISTEN": site,
        "ALERTS_METRICS_LISTEN": "off",
        "ALERTS_PUBLIC_URL": "https://feeds.example",
        "ALERTS_PAGE_MAKERS": "0",
    }
    service.feeds(service.feed("an-office", "US", "/a"))
    _, trust = loopback_tls()
    with service.daemon(), proxied(folder, site) as (plain, secure):
        until(lambda: ask(secure, "/items", trust).status == 200)
        page = ask(secure, "/items", trust, Accept_Encoding="gzip")
        led = ask(plain, "/items?q=a")

        assert (
            page.headers["Content-Encoding"] == "gzip"
            and "max-age" in page.headers["Strict-Transport-Security"]
        )
        assert ask(secure, "/items", trust, If_None_Match=page.headers["ETag"]).status == 304
        assert led.status == 308 and led.headers["Location"] == "https://feeds.example/items?q=a"


@needs("nginx")
def test_the_proxy_says_who_connects_and_hands_on_no_claim(tmp_path: Path) -> None:
    seen: list[Seen] = []

    def answer(request: Seen) -> Answer:
        seen.append(request)
        return Answer(body=b"ok")

    _, trust = loopback_tls()
    with (
        source_server({"/u/secret": answer}) as upstream,
        proxied(tmp_path, f"{upstream.host}:{upstream.port}") as (_, secure),
    ):
        assert (
            ask(
                secure,
                "/u/secret",
                trust,
                X_Forwarded_For="203.0.113.9",
                Forwarded="for=203.0.113.9",
                X_Forwarded_Proto="http",
            ).status
            == 200
        )
    [request] = seen
    assert request.headers["x-forwarded-for"] == "127.0.0.1" and request.headers["host"] == "feeds.example"
    assert not {"forwarded", "x-forwarded-proto"} & request.headers.keys()
    assert not any("secret" in path.read_text(errors="replace") for path in tmp_path.rglob("*.log"))


def test_a_name_in_these_files_is_of_no_machine_of_ours() -> None:
    for path in DEPLOY.iterdir():
        hosts = set(re.findall(r"[a-z0-9-]+\.(?:com|org|net|cn|io)\b", path.read_text()))
        assert hosts <= {"example.com"}, path
