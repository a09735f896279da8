"""A US state or territory as people write it → two letters: its name, the post's two letters, the abbreviations in use
before those, and either with what stands beside it ("Utah, USA", "TX - Texas", "US-TX", "Austin, TX 78701")."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import us

_ABBREVIATED = {
    "AL": "ala", "AK": "alas", "AZ": "ariz", "AR": "ark", "CA": "calif|cal|cali", "CO": "colo|col", "CT": "conn",
    "DC": "washington dc|washington d c|wash dc|wash d c|dist of columbia", "DE": "del|dela", "FL": "fla",
    "GA": "geo", "HI": "haw|hawai i", "ID": "ida", "IL": "ill|ills", "IN": "ind", "KS": "kan|kans", "MA": "mass",
    "MI": "mich", "MN": "minn", "MS": "miss", "MT": "mont", "NE": "neb|nebr", "NV": "nev", "NH": "n hampshire",
    "NJ": "n jersey", "NM": "n mex|new mex|n mexico", "NY": "n york", "NC": "n car|n carolina|no carolina",
    "ND": "n dak|n dakota|no dakota", "OH": "o", "OK": "okla", "OR": "ore|oreg", "PA": "penn|penna", "RI": "r island",
    "SC": "s car|s carolina|so carolina", "SD": "s dak|s dakota|so dakota", "TN": "tenn", "TX": "tex",
    "VI": "u s virgin islands", "WA": "wash", "WV": "w va|w virginia", "WI": "wis|wisc", "WY": "wyo",
}  # fmt: skip
"""Forms besides names and the post's letters, with a bar between them."""

_COUNTRY = re.compile(r"(?:united states(?: of america)?|u ?s ?a|u ?s|america)")
_ZIP = re.compile(r"\b[0-9]{5}(?:[- ][0-9]{4})?$")
_PARTS = re.compile(r"\s*(?:[,;/()|\[\]]|\s[-\u2013\u2014]+\s|[-\u2013\u2014])\s*")
_NOTHING = re.compile(
    r"(?:n ?a|none|null|nil|other|unknown|undefined|not (?:given|stated|applicable|specified|sure)"
    r"|(?:please )?(?:select|choose)(?: .*)?|state|region|state province|province)?"
)
"""What a form says where nobody chose a state."""


def region_of(raw: str | None) -> str | None:
    """A US state or territory as two letters; anything else as given, None when it isn't given."""
    if raw is None:
        return None
    given = " ".join(raw.split())
    if _NOTHING.fullmatch(_plain(given)):
        return None
    found = set(_told(given))
    letters = given.replace(".", "")
    return found.pop() if len(found) == 1 else letters.upper() if len(letters) == 2 else given


def is_known(region: str) -> bool:
    """Whether it is a state or territory in two letters."""
    return region in _letters()


def _told(given: str) -> Iterator[str]:
    """Every state that it may mean: as a whole, or by a part of it that is one."""
    names, whole = _names(), _plain(_ZIP.sub("", given).strip())
    if (state := names.get(whole)) is not None:
        yield state
        return
    for part in map(_plain, _PARTS.split(_ZIP.sub("", given).strip())):
        if part and not _COUNTRY.fullmatch(part) and (state := names.get(_bare(part))) is not None:
            yield state


def _bare(part: str) -> str:
    """Without the words around a name: "State of Texas", "Texas USA", "New York State"."""
    part = re.sub(r"^(?:the )?(?:state|commonwealth) of ", "", part)
    part = re.sub(rf" {_COUNTRY.pattern}$", "", part)
    return part if part in _names() else re.sub(r" state$", "", part)


def _plain(name: str) -> str:
    """A name in small letters, without accents, with one blank for full stops and blanks together."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


@cache
def _letters() -> frozenset[str]:
    return frozenset(each.abbr for each in (*us.STATES_AND_TERRITORIES, us.states.DC))


@cache
def _names() -> dict[str, str]:
    """Every form by which a state is known, folded; initials with and without blanks between them."""
    named = {_plain(each.name): each.abbr for each in (*us.STATES_AND_TERRITORIES, us.states.DC)}
    for state, written in _ABBREVIATED.items():
        named |= dict.fromkeys(written.split("|"), state)
    named |= {form.lower(): abbr for abbr in _letters() for form in (abbr, " ".join(abbr))}
    return named | {name.replace(" ", ""): state for name, state in list(named.items()) if " " in name}
