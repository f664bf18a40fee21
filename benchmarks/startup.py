"""How long commands take to start, and what the daemon weighs with 300 feeds.

    python benchmarks/startup.py

Prints one JSON object: median wall milliseconds of the bare interpreter, `alerts --version`, `alerts --help` and `alerts feeds list` (each
beside the bare interpreter in the same round), and the resident megabytes of a daemon, with its parser children apart, after 300 feeds of
20 entries were polled twice.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.deployment import Deployment, Entry, deployment, free_port, rss, until

ROUNDS = 11
FEEDS = 300
COMMANDS = {
    "bare_interpreter": ["-c", "pass"],
    "version": ["-m", "alerts", "--version"],
    "help": ["-m", "alerts", "--help"],
    "feeds_list": ["-m", "alerts", "feeds", "list"],
}


def starts() -> dict[str, float]:
    """Return median milliseconds by command, the commands taking turns."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, arguments in COMMANDS.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
            taken[name].append((time.perf_counter() - began) * 1000)
    return {f"{name}_ms": round(statistics.median(times), 1) for name, times in taken.items()}


def resident(pid: int) -> float:
    """Return the resident megabytes of one process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024, 1)


def children(pid: int) -> list[int]:
    """Return the processes that this one started."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def weight(service: Deployment) -> dict[str, object]:
    """Return the daemon's memory after two rounds over the feeds."""
    for number in range(FEEDS):
        entries = (
            Entry(
                f"Patent notice {number}-{k}",
                f"{number}-{k}",
                "Mon, 02 Mar 2026 09:00:00 GMT",
                "A notice on patents. " * 10,
            )
            for k in range(20)
        )
        service.source.answers[f"/{number}.xml"] = rss(*entries)
    service.feeds(*(service.feed(f"f-{n}", "US", f"/{n}.xml", interval="1m") for n in range(FEEDS)))
    service.settings |= {
        "ALERTS_LISTEN": f"127.0.0.1:{free_port()}",
        "ALERTS_METRICS_LISTEN": f"127.0.0.1:{free_port()}",
    }
    with service.daemon() as process:
        until(lambda: len(service.source.requests) >= 2 * FEEDS, 240)
        time.sleep(2)
        parsers = [resident(child) for child in children(process.pid)]
        return {"feeds": FEEDS, "daemon_mb": resident(process.pid), "parser_children_mb": parsers}


def main() -> None:
    """Print the figures as one JSON object."""
    figures: dict[str, object] = dict(starts())
    with tempfile.TemporaryDirectory() as folder, deployment(Path(folder)) as service:
        figures |= weight(service)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
