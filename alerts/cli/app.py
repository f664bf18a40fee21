"""The root of the command line, and how a fault becomes one sentence and an exit code."""

import sys
from collections.abc import Sequence

import typer

from alerts.cli import (
    admin,
    archive,
    calendars,
    companies,
    database,
    digests,
    dkim,
    drafts,
    endpoints,
    feeds,
    matters,
    pauses,
    people,
    read,
    returns,
    review,
    running,
    setup,
    stations,
    status,
    suppressions,
    templates,
)
from alerts.domain.errors import AlertsError, CatalogueError, InputError

app = typer.Typer(
    name="alerts",
    help="IP Risk Alerts: legal rules and risk warnings on intellectual property, told to the companies that export there.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (
    running,
    setup,
    read,
    archive,
    status,
    people,
    pauses,
    calendars,
    drafts,
    returns,
    suppressions,
    stations,
    templates,
):
    group.register(app)
app.add_typer(feeds.app, name="feeds", help="The sources: list, try, import, export.")
app.add_typer(companies.app, name="companies", help="Subscriptions as code.")
app.add_typer(digests.app, name="digest", help="Look at digests before they are sent, or build what is due.")
app.add_typer(endpoints.app, name="endpoints", help="Webhooks and chat bots: enter, verify, try, remove.")
app.add_typer(endpoints.webhook, name="webhook", help="Webhooks: let messages of a span go out again.")
app.add_typer(matters.app, name="matters", help="Events that several items tell of: list, show, split, join.")
app.add_typer(review.app, name="review", help="What waits for an editor: release or refuse it.")
app.add_typer(admin.app, name="admin", help="Who may log in to /admin: enter, reset, disable, end sessions.")
app.add_typer(dkim.app, name="dkim", help="Keys that sign mails: make one, print what to publish.")
app.add_typer(database.app, name="db", help="Schema, backup and restore.")


@app.callback()
def root(
    version: bool = typer.Option(False, "--version", help="Print the version."),  # noqa: FBT003 - read in __main__
) -> None:
    """IP Risk Alerts: legal rules and risk warnings on intellectual property, told to the companies that export there."""


# Typer carries its own copy of click, so its faults are found through a class that it shows.
_USAGE_FAULT: type[Exception] = next(k for k in typer.BadParameter.__mro__ if k.__name__ == "ClickException")


def run(argv: Sequence[str]) -> int:
    """Return the exit code of one command line; faults are told in one sentence on standard error."""
    try:
        return app(args=list(argv), prog_name="alerts", standalone_mode=False) or 0
    except _USAGE_FAULT as error:
        sys.stderr.write(_usage(error))
        return 2
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except CatalogueError as error:
        sys.stderr.write("\n".join(error.lines) + "\n")
        return 2
    except InputError as error:
        sys.stderr.write("".join(f"alerts: {line}\n" for line in str(error).splitlines()))
        return 2
    except AlertsError as error:
        sys.stderr.write(f"alerts: {error}\n")
        return 1
    except BrokenPipeError:  # the reader of our output has gone
        sys.stderr.close()
        return 0


def _usage(error: Exception) -> str:
    """Return a usage fault in one sentence with the command's help to turn to; a bare command gets its help."""
    text = str(error.format_message()) if hasattr(error, "format_message") else str(error)
    if type(error).__name__ == "NoArgsIsHelpError":
        return f"{text}\n"
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "alerts"
    return f"alerts: {' '.join(text.split()).rstrip('.')}. See `{command} --help`.\n"
