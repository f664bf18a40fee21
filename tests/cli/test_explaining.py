"""What led to a finding is said in words; a change of terms shows what it would touch."""

import json
from pathlib import Path

from tests.deployment import deployment

RECORD = {
    "id": "n1", "title": "Office warns of fake trademark invoices", "summary": "", "lang": "en",
    "feed_jurisdiction": "GB", "publisher": "UKIPO", "url": "https://office.example/1", "published": "2026-05-10",
}  # fmt: skip


def test_each_finding_is_explained_with_its_words(tmp_path: Path) -> None:
    with deployment(tmp_path) as service:
        (tmp_path / "items.jsonl").write_text(json.dumps(RECORD), "utf-8")
        told = service.good("classify", "--explain", str(tmp_path / "items.jsonl")).out
    assert "fraud" in told
    assert "invoices" in told
    assert "%" in told


def test_a_folder_of_terms_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with deployment(tmp_path) as service:
        done = service.alerts("classify", "--diff", str(tmp_path / "nowhere"))
    assert done.code == 2
    assert "is no folder with terms" in done.err
