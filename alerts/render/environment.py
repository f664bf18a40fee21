"""The template environment: where templates are found, how they escape, which words they speak.

Templates of an operator's folder win over the shipped ones, file by file; where there is such a folder, all run in
Jinja's sandbox. A name that does not exist is an error, not a blank. Files end in their real suffix, since escaping goes by it: ``.html`` escapes,
``.txt`` does not. Indentation of an ``.html`` source is dropped when it is read: it would weigh a tenth of a mail.
"""

import re
from collections.abc import Callable
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape

from alerts.render.columns import cut
from alerts.render.folded import FoldedEnvironment, SandboxedFoldedEnvironment
from alerts.render.personal import wrap
from alerts.render.words import Words

_PACKAGE = Path(__file__).parent.parent
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


class _DenseLoader(BaseLoader):
    """Reads through another loader and drops the indentation of HTML."""

    def __init__(self, inner: BaseLoader) -> None:
        self._inner = inner

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, path, current = self._inner.get_source(environment, template)
        return (_INDENT.sub("", source) if template.endswith(".html") else source), path, current


def shipped_templates() -> Path:
    """Return the folder of the shipped templates: inside a wheel, else beside the package."""
    packaged = _PACKAGE / "_data" / "templates"
    return packaged if packaged.exists() else _PACKAGE.parent / "templates"


def make_environment(words: Words, overrides: Path | None = None) -> Environment:
    """Return an environment that speaks ``words``; ``overrides`` is an operator's folder of templates."""
    folders = [overrides, shipped_templates()] if overrides else [shipped_templates()]
    kind = SandboxedFoldedEnvironment if overrides else FoldedEnvironment
    environment = kind(
        loader=_DenseLoader(ChoiceLoader([FileSystemLoader(folder) for folder in folders])),
        autoescape=select_autoescape(("html", "xml")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    install = environment.install_gettext_callables  # type: ignore[attr-defined]  # added by the extension
    environment.say = words.sentences.gettext
    install(words.sentences.gettext, words.sentences.ngettext, newstyle=True)
    environment.filters |= {"wrap": wrap, "cut": cut}
    return environment
