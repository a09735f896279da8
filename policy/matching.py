"""Whether a rep fits a lead: territory, segment, product line, language, licence. It knows nothing of who is there."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.assignments import PassedOver
from domain.facts import Facts
from policy.conditions import Value
from policy.roster import Group, Match, Rep

Refused = tuple[PassedOver, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the lead asks of a rep. Empty where it is not known, which a rep of special fields doesn't fit."""

    regions: tuple[str, ...]
    licensed_in: tuple[str, ...]
    segment: str
    product_line: str
    language: str


def wanted(facts: Facts, known: Mapping[str, Value]) -> Wanted:
    """The lead's side; `known` are the facts as conditions see them."""
    places = regions(facts)
    stated = places[:1] if facts.person.region else places
    return Wanted(places, stated, str(known.get("segment", "")), product_line(facts), language(facts))


def regions(facts: Facts) -> tuple[str, ...]:
    """The states the person may be in, the stated one first."""
    stated = (facts.person.region,) if facts.person.region else ()
    return tuple(dict.fromkeys([*stated, *(place.region for place in facts.person.places if place.region)]))


def product_line(facts: Facts) -> str:
    """What they asked about, by the form's answer product_line, written as a policy's names are; empty if unsaid."""
    return facts.answers.get("product_line", "").strip().lower().replace(" ", "_")[:64]


def language(facts: Facts) -> str:
    """The person's language in two letters: as told, else by the form's answer, else English."""
    said = (facts.person.language or facts.answers.get("language", "")).strip().lower()[:2]
    return said if len(said) == 2 and said.isascii() and said.isalpha() else "en"


def why_not(rep: Rep, asked: Wanted, group: Group) -> Refused | None:
    """Why this rep can't take such a lead in this group; None when they can."""
    if group.reps and rep.handle not in group.reps:
        return PassedOver.NOT_IN_GROUP, f"is not one of group {group.name}"
    return next((said for each in group.match if (said := _CHECKS[each](rep, asked)) is not None), None)


def unlicensed(rep: Rep, asked: Wanted) -> Refused | None:
    """Why the law of the person's place keeps a rep from them. Where no state is told, each likely one needs a licence;
    a place that is not known at all is nobody's."""
    places = asked.licensed_in or ("a state that is not known",)
    missing = [place for place in places if place not in rep.licences]
    return (PassedOver.NO_LICENCE, f"has no licence for {', '.join(missing)}") if missing else None


def named_for(rep: Rep, asked: Wanted, group: Group) -> tuple[str, ...]:
    """Which of the lead's values that the group compares this rep is named for."""
    special = {
        Match.TERRITORY: (rep.territories, asked.regions[:1]),
        Match.SEGMENT: (rep.segments, (asked.segment,)),
        Match.PRODUCT_LINE: (rep.product_lines, (asked.product_line,)),
    }
    return tuple(
        value for each in group.match if each in special for value in special[each][1] if value in special[each][0]
    )


def _territory(rep: Rep, asked: Wanted) -> Refused | None:
    if not rep.territories or (asked.regions and asked.regions[0] in rep.territories):
        return None
    return PassedOver.OTHER_TERRITORY, f"takes {', '.join(rep.territories)}"


def _segment(rep: Rep, asked: Wanted) -> Refused | None:
    if not rep.segments or asked.segment in rep.segments:
        return None
    return PassedOver.OTHER_SEGMENT, f"takes {', '.join(rep.segments)}"


def _product_line(rep: Rep, asked: Wanted) -> Refused | None:
    if not rep.product_lines or asked.product_line in rep.product_lines:
        return None
    return PassedOver.OTHER_PRODUCT_LINE, f"sells {', '.join(rep.product_lines)}"


def _language(rep: Rep, asked: Wanted) -> Refused | None:
    if asked.language in rep.languages:
        return None
    return PassedOver.OTHER_LANGUAGE, f"doesn't speak {asked.language}"


_CHECKS = {
    Match.TERRITORY: _territory,
    Match.SEGMENT: _segment,
    Match.PRODUCT_LINE: _product_line,
    Match.LANGUAGE: _language,
    Match.LICENCE: unlicensed,
}
