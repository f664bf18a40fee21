"""Runs every command that docs/benchmarks.md gives, one after another, and says which of them ended with a fault.

    python benchmarks/run_all.py [WORD]    only those with the word in them

It takes hours: some of them fill archives of a million notices, or collect for twenty minutes.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs" / "benchmarks.md"
COMMAND = re.compile(r"^ {4}python (benchmarks/[^\n]+)$", re.MULTILINE)
OPTIONAL = re.compile(r"\[[^\]]*\]")


def commands() -> list[list[str]]:
    """Return the commands, what may be left out left out."""
    return [shlex.split(OPTIONAL.sub("", one)) for one in COMMAND.findall(DOCS.read_text(encoding="utf-8"))]


def main(word: str = "") -> int:
    """Return 1 where a command ended with a fault."""
    failed = []
    for command in (one for one in commands() if word in " ".join(one)):
        print(f"\n== {' '.join(command)}", flush=True)
        if subprocess.run([sys.executable, *command], cwd=DOCS.parents[1], check=False).returncode:
            failed.append(" ".join(command))
    for one in failed:
        print(f"ended with a fault: {one}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
