"""A pack of contact rules as it is applied: switches as our counsel set them, rows as they come into force, and for a
place without a verified row the strictest of all. Knows no person and no clock; windows.py and caps.py ask it."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from policy import business_time, weekly
from policy.contact import Cap, Switch
from policy.contact_rules import FEDERAL, ContactRules, Row

ASSUMED = "assumed"
NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a touch is: a text or else a call, an answer to what the person did or not, with their consent or not."""

    is_text: bool
    answers: bool
    consented: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """Hours that must be kept, in the zone of whatever place they are kept for, and days off."""

    rule: str
    because: str
    hours: str
    off: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class LawfulCap:
    """So many calls and texts to one person within a time. `spares_answers`: answers neither count nor are bound."""

    rule: str
    because: str
    cap: Cap
    spares_answers: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """For how long somebody who refused a call is left alone: calendar months and a time. `spares_answers`: answers are
    not barred."""

    rule: str
    months: int
    length: timedelta
    spares_answers: bool


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """A pack with its switches set. `changes`: the days on which something in it comes into force, in order; from
    `settled` on nothing does any more, in any zone."""

    version: str
    country: str
    effective: date | None
    federal: Row
    states: Mapping[str, Row]
    changes: tuple[date, ...]
    settled: date

    def era(self, day: date) -> int:
        """A number for the days between two changes, `day` among them."""
        return bisect_right(self.changes, day)

    def limits(self, region: str | None, era: int, asked: Asked) -> tuple[Limit, ...]:
        """The hours to keep at a place in an era; the region is None where it isn't known."""
        return _limits(self, region, era, asked)

    def caps(self, region: str | None, era: int) -> tuple[LawfulCap, ...]:
        """The caps of a place in an era."""
        return _caps(self, region, era)

    def signed(self, region: str | None, era: int) -> tuple[str, ...]:
        """The rules by which a text that solicits needs written consent to automated texts at a place in an era: of any
        state where none is known. Unlike hours and caps it is not assumed of a state whose row isn't verified."""
        return _signed(self, region, era)

    def bars(self, region: str | None) -> list[Bar]:
        """What a refused call means at a place, whenever its rows came into force."""
        own = self.states.get(region or "")
        rows = [(region or "", own)] if own is not None else []
        if own is None or own.verified is None:
            rows += [(ASSUMED, row) for row in self.states.values() if row.verified]
        return [
            Bar(
                f"{self.version}/{name}",
                row.refusal_bars_months or 0,
                row.refusal_bars or timedelta(0),
                bool(row.answers_exempt) and name != ASSUMED,
            )
            for name, row in rows
            if row.refusal_bars or row.refusal_bars_months
        ]

    def presumes(self, region: str | None) -> bool:
        """Whether an area code of that state makes its holder count as a resident, whatever else is known."""
        row = self.states.get(region or "")
        return row is not None and bool(row.area_code_presumes)

    def day(self, era: int) -> date:
        """The first day of an era."""
        return self.changes[era - 1] if era else date.min


def compiled(pack: ContactRules, switches: Mapping[str, Mapping[Switch, bool]]) -> Law:
    """The pack as law. A switch that its row doesn't have changes nothing."""
    states = {name: _switched(row, switches.get(name, {})) for name, row in pack.states.items()}
    federal = _switched(pack.federal, switches.get(FEDERAL, {}))
    days = (pack.effective, *(row.effective for row in (federal, *states.values())))
    changes = tuple(sorted({day for day in days if day is not None}))
    settled = changes[-1] + timedelta(days=2) if changes else date.min
    return Law(pack.version, pack.country, pack.effective, federal, states, changes, settled)


def _switched(row: Row, switches: Mapping[Switch, bool]) -> Row:
    return row.model_copy(update={str(name): on for name, on in switches.items() if name in row.switches})


