"""The form for what a watch takes: the questions of the sign-up on one page."""

from starlette.datastructures import FormData

from alerts.domain.errors import InputError
from alerts.domain.people import WatchLine
from alerts.domain.vocabulary import Language
from alerts.domain.watches import Criteria
from alerts.web.looks import Reader
from alerts.web.signup.answers import TOPICS, Answers, read_answers
from alerts.web.signup.places import groups
from alerts.web.site import Site


def watch_values(site: Site, watch: WatchLine, reader: Reader) -> dict[str, object]:
    """Return what the form shows."""
    criteria = watch.criteria
    return {
        "answers": Answers(
            criteria.regions,
            criteria.kinds,
            criteria.rights,
            criteria.events,
            criteria.min_severity,
            criteria.terms,
            criteria.pinyin,
            tongue=reader.language,
        ),
        "groups": groups(site.watched),
        **TOPICS,
    }


def watch_answers(form: FormData, language: Language) -> Criteria:
    """Return what the form asks for.

    Raises:
        InputError: no region is chosen.
    """
    answers = read_answers(form, language)
    if not answers.regions:
        raise InputError("regions")
    return answers.criteria
