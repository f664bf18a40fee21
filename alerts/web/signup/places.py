"""Regions and jurisdictions as the first question shows them: in groups that exporters think in."""

from collections.abc import Collection
from dataclasses import dataclass

from alerts.domain.jurisdictions import JURISDICTIONS, MEMBERS

# Group, region slugs that stand in it, codes; a code stands in the first group that has it.
_GROUPS = (
    ("neighbours", ("central-asia",), "CN HK MO TW JP KR KP MN RU KZ KG TJ TM UZ EA"),
    ("asia-pacific", ("asean", "rcep"), "AU NZ IN PK BD LK NP BT MV AF FJ PG WS TO VU SB KI NR CK FM " + " ".join(sorted(MEMBERS["asean"]))),
    ("europe", ("eu",), "EM EP GB CH NO IS LI TR UA BY MD RS ME MK AL BA GE AM AZ MC SM VA " + " ".join(sorted(MEMBERS["eu"]))),
    ("americas", ("north-america", "latin-america"), "US CA MX " + " ".join(sorted(MEMBERS["latin-america"]))),
    ("africa-middle-east", ("africa", "gcc"), "IL IQ IR JO LB SY YE PS " + " ".join(sorted(MEMBERS["gcc"] | MEMBERS["africa"]))),
    ("everywhere", ("world", "belt-and-road"), "WO"),
)  # fmt: skip


def members(group: str) -> tuple[str, ...]:
    """Return what the name of a group stands for: its regions that lie within it, and what they leave out; nothing for other words."""
    codes = next(
        (listed.split() for name, _, listed in _GROUPS if name == group and name != "everywhere"), []
    )
    slugs = next((slugs for name, slugs, _ in _GROUPS if name == group), ())
    within = [slug for slug in slugs if MEMBERS[slug] <= set(codes)]
    covered = {code for slug in within for code in MEMBERS[slug]}
    return (*within, *dict.fromkeys(code for code in codes if code not in covered and code in JURISDICTIONS))


@dataclass(frozen=True, slots=True)
class Group:
    """A group: regions that take whole sets, jurisdictions with a source, and those that no source speaks of yet."""

    name: str
    regions: tuple[str, ...]
    watched: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def whole(self) -> tuple[str, ...]:
        """Return what all of the group is; empty where there is no such choice."""
        return members(self.name)


def groups(watched: Collection[str]) -> list[Group]:
    """Return the groups; ``watched`` are the codes that have a source."""
    left = dict.fromkeys(JURISDICTIONS)
    found = []
    for name, regions, listed in _GROUPS:
        codes = [code for code in dict.fromkeys(listed.split()) if code in left]
        for code in codes:
            del left[code]
        if name == "everywhere":
            codes += left
        here = tuple(code for code in codes if code in watched)
        found.append(Group(name, regions, here, tuple(code for code in codes if code not in watched)))
    return found
