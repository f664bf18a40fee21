"""What a signature costs beside the message itself, beside the bare signature and beside dkimpy, in one run on one core.

    python benchmarks/signing.py [--rounds 7] [--messages 200]

One digest of 30 notices, personalised for each reader. Medians of interleaved rounds, CPU microseconds a message.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import dkim

from alerts.deliver import encode, sender_of
from alerts.deliver.dkim import Signer
from alerts.deliver.dkim_keys import make_key, read_key
from alerts.domain.digests import DeliveryClaim
from alerts.domain.places import mark
from alerts.render import Renderer
from tests.digests import LINKS, a_claim, a_digest, a_line

PLAIN = sender_of("alerts@alerts.example")
SUMMARY = "The office publishes a rule on portable power stations and asks for comments. "


def claims(number: int) -> list[DeliveryClaim]:
    """Return one digest for so many readers, each with words of its own."""
    lines = [
        a_line(n, title=f"{chr(65 + n % 26) * 9} notice on power stations", summary=SUMMARY)
        for n in range(30)
    ]
    message = Renderer().digest_message(a_digest(*lines), LINKS)
    shared = replace(message, text=message.text + mark("company") + "\n", html=message.html + mark("company"))
    return [
        a_claim(
            replace(shared, words=(("company", f"Exporter {n} Ltd"),)),
            id=n, address=f"ip@e{n}.example", message_id=f"<{n}@alerts.example>",
        )
        for n in range(number)
    ]  # fmt: skip


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--messages", type=int, default=200)
    asked = options.parse_args()
    pems = {name: make_key(ed25519=name == "ed") for name in ("rsa", "ed")}
    keys = {name: read_key(name, "alerts.example", pem) for name, pem in pems.items()}
    readers = claims(asked.messages)
    ready = [encode(one, PLAIN) for one in readers]
    names = [
        b"from",
        b"to",
        b"subject",
        b"date",
        b"message-id",
        b"list-unsubscribe",
        b"list-unsubscribe-post",
    ]

    def ours(*chosen: str) -> Callable[[int], object]:
        sender = replace(PLAIN, signer=Signer([keys[name] for name in chosen])) if chosen else PLAIN
        return lambda n: encode(readers[n], sender)

    def theirs(name: str) -> Callable[[int], object]:
        way = {"signature_algorithm": b"ed25519-sha256"} if name == "ed" else {}
        pem = pems[name] if name == "rsa" else _seed(pems[name])
        return lambda n: dkim.sign(
            ready[n],
            name.encode(),
            b"alerts.example",
            pem,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=names,
            **way,
        )

    ways: dict[str, Callable[[int], object]] = {
        "bare RSA-2048 signature": lambda n: keys["rsa"].sign(ready[n][:1000]),
        "bare Ed25519 signature": lambda n: keys["ed"].sign(ready[n][:1000]),
        "message, unsigned": ours(),
        "message with RSA": ours("rsa"),
        "message with Ed25519": ours("ed"),
        "message with both": ours("rsa", "ed"),
        "dkimpy RSA of a ready message": theirs("rsa"),
        "dkimpy Ed25519 of a ready message": theirs("ed"),
    }
    seen: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(asked.rounds):
        for name, way in ways.items():
            number = asked.messages if "dkimpy" not in name else max(asked.messages // 10, 1)
            began = time.process_time()
            for n in range(number):
                way(n)
            seen[name].append((time.process_time() - began) / number * 1e6)
    print(f"a message of {len(ready[0]):,} octets")
    for name, figures in seen.items():
        cost = statistics.median(figures)
        print(f"{name:34} {cost:8,.0f} µs   {1e6 / cost:9,.0f} a second and core")
    both, bare = (statistics.median(seen[name]) for name in ("message with RSA", "bare RSA-2048 signature"))
    unsigned = statistics.median(seen["message, unsigned"])
    print(f"rate of our RSA signature to the bare one: {bare / (both - unsigned):.2f}")


def _seed(pem: bytes) -> bytes:
    """Return an Ed25519 key as dkimpy wants it: its seed in base64."""
    from base64 import b64encode

    from cryptography.hazmat.primitives import serialization

    private = serialization.load_pem_private_key(pem, None)
    raw = serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    return b64encode(private.private_bytes(*raw))


if __name__ == "__main__":
    main()
