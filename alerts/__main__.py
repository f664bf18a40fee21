"""``python -m alerts`` and the ``alerts`` command.

``--version`` answers before the command line library is imported: scripts ask for it often.
"""

import gc
import sys


def collect_seldom() -> None:
    """Let the collector of cycles run seldom: polling and telling make millions of values and hardly a cycle.

    Left as it comes it takes a quarter of the time in which the digests of many readers are built.
    """
    gc.set_threshold(50_000, 20, 50)


def main() -> None:
    """Run the command line; leaves with 0 (good), 1 (findings) or 2 (misuse)."""
    if sys.argv[1:] == ["--version"]:
        from alerts import __version__

        sys.stdout.write(f"alerts {__version__}\n")
        return
    collect_seldom()
    from alerts.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