@lru_cache(maxsize=4096)
def _limits(law: Law, region: str | None, era: int, asked: Asked) -> tuple[Limit, ...]:
    if law.effective is not None and law.effective > law.day(era):
        said = f"{law.version} is in force from {law.effective} on"
        return (Limit(f"{law.version}/{NOT_IN_FORCE}", said, weekly.NEVER),)
    row = _in_force(law, region, era)
    found = [_limit(law, FEDERAL, law.federal)] if _binds(law.federal, asked) else []
    if row is not None and row.hours is not None and _binds(row, asked):
        found.append(_limit(law, region or "", row))
    return tuple(found) if row is not None and row.verified else (*found, _assumed(law, region, era))


def _in_force(law: Law, region: str | None, era: int) -> Row | None:
    row = law.states.get(region or "")
    return row if row is not None and (row.effective or date.min) <= law.day(era) else None


def _binds(row: Row, asked: Asked) -> bool:
    exempt = (asked.answers and row.answers_exempt) or (asked.consented and row.consent_exempt)
    return not exempt and (row.binds_texts is not False or not asked.is_text)


def _limit(law: Law, name: str, row: Row) -> Limit:
    source = f" ({row.citation})" if row.citation else ""
    days = f", not on {len(row.holidays)} legal holidays" if row.holidays else ""
    assert row.hours is not None  # a verified row has them, and no other comes here without
    return Limit(f"{law.version}/{name}", f"{row.name}{source}{days}", row.hours, _off(law, name))


def _off(law: Law, name: str) -> frozenset[date]:
    row = law.federal if name == FEDERAL else law.states[name]
    if not row.holidays:
        return frozenset()
    return business_time.days_off(law.country, None if name == FEDERAL else name, row.holidays)


@lru_cache(maxsize=256)
def _strictest(law: Law, era: int) -> tuple[str, frozenset[date]]:
    """The hours and days off of all verified rows at once, as one."""
    rows = _verified(law, era)
    hours = weekly.common(weekly.week(row.hours) for _, row in rows if row.hours is not None)
    return weekly.written(hours), frozenset[date]().union(*(_off(law, name) for name, _ in rows))


def _verified(law: Law, era: int) -> list[tuple[str, Row]]:
    states = ((name, row) for name, row in law.states.items() if _in_force(law, name, era) and row.verified)
    return [(FEDERAL, law.federal), *states]


def _assumed(law: Law, region: str | None, era: int) -> Limit:
    hours, off = _strictest(law, era)
    days = ", with every state’s legal holidays" if off else ""
    return Limit(f"{law.version}/{ASSUMED}", f"{_unverified(region)}: the strictest of all counts{days}", hours, off)


def _unverified(region: str | None) -> str:
    return f"assumed, as the row of {region} isn’t verified" if region else "assumed, as the state isn’t known"


@lru_cache(maxsize=4096)
def _signed(law: Law, region: str | None, era: int) -> tuple[str, ...]:
    row = _in_force(law, region, era)
    rows = [(FEDERAL, law.federal)] + ([(region or "", row)] if row is not None else [])
    if region not in law.states:
        rows += [(ASSUMED, each) for _, each in _verified(law, era)]
    return tuple(dict.fromkeys(f"{law.version}/{name}/written_consent" for name, each in rows if each.written_consent))


@lru_cache(maxsize=4096)
def _caps(law: Law, region: str | None, era: int) -> tuple[LawfulCap, ...]:
    row = _in_force(law, region, era)
    found = list(_caps_of(law, FEDERAL, law.federal, law.federal.name))
    if row is not None:
        found += _caps_of(law, region or "", row, row.name)
    if row is None or not row.verified:
        strict = [
            each for name, row in _verified(law, era) for each in _caps_of(law, ASSUMED, row, _unverified(region))
        ]
        found += dict.fromkeys(strict)
    return tuple(found)


def _caps_of(law: Law, name: str, row: Row, because: str) -> Iterator[LawfulCap]:
    spares = bool(row.answers_exempt) and name != ASSUMED
    for cap in row.caps:
        yield LawfulCap(f"{law.version}/{name}/cap-{cap.title}", because, cap, spares)
