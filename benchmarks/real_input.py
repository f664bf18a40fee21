"""The whole line on captured documents: polled over loopback HTTP from cold, stored, matched, told by real SMTP.

    python benchmarks/real_input.py [--corpus DIR] [--keep DIR]

Reads the corpus folder (default: `../shared/corpus` beside the project, or ALERTS_CORPUS) and prints one JSON object with the figures:
documents by outcome, items with and without id, date and title, seconds of the cold and of the second round, digests that arrived, and
the entries of the two court feeds whose guids name a docket instead of an entry.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

sys.path.insert(0, str(Path(__file__).parents[1]))

from alerts.cli.context import log_to_stderr
from alerts.domain.collected import Document
from alerts.domain.errors import ParseError
from alerts.domain.people import Schedule, Subscription
from alerts.domain.vocabulary import FeedType, Language, Rhythm
from alerts.domain.watches import Criteria
from alerts.flow.assign import assign_all
from alerts.flow.poll import PollLine, poll_due
from alerts.flow.report import build_due
from alerts.flow.send import send_due
from alerts.flow.subscribe import enter
from alerts.settings import read_settings
from alerts.wiring import service
from tests.clocks import MovedClock
from tests.servers import smtp_server

FOLDERS = (
    "real", "parser-suites/miniflux", "parser-suites/node-feedparser", "parser-suites/lemon24-reader", "parser-suites/yarr",
    "parser-suites/rust-rss", "parser-suites/commafeed", "parser-suites/trafilatura-resources",
)  # fmt: skip
ENDINGS = {".xml", ".rss", ".atom", ".rdf", ".feed"}
JURISDICTIONS = {
    "us": "US",
    "uspto": "US",
    "epo": "EP",
    "uk": "GB",
    "gov": "GB",
    "tipo": "TW",
    "jpo": "JP",
    "euipo": "EM",
}
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

FEDERAL_REGISTER = """
    json:
      items: results
      fields: {id: document_number, title: title, url: html_url, summary: abstract, published: publication_date, document_number: document_number, document_type: type}
      dates: {in-force: effective_on, comments-close: comments_close_on}
"""


class _Files(BaseHTTPRequestHandler):
    """Serves captured files with a validator; answers 304 to who has it."""

    root: Path
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = (self.root / unquote(self.path).lstrip("/")).resolve()
        tag = f'"{path.stat().st_size:x}-{path.stat().st_mtime_ns:x}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        body = path.read_bytes()
        kind = {".json": "application/json", ".html": "text/html"}.get(path.suffix, "application/xml")
        self.send_response(200)
        for name, value in (("Content-Type", kind), ("ETag", tag), ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """Serve a folder on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Files", (_Files,), {"root": root}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def documents(corpus: Path) -> Iterator[tuple[Path, str]]:
    """Yield captured documents with the feed type they are polled as."""
    feeds = corpus / "feeds"
    for folder in FOLDERS:
        for path in sorted((feeds / folder).rglob("*")):
            if path.suffix in ENDINGS:
                yield path, "feed"
    for path in sorted((feeds / "real/us-federal-register").rglob("*.json")):
        if ".http." not in path.name and b'"results"' in path.read_bytes():
            yield path, "json"
    for path in sorted((corpus / "pages/us-federal-courts").rglob("*.html")):
        yield path, "page"


def catalogue(corpus: Path, base: str) -> tuple[str, dict[str, Path]]:
    """Return a feeds.yaml for the captured documents, and which feed is which file."""
    rows, files = [], {}
    for number, (path, kind) in enumerate(documents(corpus)):
        relative = path.relative_to(corpus)
        group = (
            relative.parts[2].split("-")[0]
            if relative.parts[1] == "real"
            else relative.parts[1].split("-")[0]
        )
        mapping = {"json": FEDERAL_REGISTER, "page": "\n    page: {link_pattern: '.+', min_title: 4}\n"}.get(
            kind, ""
        )
        files[f"f{number:03}"] = path
        rows.append(
            f"  - id: f{number:03}\n    name: {{en: {json.dumps(path.name)}, zh-Hans: {json.dumps(path.name)}}}\n    type: {kind}\n"
            f"    url: {json.dumps(base + '/' + str(relative).replace(' ', '%20'))}\n"
            f"    jurisdiction: {JURISDICTIONS.get(group, 'WO')}\n    carries: both\n    topical: false\n    allow_private_networks: true\n"
            f"    robots: false\n    look_back: 9999d\n{mapping}"
        )
    return "version: 1\nfeeds:\n" + "".join(rows), files


