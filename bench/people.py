"""People to be: as many as wanted, no two alike, the same each run. Their numbers are those set aside for fiction."""

from dataclasses import dataclass

AREAS = (
    *(512, 737, 210, 726, 713, 281, 832, 346, 214, 469, 972, 945, 817, 682, 915, 806, 940, 254, 361, 409),
    *(312, 773, 872, 708, 224, 847, 630, 331, 815, 779, 217, 309, 618, 305, 786, 954, 407, 321, 813, 727),
    *(202, 206, 212, 213, 215, 216, 303, 310, 313, 314, 404, 410, 412, 415, 503, 504, 513, 602, 612, 614),
    *(615, 617, 619, 626, 646, 650, 702, 703, 704, 716, 718, 720, 801, 804, 816, 818, 858, 901, 904, 919),
)
"""Area codes; each has a hundred fictional numbers, 555-0100 to 555-0199. The first ten are left to the business."""

TEXAN = 20
"""The first so many area codes are of Texas."""

FIRST_LINE, LAST_LINE = 110, 199
ENOUGH = (LAST_LINE - FIRST_LINE + 1) * len(AREAS)

# fmt: off
_HEADS = (
    "Bak", "Dor", "Fel", "Gim", "Hul", "Jov", "Kex", "Lum", "Mov", "Nuz", "Pyx", "Rud", "Siv", "Tov", "Vuk", "Zil",
)
_MIDDLES = (
    "abu", "edi", "igo", "oku", "uvy", "aze", "elo", "imu", "ony", "upi", "axo", "ezu", "iva", "ory", "uka", "yda",
)
_TAILS = (
    "bren", "dask", "fent", "grol", "hask", "jund", "kvit", "lorn", "mard", "nult", "pesk", "rund", "skov", "tark",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of our own making. No part of a name is a word, so that it can be looked for anywhere."""

    first: str
    last: str
    phone: str
    email: str
    company: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


def someone(number: int) -> Someone:
    """The person of this number, 0 to ENOUGH - 1."""
    if not 0 <= number < ENOUGH:
        raise ValueError(f"there are {ENOUGH} people, so {number} is none of them")
    first, last = _word(number * 7 + 3, 5), _word(number * 11 + 5, 9)
    area, line = AREAS[number % len(AREAS)], FIRST_LINE + number // len(AREAS)
    return Someone(
        first=first,
        last=last,
        phone=f"+1{area}5550{line}",
        email=f"{first}.{last}.{number}@{_word(number, 2)}.example".lower(),
        company=f"{_word(number * 5, 7)} Roofing",
    )


def _word(number: int, salt: int) -> str:
    head = _HEADS[(number + salt) % len(_HEADS)]
    middle = _MIDDLES[(number // len(_HEADS) + salt) % len(_MIDDLES)]
    return head + middle + _TAILS[(number // (len(_HEADS) * len(_MIDDLES)) + number + salt) % len(_TAILS)]
