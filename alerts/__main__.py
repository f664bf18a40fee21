"""``python -m alerts`` and the ``alerts`` command.

``--version`` answers before the command line library is imported: scripts ask for it often.
"""

import sys


def main() -> None:
    """Run the command line; leaves with 0 (good), 1 (findings) or 2 (misuse)."""
    if sys.argv[1:] == ["--version"]:
        from alerts import __version__

        sys.stdout.write(f"alerts {__version__}\n")
        return
    from alerts.cli.app import run
    from alerts.cli.collector import collect_seldom

    collect_seldom()
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
