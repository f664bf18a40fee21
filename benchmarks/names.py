"""Precision and recall of company names over the table of tests/unit/match/names_pairs.txt.

python benchmarks/names.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.unit.match.names_table import pairs, wrong


def main() -> None:
    """Print both figures and each pair that is judged wrongly."""
    missed, mistaken = wrong()
    same = sum(pair.same for pair in pairs())
    found = same - len(missed)
    print(f"{len(pairs())} pairs, {same} variants, {len(pairs()) - same} near names")
    print(f"recall {found / same:.3f}, precision {found / (found + len(mistaken)):.3f}")
    for pair in missed:
        print(f"missed: {pair.term!r} in {pair.text!r}")
    for pair in mistaken:
        print(f"mistaken: {pair.term!r} in {pair.text!r}")


if __name__ == "__main__":
    main()
