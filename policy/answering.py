"""A call to the business's number: whose phones ring, in which order, and why; or the voicemail. Pure. It rings nobody
and asks for no consent: whoever calls us may be spoken with (R13, R20, R21)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from domain.answering import Answering, Caller, InboundCall, Round, Why
from domain.assignments import PassedOver
from policy import assign, matching, presence
from policy.assign import Search
from policy.business_time import BusinessClock
from policy.inbound import Department, Inbound
from policy.loaded import LoadedPolicy
from policy.notes import Notes
from policy.roster import Rep

ON_THE_PHONE = "is on the phone"
_LIMITS = (PassedOver.FULL, PassedOver.FULL_TODAY)
"""Limits of leads: they don't keep a rep from somebody whose lead they have."""


@dataclass(frozen=True, slots=True)
class _Ringing:
    """One call that is judged."""

    caller: Caller
    loaded: LoadedPolicy
    department: Department | None
    notes: Notes = field(default_factory=Notes)

    @property
    def rules(self) -> Inbound:
        return self.loaded.policy.inbound

    @property
    def now(self) -> datetime:
        return self.caller.now

    def is_free(self, rep: Rep, despite: tuple[PassedOver, ...] = ()) -> bool:
        """Whether the rep's phone may ring; why not is noted."""
        absence = presence.absence(rep, self.caller.facts, self.loaded, self.now)
        if rep.handle in self.caller.facts.on_call:
            self.notes.passed_over(f"ring/{rep.handle}", ON_THE_PHONE)
        elif absence is not None and absence.reason not in despite:
            self.notes.passed_over(f"ring/{rep.handle}", absence.because)
        else:
            return True
        return False


def answer(call: InboundCall, caller: Caller, loaded: LoadedPolicy, key: str | None = None) -> Answering:
    """What is done with a call. `key`: what the caller pressed when they were asked; empty: nothing of the menu."""
    rules = loaded.policy.inbound
    department = _department(rules, call.called, key)
    case = _Ringing(caller, loaded, department)
    known = {
        "policy_hash": loaded.hash,
        "department": department.name if department else None,
        "language": matching.language(caller.facts),
    }
    if call.caller is not None and call.caller in rules.blocked:
        case.notes.fired("inbound/blocked", "the number is blocked")
        return _answering(case, known, rejects=True)
    if department is not None:
        case.notes.fired(
            f"inbound/{department.name}", "by the key they pressed" if key else "by the number they called"
        )
    if department is None and key is None and rules.menu is not None:
        case.notes.fired("inbound/menu", "they are asked whom they want")
        return _answering(case, known, asks=True)
    if not _clock(loaded, department).is_open(case.now):
        case.notes.fired("inbound/closed", "we are closed")
        return _answering(case, known, is_open=False)
    return _answering(case, known, rounds=tuple(each for each in _rounds(case) if not each.is_empty))


def _answering(case: _Ringing, known: dict[str, str | None], **answer: object) -> Answering:
    notes = case.notes
    said = {"reasons": tuple(notes.reasons), "not_taken": tuple(notes.not_taken)}
    return Answering.model_validate({**known, **answer, **said})


def _department(rules: Inbound, called: str, key: str | None) -> Department | None:
    if key:
        return next((each for each in rules.departments if each.key == key), None)
    return next((each for each in rules.departments if called in each.called), None)


def _clock(loaded: LoadedPolicy, department: Department | None) -> BusinessClock:
    if department is None or department.hours is None:
        return loaded.clock()
    return _own_clock(department.hours, loaded.policy.business.zone, loaded.clock().off)


@lru_cache(maxsize=256)
def _own_clock(hours: str, zone: str, off: frozenset[date]) -> BusinessClock:
    return BusinessClock(hours, zone, off)


def _rounds(case: _Ringing) -> list[Round]:
    rules = case.rules
    known, team = _known(case), _team(case)
    others = [rep for rep in team if rep != known][: rules.at_once]
    numbers = case.department.numbers if case.department is not None else ()
    overflow = _overflow(case, [*([known] if known else []), *others])
    alone = known is not None and bool(others or numbers) and rules.known_first > timedelta(0)
    if alone and known is not None:
        first = Round(why=Why.KNOWN, reps=(known.handle,), ring=max(rules.known_first, timedelta(seconds=5)))
        return [first, _ringing(case, others, numbers), overflow]
    return [_ringing(case, [*([known] if known else []), *others], numbers), overflow]


def _ringing(case: _Ringing, reps: list[Rep], numbers: tuple[str, ...]) -> Round:
    handles = tuple(rep.handle for rep in reps)
    if handles:
        case.notes.fired("inbound/ring", f"{' and '.join(handles)} {'ring' if len(handles) > 1 else 'rings'}")
    elif not numbers:
        case.notes.fired("inbound/nobody", "nobody of the team is free")
    return Round(why=Why.TEAM, reps=handles, numbers=numbers, ring=case.rules.ring)


def _known(case: _Ringing) -> Rep | None:
    """Whoever has their lead, or knows them, if they are free and of the department asked for."""
    search = Search(case.caller.facts, case.loaded, case.now)
    owner = case.loaded.policy.rep(case.caller.owner)
    has_it = [(owner, "has their lead")] if owner is not None else []
    for rep, because in [*has_it, *assign.acquainted(search)]:
        if _belongs(case, rep) and case.is_free(rep, _LIMITS):
            case.notes.fired("inbound/known", f"{rep.handle} {because}")
            return rep
    return None


def _belongs(case: _Ringing, rep: Rep) -> bool:
    department = case.department
    if department is None or not (department.reps or department.group):
        return True
    groups = (group for group in case.loaded.policy.assign if group.name == department.group)
    return rep.handle in department.reps or any(not group.reps or rep.handle in group.reps for group in groups)


def _team(case: _Ringing) -> list[Rep]:
    department = case.department
    if department is not None and department.reps:
        named = (case.loaded.policy.rep(handle) for handle in department.reps)
        return [rep for rep in named if rep is not None and case.is_free(rep)]
    if department is not None and department.numbers and department.group is None:
        return []
    search = Search(case.caller.facts, case.loaded, case.now)
    return [rep for rep in assign.in_order(search, department.group if department else None) if case.is_free(rep)]


def _overflow(case: _Ringing, rung: list[Rep]) -> Round:
    overflow = case.rules.overflow
    if overflow is None:
        return Round(why=Why.OVERFLOW)
    named = (case.loaded.policy.rep(handle) for handle in overflow.reps)
    reps = [rep.handle for rep in named if rep is not None and rep not in rung and case.is_free(rep)]
    return Round(why=Why.OVERFLOW, reps=tuple(reps), numbers=overflow.numbers, ring=overflow.ring)
