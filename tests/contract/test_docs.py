"""The documents name every command, option, setting, key, type and channel; what they show is accepted."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from alerts import catalogue
from alerts.cli.app import app, run
from alerts.deliver import CHANNELS
from alerts.parse import KINDS
from alerts.settings import DESCRIPTIONS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(group: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name, command in getattr(group, "commands", {}).items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands(typer.main.get_command(app), ("alerts",)))


def test_every_command_is_in_the_reference_and_no_other() -> None:
    named = re.findall(r"^\| `(alerts [a-z -]+)` \|", read("docs/commands.md"), re.MULTILINE)
    assert sorted(named) == sorted(COMMANDS)


@pytest.mark.parametrize("path", sorted([*DOCS.glob("*.md"), ROOT / "README.md"]), ids=lambda path: path.name)
def test_commands_shown_in_a_document_exist(path: Path) -> None:
    for line in re.findall(r"^ {4}(alerts [^#\n]+)", path.read_text(encoding="utf-8"), re.MULTILINE):
        words = line.split()
        known = [name for name in COMMANDS if words[: len(name.split())] == name.split()]
        assert known, line
        options = {option for parameter in COMMANDS[known[-1]].params for option in parameter.opts}
        for word in words:
            if word.startswith("--"):
                assert word.split("=")[0] in options | {"--help"}, line


@pytest.mark.parametrize("path", [*sorted(DOCS.glob("*.md")), ROOT / "Makefile"], ids=lambda path: path.name)
def test_benchmarks_that_are_named_exist(path: Path) -> None:
    named = re.findall(r"\bbenchmarks/\w+\.py\b", path.read_text(encoding="utf-8"))
    assert not [one for one in named if not (ROOT / one).is_file()]


def test_every_setting_is_explained_to_operators() -> None:
    text = read("docs/operations.md")
    for name, description in DESCRIPTIONS.items():
        assert f"| `ALERTS_{name}` | {description} |" in text


def test_every_key_of_feeds_yaml_is_explained_to_admins() -> None:
    text = read("docs/feeds.md")
    definitions: Any = catalogue.schema()["definitions"]
    for model in ("FeedModel", "JsonModel", "PageModel", "DetailModel"):
        for key in definitions[model]["properties"]:
            assert f"| `{key}` |" in text, f"{model}: {key}"


def test_every_feed_type_and_channel_is_named() -> None:
    feeds, subscribing = read("docs/feeds.md"), read("docs/operations.md")
    for kind in KINDS:
        assert f"## type: {kind.value}" in feeds
    for channel in CHANNELS:
        assert channel.value.replace("email", "Mail") in subscribing


def test_the_printed_schema_is_the_committed_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["feeds", "schema"]) == 0
    assert capsys.readouterr().out == read("docs/feeds.schema.json")


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_no_file_names_a_machine_or_a_package_host() -> None:
    hosts = re.compile(r"https?://[\w.-]*(pypi|pythonhosted|npmjs)[\w.-]*|(?<![\w.])/(work|root)/")
    for path in [
        *ROOT.glob("*.*"),
        *DOCS.rglob("*"),
        *(ROOT / "alerts").rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
    ]:
        if (
            path.is_file()
            and path.suffix in {".md", ".py", ".toml", ".yaml", ".txt", ".json"}
            and path != Path(__file__)
        ):
            assert not hosts.search(path.read_text(encoding="utf-8", errors="replace")), path


@pytest.mark.parametrize(
    ("page", "least"),
    [("docs/fences.md", 30), ("docs/mail.md", 30), ("docs/site.md", 15), ("docs/threats.md", 30)],
)
def test_every_test_that_a_page_of_rules_names_exists(page: str, least: int) -> None:
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
    }
    named = set(re.findall(r"`(test_\w+)`", read(page)))
    assert len(named) > least
    assert named <= there, named - there


def test_every_target_of_the_makefile_has_a_recipe() -> None:
    text = read("Makefile")
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert phony
    assert not [name for name in phony[1].split() if not re.search(rf"^{name}:", text, re.MULTILINE)]


def test_every_marker_of_tests_is_explained_and_both_parts_of_the_suite_are_run() -> None:
    marked = tomllib.loads(read("pyproject.toml"))["tool"]["pytest"]["ini_options"]["markers"]
    explained, makefile, ci = read("tests/README.md"), read("Makefile"), read(".ci/run")
    assert not [mark for mark in marked if f"`{mark.partition(':')[0]}`" not in explained]
    assert '-m "not slow"' in makefile and "-m slow" in makefile
    assert re.findall(r"^make \w+", ci, re.MULTILINE) == ["make test", "make slow"]
