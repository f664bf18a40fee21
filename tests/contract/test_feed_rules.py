"""The rules by which feeds of ours are judged find what feedvalidator's own files show, and nothing where it finds nothing."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.feedrules import judged

CORPUS = Path(os.environ.get("ALERTS_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))
FILES = CORPUS / "feeds" / "parser-suites" / "feedvalidator" / "testcases"
EXPECT = re.compile(r"Expect:\s*(!?)(\w+)")

# How many of a rule's files may go unnoticed: they show elements that feeds of ours never hold (source, image, textInput, xhtml …).
UNNOTICED = {
    "AtomLinkNotEmpty": 0, "AttrNotBlank": 0, "BadCharacters": 0, "CharacterData": 0, "ContainsEmail": 0, "ContainsHTML": 6,
    "ContainsRelRef": 0, "ContainsUndeclaredHTML": 1, "DuplicateAtomLink": 1, "DuplicateElement": 8, "DuplicateEntries": 0,
    "ImplausibleDate": 0, "InvalidHttpGUID": 0, "InvalidLanguage": 0, "InvalidPermalink": 0, "InvalidRFC2822Date": 1,
    "InvalidRFC3339Date": 0, "InvalidTAG": 1, "InvalidTextType": 0, "InvalidURN": 0, "InvalidUUID": 0,
    "ItemMustContainTitleOrDescription": 0, "MisplacedMetadata": 0, "MissingContentOrAlternate": 0, "MissingElement": 1,
    "MissingGuid": 0, "MissingHref": 0, "MissingSelf": 0, "NotBlank": 2, "NotSufficientlyUnique": 0, "SAXError": 0,
    "UnexpectedWhitespace": 0, "UnregisteredAtomLinkRel": 0, "UriNotIri": 0,
}  # fmt: skip
ERRORS = UNNOTICED.keys() - {"MissingSelf", "MissingGuid", "DuplicateEntries", "ContainsEmail"}
STRICTER = {  # files that are fine to feedvalidator and not to us, who need none of it
    "amp-cdata-hex.xml",  # a reference inside CDATA in a title
}

pytestmark = [pytest.mark.corpus, pytest.mark.skipif(not FILES.is_dir(), reason="the corpus is not here")]


def cases() -> Iterator[tuple[Path, bool, str]]:
    """Yield file, whether the rule must not be broken, and the rule."""
    for folder in ("atom", "rss20"):
        for path in sorted((FILES / folder).rglob("*.xml")):
            found = EXPECT.search(path.read_bytes()[:3000].decode(errors="replace"))
            if found:
                yield path, found[1] == "!", found[2]


def test_what_is_broken_there_is_found() -> None:
    missed = Counter(
        rule for path, fine, rule in cases() if not fine and rule not in judged(path.read_bytes())
    )

    over = {rule: missed[rule] for rule, most in UNNOTICED.items() if missed[rule] > most}
    assert not over


def test_every_rule_has_a_file_that_breaks_it() -> None:
    assert UNNOTICED.keys() <= {rule for _, fine, rule in cases() if not fine}


def test_what_is_fine_there_is_fine_here() -> None:
    for path, fine, rule in cases():
        if fine and path.name not in STRICTER:
            found = judged(path.read_bytes())
            assert rule not in found & ERRORS - {"MissingElement"}, path.name
            if rule == "Error":
                assert not found & ERRORS, path.name
