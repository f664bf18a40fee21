"""How captured bounces, complaints and answers are read: how many are known for what they are, by set.

python benchmarks/returns.py [--verbose]
"""

import os
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from alerts.deliver.bounces import read_report
from alerts.domain.returns import ReportKind

CORPUS = Path(os.environ.get("ALERTS_CORPUS", Path(__file__).parents[2] / "shared" / "corpus")) / "bounces"
SETS = {
    "flufl": "flufl.bounce/*.txt",
    "sisimai, LF": "sisimai-set-of-emails/maildir/bsd/*",
    "sisimai, CRLF": "sisimai-set-of-emails/maildir/dos/*",
    "sisimai, CR": "sisimai-set-of-emails/maildir/mac/*",
    "sisimai, made": "sisimai-set-of-emails/maildir/err/*",
    "no bounces": "sisimai-set-of-emails/maildir/not/*",
}
IDLE = {ReportKind.NONE, ReportKind.AUTOMATIC}


def main() -> None:
    """Read and count."""
    for name, pattern in SETS.items():
        kinds, wrong = Counter[str](), []
        paths = sorted(CORPUS.glob(pattern))
        for path in paths:
            kind = read_report(path.read_bytes()).kind
            kinds[kind.value] += 1
            idle = "is-not" in path.name or "rfc3834" in path.name
            if (kind in IDLE) != idle:
                wrong.append(path.name)
        if paths:
            print(f"{name}: {len(paths) - len(wrong)} of {len(paths)}, {dict(kinds)}")
        if "--verbose" in sys.argv:
            print("   ", wrong)


if __name__ == "__main__":
    main()