async def measure(corpus: Path, folder: Path) -> dict[str, object]:
    """Return the figures of one run."""
    with serving(corpus) as base, smtp_server() as mail:
        text, files = catalogue(corpus, base)
        (folder / "feeds.yaml").write_text(text, encoding="utf-8")
        os.chdir(folder)
        settings = read_settings(
            {"ALERTS_MAIL": f"smtp://{mail.host}:{mail.port}", "ALERTS_MAIL_FROM": "alerts@bench.example"}
        )
        log_to_stderr(settings, quiet=True)
        clock = MovedClock(NOW)
        async with service(settings, clock) as running:
            for name, regions, language in (
                ("cn", ("US",), "zh-Hans"),
                ("eu", ("eu", "GB"), "en"),
                ("world", ("world",), "en"),
            ):
                schedule = Schedule(Rhythm.DAILY, critical_at_once=False, zone="Asia/Shanghai")
                wishes = Subscription(
                    f"{name} Ltd", f"{name}@bench.example", Criteria(regions), schedule, Language(language)
                )
                enter(running.store, wishes, NOW - timedelta(days=1))
            started = time.perf_counter()
            cold = await poll_due(running)
            cold_seconds = time.perf_counter() - started
            matched = await assign_all(running)
            built = await build_due(running)
            sent = await send_due(running)
            clock.move(timedelta(days=2))  # everything is due again
            started = time.perf_counter()
            second = await poll_due(running)
            second_seconds = time.perf_counter() - started
            figures = describe(cold, second, files)
            figures |= {"cold_seconds": round(cold_seconds, 2), "second_seconds": round(second_seconds, 2)}
            figures |= {
                "matched": matched.revisions,
                "alerts": matched.alerts,
                "digests_built": built.digests,
            }
            figures |= {"sent": dict(sent.states), "mails_arrived": len(mail.messages)}
            figures |= await origins(running, corpus)
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures


def describe(cold: list[PollLine], second: list[PollLine], files: dict[str, Path]) -> dict[str, object]:
    """Return outcome counts, and the two court feeds that a store keyed by guid alone loses entries of."""
    by_name = {files[line.feed_id].name: line for line in cold}
    return {
        "documents": len(cold),
        "outcomes": dict(Counter(str(line.outcome) for line in cold)),
        "entries": sum(line.entries for line in cold),
        "items": sum(line.saved.new for line in cold),
        "nyed_1": by_name["nyed_1.xml"].saved.new,
        "sdny_1": by_name["sdny_1.xml"].saved.new,
        "second_outcomes": dict(Counter(str(line.outcome) for line in second)),
        "second_new": sum(line.saved.new for line in second),
        "second_changed": sum(line.saved.changed for line in second),
        "not_read": {
            files[line.feed_id].name: f"{line.outcome}: {line.detail}" for line in cold if not line.good
        },
    }


async def origins(running: object, corpus: Path) -> dict[str, object]:
    """Return how many entries of the feeds came without id, date, link or title."""
    from alerts.flow.service import Service

    assert isinstance(running, Service)
    lacking: Counter[str] = Counter()
    for path, kind in documents(corpus):
        feed = next(iter(running.feeds.values())) if kind == "feed" else None
        if feed is None or feed.type is not FeedType.FEED:
            continue
        document = Document(
            feed.url, feed.url, 200, {"content-type": "application/xml"}, path.read_bytes(), NOW
        )
        try:
            entries = (await running.parser.parse(document, feed)).entries
        except ParseError:
            continue
        lacking["without_id"] += sum(entry.raw_id is None for entry in entries)
        lacking["without_date"] += sum(entry.published is None for entry in entries)
        lacking["without_link"] += sum(entry.link is None for entry in entries)
        lacking["without_title"] += sum(not entry.title.strip() for entry in entries)
    return dict(lacking)


def main() -> None:
    """Print the figures as one JSON object."""
    beside = Path(__file__).parents[2] / "shared" / "corpus"
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--corpus", type=Path, default=Path(os.environ.get("ALERTS_CORPUS", beside)))
    arguments.add_argument("--keep", type=Path, help="work in this folder and leave it there")
    given = arguments.parse_args()
    if not given.corpus.is_dir():
        sys.exit(f"no corpus at {given.corpus}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        print(
            json.dumps(
                asyncio.run(measure(given.corpus.resolve(), folder.resolve())), indent=2, ensure_ascii=False
            )
        )


if __name__ == "__main__":
    main()
