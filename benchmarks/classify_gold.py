"""Score the classifier on labelled items that lie beside the project.

    python benchmarks/classify_gold.py [GOLD.jsonl] [--errors N] [--by FACET]

Prints the table of the scorer beside the labels (``score.py``) and the time an item takes. Without labels
beside the project it says so and ends.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from alerts.classify import item_from_record, judge, label, load

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "gold" / "dev.jsonl"


def main() -> int:
    """Return the scorer's exit code, or 0 when there is nothing to score."""
    parser = argparse.ArgumentParser(description="Score the classifier on labelled items.")
    parser.add_argument("gold", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--errors", default="0")
    parser.add_argument("--by")
    parser.add_argument("--confusions", action="store_true", help="also a table of what was taken for what")
    options = parser.parse_args()
    if not options.gold.exists():
        print(f"no labelled items at {options.gold}")
        return 0
    began = time.perf_counter()
    lexicons = load()
    print(f"lexicons loaded in {time.perf_counter() - began:.3f} s")
    with tempfile.TemporaryDirectory() as folder:
        predictions = Path(folder) / "predictions.jsonl"
        predict(options.gold, predictions, lexicons)
        command = [sys.executable, str(options.gold.parent / "score.py"), str(predictions), str(options.gold)]
        command += ["--errors", options.errors] + (["--by", options.by] if options.by else [])
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        *table, figures = done.stdout.rstrip().splitlines() or [""]
        print("\n".join(table))
        if options.confusions and figures.startswith("{"):
            print(confusions(json.loads(figures)))
        return done.returncode


def confusions(figures: dict) -> str:
    """Return a table of the labels that were taken for others."""
    lines = ["facet      label            taken for        times"]
    for facet, pairs in figures.get("confusions", {}).items():
        lines += [f"{facet:<10} {one['gold']!s:<16} {one['predicted']!s:<16} {one['n']:>3}" for one in pairs]
    return "\n".join(lines)


def predict(gold: Path, predictions: Path, lexicons) -> None:
    """Write one labelled line per item and print the time they took."""
    records = [json.loads(line) for line in gold.read_text("utf-8").splitlines() if line.strip()]
    pairs = [item_from_record(record) for record in records]
    for item, context in pairs[:20]:
        judge(item, context, lexicons)  # the first item of a language builds its index
    began = time.process_time()
    judged = [judge(item, context, lexicons) for item, context in pairs]
    spent = time.process_time() - began
    characters = sum(len(item.title) + len(item.summary) for item, _ in pairs)
    print(
        f"{len(pairs)} items in {spent:.3f} CPU s: {1000 * spent / len(pairs):.2f} ms an item of {characters // len(pairs)} characters"
    )
    lines = (
        json.dumps({"id": record["id"], "labels": label(each)})
        for record, each in zip(records, judged, strict=True)
    )
    predictions.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
