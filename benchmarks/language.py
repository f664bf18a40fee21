"""How often the language of a text is told rightly when nobody declares it: on the captured records that state theirs.

    python benchmarks/language.py [--verbose]

Title and the first 600 characters are read, as of an item. Records that state several languages or none are left out.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from alerts.normalise.tongue import language_of

RECORDS = Path(os.environ.get("ALERTS_CORPUS", Path(__file__).parents[2] / "shared" / "corpus")) / "records"
SHORT = {
    "english": "en", "eng": "en", "deu": "de", "ger": "de", "spa": "es", "fra": "fr", "pol": "pl", "ind": "id", "hrv": "hr",
    "am": "hy", "zh-tw": "zh", "por": "pt", "ita": "it",
}  # fmt: skip


def main() -> None:
    """Read, compare, print."""
    told, right, wrong = Counter[str](), Counter[str](), []
    for path in sorted(RECORDS.rglob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        stated = record.get("language") or record.get("lang")
        if not isinstance(stated, str) or not stated.replace("-", "").isalpha():
            continue
        wanted = SHORT.get(stated.lower(), stated.lower())
        text = f"{record.get('title') or ''} {(record.get('text') or '')[:600]}"
        found = (language_of((), text, str(record.get("_source", ""))[:2]) or "none").partition("-")[0]
        told[wanted] += 1
        right[wanted] += found == wanted
        if found != wanted:
            wrong.append((wanted, found, str(path.relative_to(RECORDS)), text[:90]))
    for language, number in told.most_common():
        print(f"{language:4} {right[language]:4} of {number}")
    print(
        f"all  {sum(right.values())} of {sum(told.values())}: {sum(right.values()) / sum(told.values()):.3f}"
    )
    for line in wrong if "--verbose" in sys.argv else ():
        print(*line)


if __name__ == "__main__":
    main()
