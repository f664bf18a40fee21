"""The validator of HTML (vnu) and the data of what mail programs show (caniemail), which ``.ci/run`` puts into a folder outside the project.

``ALERTS_TEST_TOOLS`` names another folder. The data's own program reads a mail and tells what is not shown where.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.judges.needs import IN_CI

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
TOOLS = Path(os.environ.get("ALERTS_TEST_TOOLS", CACHE / "ip-risk-alerts" / "tools")) / "node_modules"
VNU = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
CANIEMAIL = TOOLS / "caniemail" / "dist" / "index.js"
PROGRAMS = ("gmail.*", "outlook.*", "apple-mail.*", "yahoo.*")
ASK = """
const [tool, programs, ...paths] = process.argv.slice(1);
const {caniemail} = await import(tool);
const fs = await import("node:fs");
const found = {};
for (const path of paths) {
  const {issues} = caniemail({clients: JSON.parse(programs), html: fs.readFileSync(path, "utf8")});
  for (const [program, errors] of issues.errors)
    for (const {title} of errors) (found[title] ??= {})[program.split(".")[0]] = 1;
}
console.log(JSON.stringify(Object.fromEntries(Object.entries(found).map(([title, all]) => [title, Object.keys(all).sort()]))));
"""


def fetched(tool: Path, program: str) -> list[pytest.MarkDecorator]:
    """Return the marks of a module whose tests run ``tool`` by ``program``."""
    missing = not tool.exists() or shutil.which(program) is None
    why = f"{program} or {tool.name} is not there; .ci/run fetches it"
    return [pytest.mark.judged, pytest.mark.skipif(missing and not IN_CI, reason=why)]


@dataclass(frozen=True, slots=True)
class Fault:
    """What the validator has against a page."""

    page: str
    line: int
    message: str


def validated(pages: Mapping[str, str], folder: Path) -> list[Fault]:
    """Return the errors of HTML documents; what is merely out of fashion is none."""
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    command = ["java", "-Xss4m", "-jar", str(VNU), "--errors-only", "--exit-zero-always", "--stdout", "--format", "json", str(folder)]  # fmt: skip
    said = subprocess.run(command, capture_output=True, timeout=300, check=True).stdout
    return [
        Fault(Path(one.get("url", "")).stem, one.get("lastLine", 0), one["message"])
        for one in json.loads(said)["messages"]
        if one["type"] != "info"
    ]


def unsupported(mails: Mapping[str, str], folder: Path) -> Mapping[str, list[str]]:
    """Return what some of the programs do not show, and the makers of those."""
    for name, html in mails.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    paths = [str(folder / f"{name}.html") for name in mails]
    command = ["node", "--input-type=module", "-e", ASK, str(CANIEMAIL), json.dumps(PROGRAMS), *paths]
    said = subprocess.run(command, capture_output=True, timeout=120, check=True).stdout
    found: Mapping[str, list[str]] = json.loads(said)
    return found
