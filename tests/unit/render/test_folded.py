"""Fixed sentences stand in a compiled template as they would come from a call."""

import pytest
from jinja2 import DictLoader, TemplateSyntaxError

from alerts.domain.vocabulary import Language
from alerts.render.environment import make_environment
from alerts.render.folded import FoldedEnvironment
from alerts.render.words import Words


def rendered(source: str, name: str = "page.html", **values: object) -> str:
    environment = make_environment(Words(Language.CHINESE, "web"))
    environment.loader = DictLoader({name: source})
    return environment.get_template(name).render(values)


@pytest.mark.parametrize("source", [
    "<p>{{ _('Archive') }}</p>", "{% set a = _('Archive') %}{{ a }}{{ a|length }}", "{{ dict(a=_('Archive')).a }}", "{{ _('Archive') ~ _(', ') }}",
    "{% macro m(a) %}{{ a }}{{ _('Archive') }}{% endmacro %}{{ m(_('Archive')) }}", "{{ gettext('Archive') }}", "{{ _('100%% <sure>') }}",
    "{% if _('Archive') == 'Archive' %}1{% else %}{{ _('Archive')[:1] }}{% endif %}", "{{ '<b>' ~ _('Archive') }}",
])  # fmt: skip
@pytest.mark.parametrize("name", ["page.html", "page.txt"])
def test_a_fixed_sentence_comes_out_as_from_a_call(source: str, name: str) -> None:
    folded, called = (make_environment(Words(Language.CHINESE, "web")) for _ in range(2))
    assert isinstance(called, FoldedEnvironment)
    called.say = None
    for environment in (folded, called):
        environment.loader = DictLoader({name: source})

    assert folded.get_template(name).render() == called.get_template(name).render()
    assert folded.compile(source, name, raw=True) != called.compile(source, name, raw=True)


def test_what_is_filled_in_is_still_escaped() -> None:
    assert rendered("{{ _('No. %(number)s', number='<i>') }}") == rendered(
        "{{ _('No. %(number)s', number=n) }}", n="<i>"
    )
    assert "<i>" not in rendered("{{ _('No. %(number)s', number=n) }}", n="<i>")


def test_a_template_may_call_something_else_by_that_name() -> None:
    assert (
        rendered("{% macro m(say) %}{{ say('Archive') }}{% endmacro %}{{ m(f) }}", f=str.upper) == "ARCHIVE"
    )


def test_a_fault_still_has_its_line() -> None:
    with pytest.raises(TemplateSyntaxError) as found:
        rendered("{{ _('Archive') }}\n{% if %}")
    assert found.value.lineno == 2 and found.value.name == "page.html"
