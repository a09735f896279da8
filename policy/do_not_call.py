"""Do-not-call: our own list, what the person said no to, and the federal registry with the exemptions from it.

Fails closed: where the registry has to be asked and no fresh extract is here, nobody is called or texted. What an
extract holds is the database's to know; how long exemptions last, the contact rules'.
"""

import calendar
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from domain.decisions import Reason
from domain.facts import Facts, PastInquiry
from domain.values import CallList, Channel, Purpose, Refusal
from policy import places
from policy.law import Bar
from policy.loaded import LoadedPolicy
from policy.refusal import Answer

OWN, LISTED, NO_EXTRACT = "do_not_call/own", "do_not_call/federal", "do_not_call/no_extract"


def why_not(facts: Facts, loaded: LoadedPolicy, now: datetime, channel: Channel, purpose: Purpose) -> Answer | None:
    """Why the person may not be called or texted now; None when no list and no word of theirs is against it."""
    return planned(facts, loaded, now, channel, purpose) or _stale(facts, loaded, now, channel, purpose)


def planned(facts: Facts, loaded: LoadedPolicy, at: datetime, channel: Channel, purpose: Purpose) -> Answer | None:
    """The same for a moment to come. Whether the extract is fresh by then is asked once more when it comes."""
    if purpose is Purpose.INTERNAL or channel not in (Channel.SMS, Channel.CALL):
        return None
    return (
        _own(facts, at)
        or _refused(facts, loaded, at, channel, purpose)
        or _listed(facts, loaded, at, (channel, purpose))
    )


def exempt_until(facts: Facts, loaded: LoadedPolicy) -> tuple[datetime, str] | None:
    """When the last exemption by an inquiry or a transaction ends, and which it is; None when there never was one."""
    rules, history = loaded.pack.do_not_call, facts.history
    ends = [
        (months_after(each.at, rules.inquiry_months), f"their inquiry ({each.source})")
        for each in _inquiries(facts, loaded)
    ]
    if history.last_transaction_at is not None:
        ends.append((months_after(history.last_transaction_at, rules.transaction_months), "their last transaction"))
    return max(ends, default=None)


def has_written_leave(facts: Facts, channel: Channel) -> bool:
    """Whether the person signed that they may be reached by this channel, whatever the registry says."""
    ticked = facts.consent.sms if channel is Channel.SMS else facts.consent.call
    return facts.consent.kind == "written" and ticked


@lru_cache(maxsize=256)
def months_after(moment: datetime, months: int) -> datetime:
    """The same day so many calendar months later, or the month's last where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def reasons(facts: Facts, loaded: LoadedPolicy) -> Iterator[Reason]:
    """What lists and the person's own words mean for this lead, in words for whoever works it."""
    for each in facts.history.do_not_call:
        if each.kept_by is CallList.OWN:
            until = f" until {each.until:%Y-%m-%d}" if each.until else ""
            yield Reason(
                rule=OWN,
                because=f"on our own do-not-call list since {each.since:%Y-%m-%d}{until}: neither call nor text",
            )
        else:
            yield Reason(
                rule=LISTED,
                because=f"on the federal do-not-call list of {each.since:%Y-%m-%d}; {_exemption(facts, loaded)}",
            )
    for past in facts.history.refusals:
        said = "declined a call" if past.reason == "declined" else f"asked not to be reached by {past.channel}"
        yield Reason(rule=f"refused/{past.channel}", because=f"{said} on {past.at:%Y-%m-%d}")


def in_words(facts: Facts, loaded: LoadedPolicy, answer: Answer) -> str:
    """Why a touch is left out, for the trace: the rule, and until when it would have been allowed."""
    if answer[0] in (Refusal.DO_NOT_CALL, Refusal.DO_NOT_CALL_STALE) and answer[2] != OWN:
        return f"{answer[2]}: {_exemption(facts, loaded)}"
    return answer[2]


def _own(facts: Facts, at: datetime) -> Answer | None:
    for each in facts.history.do_not_call:
        if each.kept_by is CallList.OWN and (each.until is None or at < each.until):
            return Refusal.DO_NOT_CALL, each.until, OWN
    return None


def _refused(facts: Facts, loaded: LoadedPolicy, at: datetime, channel: Channel, purpose: Purpose) -> Answer | None:
    said = [past for past in facts.history.refusals if past.channel is channel]
    if not said:
        return None
    if any(past.reason != "declined" for past in said):
        return Refusal.REFUSED, None, f"refused/{channel}"
    bars = [(_over(past.at, bar), bar.rule) for past in said for bar in _bars(facts, loaded, purpose)]
    until, rule = max(bars, default=(at, ""))
    return (Refusal.REFUSED, until, rule) if until > at else None


def _over(refused: datetime, bar: Bar) -> datetime:
    return months_after(refused, bar.months) + bar.length


def _bars(facts: Facts, loaded: LoadedPolicy, purpose: Purpose) -> Iterator[Bar]:
    """How long a refused call bars others, at each place where the person may be."""
    for place in places.plausible(facts, loaded):
        for bar in loaded.law.bars(place.region):
            if not (bar.spares_answers and purpose is Purpose.RESPONSIVE):
                yield bar


def _listed(facts: Facts, loaded: LoadedPolicy, at: datetime, way: tuple[Channel, Purpose]) -> Answer | None:
    if not _relies(facts, loaded, at, way):
        return None
    if any(each.kept_by is CallList.FEDERAL for each in facts.history.do_not_call):
        return Refusal.DO_NOT_CALL, None, LISTED
    return (Refusal.DO_NOT_CALL_STALE, None, NO_EXTRACT) if facts.history.registry_as_of is None else None


def _stale(facts: Facts, loaded: LoadedPolicy, now: datetime, channel: Channel, purpose: Purpose) -> Answer | None:
    as_of, oldest = facts.history.registry_as_of, loaded.pack.do_not_call.extract
    if as_of is None or now - as_of <= oldest or not _relies(facts, loaded, now, (channel, purpose)):
        return None
    return Refusal.DO_NOT_CALL_STALE, None, f"do_not_call/extract_older_than_{oldest.days}d"


def _relies(facts: Facts, loaded: LoadedPolicy, at: datetime, way: tuple[Channel, Purpose]) -> bool:
    """Whether the registry has to be asked: our own initiative, by call or text, without an exemption."""
    channel, purpose = way
    if loaded.policy.contact.do_not_call.federal == "none" or purpose is not Purpose.SOLICITATION:
        return False
    if channel not in (Channel.SMS, Channel.CALL) or has_written_leave(facts, channel):
        return False
    ends = exempt_until(facts, loaded)
    return ends is None or at >= ends[0]


def _inquiries(facts: Facts, loaded: LoadedPolicy) -> list[PastInquiry]:
    # A lead captured before inquiries were told of is one itself.
    asked = facts.history.inquiries or (PastInquiry(source=facts.source, at=facts.received_at),)
    return [each for each in asked if each.source not in loaded.policy.contact.do_not_call.no_inquiry]


def _exemption(facts: Facts, loaded: LoadedPolicy) -> str:
    found = exempt_until(facts, loaded)
    if found is None:
        return "no inquiry or transaction exempts them"
    return f"{found[1]} exempts them until {found[0]:%Y-%m-%d %H:%M %Z}"
