"""Environments whose fixed sentences are looked up when a template is compiled, not with every page.

Each environment of ours speaks one language, so ``{{ _("Archive") }}`` always gives the same words; to look them up, mark and fill
them anew took a third of the time of a page. What has values to fill in stays a call.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

ALIASES = frozenset({"_", "gettext"})


class FoldedEnvironment(Environment):
    """For our own templates. ``say`` is the catalogue's look-up; without one nothing is folded."""

    say: Callable[[str], str] | None = None

    def compile(  # type: ignore[override]  # the overloads say only what ``raw`` returns
        self,
        source: str | nodes.Template,
        name: str | None = None,
        filename: str | None = None,
        **more: Any,
    ) -> Any:
        """Return what Jinja compiles, with the words of fixed sentences in place of their calls."""
        tree = self.parse(source, name, filename) if isinstance(source, str) else source
        if self.say is not None:
            escapes = self.autoescape(name) if callable(self.autoescape) else self.autoescape
            tree = _Folder(self.say, marked=escapes).visit(tree)
        return super().compile(tree, name, filename, **more)


class SandboxedFoldedEnvironment(FoldedEnvironment, ImmutableSandboxedEnvironment):
    """For templates of an operator."""


class _Folder(NodeTransformer):
    def __init__(self, say: Callable[[str], str], *, marked: bool) -> None:
        self._say = say
        self._marked = marked

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        """Return the words of a fixed sentence, any other call as it is."""
        sentence = _fixed(node)
        if sentence is None:
            self.generic_visit(node)
            return node
        words = self._say(sentence)
        filled: str = (Markup(words) if self._marked else words) % {}  # noqa: S704 - our own catalogue; %% stands for one, as in a call
        return nodes.Const(filled, lineno=node.lineno)


def _fixed(node: nodes.Call) -> str | None:
    """Return the sentence of a call that fills nothing in."""
    if not isinstance(node.node, nodes.Name) or node.node.name not in ALIASES:
        return None
    if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) != 1:
        return None
    sentence = node.args[0]
    return sentence.value if isinstance(sentence, nodes.Const) and isinstance(sentence.value, str) else None
