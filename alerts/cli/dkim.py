"""``dkim``: keys that sign mails, and the records under which receivers find their public halves."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.show import Format, FormatOption, listing, say
from alerts.domain.errors import InputError
from alerts.settings import Settings, read_settings

if TYPE_CHECKING:
    from alerts.deliver.dkim import SigningKey

STRING = 250  # characters of one string of a TXT record; 255 octets are allowed

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command()
def new(
    selector: Annotated[
        str, typer.Argument(help="Name of the key in the DNS; a new one for each key, such as 2026a.")
    ],
    ed25519: Annotated[
        bool, typer.Option("--ed25519", help="A short Ed25519 key, as a second signature beside RSA.")
    ] = False,
    domain: Annotated[
        str | None, typer.Option(help="Domain that signs; that of ALERTS_MAIL_FROM if not given.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where the key is kept; in dkim/ of DATA_DIR if not given."),
    ] = None,
) -> int:
    """Make a key (RSA of 2048 bits), keep it in a file that only its owner reads, and print what to publish and to set."""
    from alerts.deliver.dkim_keys import make_key, read_key

    settings = read_settings()
    domain = domain or settings.mail_from.rpartition("@")[2]
    pem = make_key(ed25519=ed25519)
    key = read_key(selector, domain, pem)
    file = (to or settings.data_dir / "dkim" / f"{key.selector}.{key.domain}.pem").absolute()
    _keep(file, pem)
    say(f"The private key is in {file}. Publish in the DNS:\n\n{zone_line(key)}\n")
    say(f"When it can be found there, set:\n\nALERTS_DKIM={_setting(settings, key, file)}")
    return 0


@app.command()
def records(style: FormatOption = Format.TEXT) -> int:
    """Print what the DNS must hold for the keys of ALERTS_DKIM; `alerts doctor` looks whether it does."""
    from alerts.wiring import signing_key

    keys = [signing_key(*one) for one in read_settings().dkim]
    if style is Format.JSON:
        listing(({"name": key.name, "type": "TXT", "value": key.record} for key in keys), style)
    else:
        say("\n".join(map(zone_line, keys)) or "ALERTS_DKIM names no key: mails leave unsigned.")
    return 0


def zone_line(key: "SigningKey") -> str:
    """Return the record as a line of a zone file, in strings that are short enough."""
    text = key.record
    strings = " ".join(f'"{text[at : at + STRING]}"' for at in range(0, len(text), STRING))
    return f"{key.name}. IN TXT ( {strings} )"


def _keep(file: Path, pem: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise InputError(f"{file} exists already; a new key gets a new selector.") from None
    except OSError as error:
        raise InputError(f"{file}: {error.strerror or error}.") from error
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(pem)


def _setting(settings: Settings, key: "SigningKey", file: Path) -> str:
    """Return the setting with the new key behind those of now, of which one with the same selector and domain is replaced."""
    others = [one for one in settings.dkim if one[:2] != (key.selector, key.domain)]
    return ",".join(
        f"{name}:{domain}:{path}" for name, domain, path in [*others, (key.selector, key.domain, file)]
    )
