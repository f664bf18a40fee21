"""How long somebody had the questions before them: a signed word that travels with the answers, without script or cookie.

It is made with the first question and kept by the way back, by the other language and by a page that asks again, so none of them
makes a person look like a program.
"""

from dataclasses import replace

from alerts.domain.requests import FORM_LIFE, QUICKEST
from alerts.web.signup.answers import Answers
from alerts.web.site import Site


def stamped(site: Site, answers: Answers, network: str) -> Answers:
    """Return the answers with the time since when they are given; one that is ours stays."""
    if site.tokens.read_form(answers.since, network) is not None:
        return answers
    return replace(answers, since=site.tokens.form(int(site.clock.now().timestamp()), network))


def is_quick(site: Site, answers: Answers, network: str) -> bool:
    """Return whether the questions were answered faster than people do, or nobody saw them, or that was days ago."""
    since = site.tokens.read_form(answers.since, network)
    if since is None:
        return True
    passed = site.clock.now().timestamp() - since
    return not QUICKEST.total_seconds() <= passed <= FORM_LIFE.total_seconds()
