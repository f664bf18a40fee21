"""How often Python looks for cycles that nobody can reach any more."""

import gc


def collect_seldom() -> None:
    """Let the collector of cycles run seldom: polling, telling and making pages make millions of values and hardly a cycle.

    Left as it comes it takes a quarter of the time in which the digests of many readers are built, and half of that in which the notices of a page are read.
    """
    gc.set_threshold(50_000, 20, 50)
