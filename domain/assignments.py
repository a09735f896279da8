"""Who was considered for a lead, who took it, and why not the others: kept with each decision, so that "why not me?"
has an answer. Pure data; handles of reps only, so it may be shown to every one of them."""

from enum import StrEnum

from domain.values import Code, Stored


class Rotation(StrEnum):
    """Whose turn it is within a group of reps."""

    STRICT = "strict"  # a fixed order; who is not there when their turn comes has had it
    WEIGHTED = "weighted"  # turns in proportion to the weights
    LEAST_LOADED = "least_loaded"  # the fewest open leads for their weight


class PassedOver(StrEnum):
    """Why a rep was not given a lead."""

    AWAY = "away"
    MISSED_OFFERS = "missed_offers"
    TIME_OFF = "time_off"
    OFF_SHIFT = "off_shift"
    FULL = "full"
    FULL_TODAY = "full_today"
    TRIED = "tried"  # was offered this lead already
    OWN_LEADS_ONLY = "own_leads_only"  # weight 0
    NOT_IN_GROUP = "not_in_group"
    OTHER_TERRITORY = "other_territory"
    OTHER_SEGMENT = "other_segment"
    OTHER_PRODUCT_LINE = "other_product_line"
    OTHER_LANGUAGE = "other_language"
    NO_LICENCE = "no_licence"
    OTHERS_NAME_IT = "others_name_it"  # could take it, and somebody free is named for it
    OWNER_FIRST = "owner_first"  # the person knows somebody else
    LATER_TURN = "later_turn"
    NOBODY_IN_TIME = "nobody_in_time"  # there, and nobody could make the SLA
    HOPS_USED = "hops_used"  # there, and the lead has gone around for long enough


class Why(StrEnum):
    """What settled who takes a lead."""

    OWNER = "owner"  # the person knows them; takes nobody's turn
    TURN = "turn"
    MADE_UP = "made_up"  # a turn that was given back
    BACK_IN_TIME = "back_in_time"  # nobody is there now; they are back before the SLA runs out
    NOBODY = "nobody"
    HOPS = "hops"
    NO_CAPACITY = "no_capacity"


class Considered(Stored):
    """One rep as the rotation saw them. `reason` is None for the one who took the lead."""

    rep: str
    reason: PassedOver | None
    because: str
    weight: int = 1
    open_leads: int = 0
    offers: int = 0  # turns in this line before this one
    owed: int = 0
    last_offered: int = 0
    place: int | None = None  # in the line, 1 = next; None for who did not stand in it


class Assignment(Stored):
    """One look for somebody to take a lead.

    `line` is the group whose turn was taken, None where none was: then the rotation goes on as if nothing had been.
    `base` and `step` move the taker on: position = max(position, base) + step.
    """

    why: Why
    line: str | None = None
    rotation: Rotation | None = None
    owner: str | None = None
    queue: str | None = None
    base: int = 0
    step: int = 0
    considered: tuple[Considered, ...] = ()

    def of(self, rep: str) -> Considered | None:
        """How this rep stood."""
        return next((each for each in self.considered if each.rep == rep), None)


class Credit(Stored):
    """A turn given back, since the lead turned out to be none."""

    rep: str
    code: Code


class WentAway(Stored):
    """A rep who is set away by a judgement, and why."""

    rep: str
    because: str
