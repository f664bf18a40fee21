"""An operator's folder of templates, tried over invented values before any reader sees it."""

import multiprocessing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alerts.domain.digests import Message
from alerts.domain.errors import InputError
from alerts.domain.vocabulary import Language
from alerts.flow.samples import samples
from alerts.render import Renderer, shipped_templates

PATIENCE = 20.0  # seconds; all messages in both languages take less than one
SUFFIXES = (".html", ".txt", ".css", ".svg")


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """What is wrong with a file of the folder; ``where`` is its path, empty where ``what`` names the place."""

    where: str
    what: str


def shipped_names() -> list[str]:
    """Return the names of the shipped templates, such as ``email/digest/body.html``."""
    root = shipped_templates()
    return sorted(str(one.relative_to(root)) for one in root.rglob("*") if one.suffix in SUFFIXES)


def check_folder(folder: Path) -> list[TemplateFault]:
    """Return the faults of a folder: files that nothing uses, files that lead out of it, and what fails when it is rendered.

    Rendering runs in a process of its own, which is ended after ``PATIENCE`` seconds: a template can count for ever.

    Raises:
        InputError: there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder of templates.")
    return [*_files(folder), *_rendered(folder)]


def _files(folder: Path) -> Iterator[TemplateFault]:
    known, root = set(shipped_names()), folder.resolve()
    for path in sorted(one for one in folder.rglob("*") if one.is_file() or one.is_symlink()):
        name = str(path.relative_to(folder))
        if not path.resolve().is_relative_to(root):
            yield TemplateFault(str(path), "leads out of the folder")
        elif name not in known and path.name != "README.md":
            yield TemplateFault(str(path), "nothing uses a template of this name (alerts templates list)")


def _rendered(folder: Path) -> list[TemplateFault]:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_render_all, args=(str(folder), sender), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(PATIENCE):
            return [
                TemplateFault(
                    str(folder),
                    f"rendering takes longer than {PATIENCE:.0f} seconds; is there an endless loop?",
                )
            ]
        found: list[TemplateFault] = receiver.recv()
        return found
    except EOFError:
        return [TemplateFault(str(folder), "rendering ended its process; is something endlessly large?")]
    finally:
        child.kill()
        child.join()


def _render_all(folder: str, sender: "multiprocessing.connection.Connection") -> None:
    faults: dict[str, TemplateFault] = {}
    for language in Language:
        renderer = Renderer(Path(folder))
        for name, make in samples(renderer, language).items():
            try:
                make()
            except Exception as error:  # whatever a template can raise is a fault of the template
                faults.setdefault(name, TemplateFault(f"{folder}/{name}", f"{type(error).__name__}: {error}"))
        for fault in renderer.voices.faults:
            faults.setdefault(fault, TemplateFault("", fault))
    sender.send(list(faults.values()))


def preview(folder: Path | None, name: str, language: Language) -> Message:
    """Return a message over invented values, in the templates that readers would get.

    Raises:
        InputError: there is no message of this name.
    """
    made = samples(Renderer(folder), language)
    if name not in made:
        raise InputError(f"There is no message {name!r}; there are {', '.join(made)}.")
    return made[name]()


def copy_of(name: str, folder: Path) -> Sequence[Path]:
    """Return the files that were written into the folder: copies of the shipped templates of a message, to begin with.

    Raises:
        InputError: there is no message of this name, or a file of it is there already.
    """
    wanted = [
        one
        for one in shipped_names()
        if f"/{name}/" in f"/{one}" or one == name or one.startswith(f"{name}/")
    ]
    if not wanted:
        raise InputError(f"There is no template {name!r} (alerts templates list).")
    if there := [one for one in wanted if (folder / one).exists()]:
        raise InputError(f"{folder / there[0]} is there already; nothing was written.")
    for one in wanted:
        (folder / one).parent.mkdir(parents=True, exist_ok=True)
        (folder / one).write_bytes((shipped_templates() / one).read_bytes())
    return [folder / one for one in wanted]
