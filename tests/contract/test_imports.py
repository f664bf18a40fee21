"""Who may import whom: ranks, rooms and doors, read from every import of the package, also those inside functions."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "alerts"

RANKS = (
    {"domain"},
    {"parse", "normalise", "classify", "match", "matter", "digest", "vigil"},
    {
        "catalogue",
        "net",
        "fetch",
        "render",
        "deliver",
        "store",
        "settings",
        "passwords",
        "roster",
        "directory",
        "workdays",
    },
    {"flow"},
    {"wiring"},
    {"web", "daemon", "intake"},
    {"cli", "__main__"},
)
NEIGHBOURS = {  # allowed within one rank
    ("fetch", "net"),
    ("deliver", "net"),
    ("roster", "catalogue"),  # its reader of YAML that knows where everything stands
    ("directory", "catalogue"),  # likewise
    ("directory", "roster"),
    ("__main__", "cli"),
}

DOORS = {
    "feedparser": {"parse"},
    "selectolax": {"parse", "catalogue"},
    "jmespath": {"parse", "catalogue"},
    "nh3": {"normalise"},
    "rapidfuzz": {"vigil", "matter"},
    "holidays": {"workdays"},
    "py3langid": {"normalise"},
    "daachorse": {"match"},
    "pypinyin": {"match"},
    "aiosmtplib": {"deliver"},
    "cryptography": {"deliver"},
    "dns": {"deliver"},
    "standardwebhooks": {"deliver"},
    "argon2": {"passwords"},
    "segno": {"cli"},
    "sqlmodel": {"store"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "psycopg": {"store"},
    "aiohttp": {"net"},
    "apscheduler": {"daemon"},
    "fastapi": {"web"},
    "anyio": {"web"},
    "starlette": {"web"},
    "uvicorn": {"web"},
    "prometheus_client": {"web"},
    "typer": {"cli"},
    "click": {"cli"},
    "rich": {"cli"},
    "aiosmtpd": {"cli", "intake"},
    "flufl": {"deliver"},
    "ruamel": {"catalogue", "classify"},
    "jinja2": {"render", "web"},
    "babel": {"render", "web"},
    "icalendar": {"render"},
    "pydantic": {"catalogue", "web"},  # the API describes itself by it
    "requests": set(),
    "httpx": set(),
    "urllib.request": set(),
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are written out, not relative"
            yield node.lineno, node.module or ""
            if node.module == "alerts":
                yield from ((node.lineno, f"alerts.{alias.name}") for alias in node.names)


def rank(name: str) -> int:
    return next(number for number, names in enumerate(RANKS) if name in names)


FILES = sorted(
    path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py" and "_data" not in path.parts
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way_and_pass_the_named_doors(path: Path) -> None:
    mine = room(path)
    broken = []
    for line, name in imports(path):
        if name.startswith("alerts."):
            theirs = name.split(".")[1]
            if theirs.startswith("__") or theirs == mine:
                continue
            inward = rank(theirs) < rank(mine) or (mine, theirs) in NEIGHBOURS
            if not inward:
                broken.append(f"{path.name}:{line}: {mine} may not import {theirs}")
        for door, rooms in DOORS.items():
            if (name == door or name.startswith(door + ".")) and mine not in rooms:
                broken.append(
                    f"{path.name}:{line}: {door} is imported in {', '.join(sorted(rooms)) or 'no room'} only"
                )
    assert not broken, "\n".join(broken)


def test_the_shared_values_use_the_standard_library_only() -> None:
    import sys

    for path in (PACKAGE / "domain").rglob("*.py"):
        for line, name in imports(path):
            top = name.split(".")[0]
            assert top in sys.stdlib_module_names or name.startswith("alerts.domain"), (
                f"{path.name}:{line}: {name}"
            )


def test_a_clock_is_read_in_wiring_only() -> None:
    readers = ("datetime.now(", "datetime.utcnow(", "time.time(", "date.today(")
    allowed = {"wiring.py", "cli/doctor.py"}
    for path in FILES:
        here = str(path.relative_to(PACKAGE))
        if here in allowed or here.startswith("cli/demo/"):
            continue
        text = path.read_text(encoding="utf-8")
        assert not [word for word in readers if word in text], here
