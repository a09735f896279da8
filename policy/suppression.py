"""May this person be touched on this channel, for this purpose, now? If not: why, until when, by which rule.

Asked when a touch is planned, and again right before it is made.
"""

from datetime import datetime

from domain.decisions import Window
from domain.facts import Facts, PastTouch
from domain.values import Channel, Flag, Purpose, Refusal
from policy import caps, do_not_call, places, windows
from policy.contact import Leave
from policy.loaded import LoadedPolicy
from policy.refusal import Answer

RECENT_CONTACT = "recent_contact"
TAKES_NO_TEXTS = "takes_no_texts"


def why_not(facts: Facts, loaded: LoadedPolicy, now: datetime, channel: Channel, purpose: Purpose) -> Answer | None:
    """Why the person may not be touched now; None when they may. What is for our own people is never refused here."""
    if purpose is Purpose.INTERNAL or channel not in (Channel.SMS, Channel.CALL, Channel.EMAIL):
        return None
    if facts.kill_switch:
        return Refusal.KILL_SWITCH, None, "kill_switch"
    if facts.test and not loaded.policy.sandbox:
        return Refusal.TEST_LEAD, None, "test_lead"
    return (
        barred(facts, loaded, now, channel, purpose)
        or (engaged(facts, loaded, now) if purpose is Purpose.SOLICITATION else None)
        or capped(facts, loaded, now, channel, purpose)
        or _outside(facts, loaded, now, channel, purpose)
    )


def why_not_text(
    facts: Facts, loaded: LoadedPolicy, now: datetime, purpose: Purpose, template: str | None
) -> Answer | None:
    """Why the person may not be sent this text now; None when they may."""
    return why_not(facts, loaded, now, Channel.SMS, purpose) or repeated(facts, loaded, now, purpose, template)


def barred(facts: Facts, loaded: LoadedPolicy, now: datetime, channel: Channel, purpose: Purpose) -> Answer | None:
    """Why no moment would do, or none for a long time: opted out, no address, no consent, nowhere we know the rules of,
    do-not-call."""
    if facts.history.opted_out:
        return Refusal.OPTED_OUT, None, "opted_out"
    if channel is Channel.EMAIL:
        return None if facts.person.email else (Refusal.NO_ADDRESS, None, "no_address")
    if facts.person.phone is None:
        invalid = Flag.INVALID_PHONE in facts.person.flags
        return (Refusal.BAD_NUMBER, None, "bad_number") if invalid else (Refusal.NO_NUMBER, None, "no_number")
    if channel is Channel.SMS and facts.history.takes_no_texts is not None:
        return Refusal.BAD_NUMBER, None, TAKES_NO_TEXTS
    if not allows(facts, loaded, channel, purpose):
        return Refusal.NO_CONSENT, None, f"consent/{channel}"
    if unsigned := _unsigned(facts, loaded, now, channel, purpose):
        return Refusal.NO_CONSENT, None, unsigned
    if not (windows.is_free(loaded, channel, purpose) or places.plausible(facts, loaded)):
        return Refusal.PLACE_UNKNOWN, None, windows.PLACE_UNKNOWN
    return do_not_call.why_not(facts, loaded, now, channel, purpose)


def allows(facts: Facts, loaded: LoadedPolicy, channel: Channel, purpose: Purpose) -> bool:
    """Whether the person's consent covers the channel; a call or text of theirs covers one answer by text."""
    rules = loaded.policy.contact.consent
    if channel is Channel.CALL:
        return _covers(rules.call, facts.consent.kind, facts.consent.call)
    if purpose is Purpose.RESPONSIVE and facts.source in rules.answers and facts.consent.kind in rules.sms.kinds:
        return True
    return _covers(rules.sms, facts.consent.kind, facts.consent.sms)


def _unsigned(facts: Facts, loaded: LoadedPolicy, now: datetime, channel: Channel, purpose: Purpose) -> str | None:
    """The law by which a text of our own initiative needs a signature to automated texts that isn't there: of any place
    where the person may be."""
    if channel is not Channel.SMS or purpose is not Purpose.SOLICITATION or loaded.policy.always_open:
        return None
    if do_not_call.has_written_leave(facts, channel) and facts.consent.automated:
        return None
    law = loaded.law
    where = places.plausible(facts, loaded)
    return next((rule for each in where for rule in law.signed(each.region, places.era(each, law, now))), None)


def _covers(leave: Leave, kind: str, ticked: bool) -> bool:
    return kind in leave.kinds and (ticked or not leave.box)


def engaged(facts: Facts, loaded: LoadedPolicy, now: datetime) -> Answer | None:
    """Whether somebody is at it already (R58): an active deal, an active sequence, a contact a short while ago."""
    history = facts.history
    if history.active_deal:
        return Refusal.ACTIVE_DEAL, None, "active_deal"
    if history.active_sequence:
        return Refusal.ACTIVE_SEQUENCE, None, "active_sequence"
    if history.last_contact_at is not None:
        over = history.last_contact_at + loaded.policy.contact.recent_contact
        if now < over:
            return Refusal.RECENT_CONTACT, over, RECENT_CONTACT
    return None


def permitted(facts: Facts, loaded: LoadedPolicy, now: datetime, channel: Channel, purpose: Purpose) -> Window:
    """The earliest moment from `now` on that contact windows, caps and do-not-call allow, and the rules that put it
    off; None when they never do. Consent is asked for elsewhere."""
    if facts.history.opted_out:
        return Window(channel=channel, purpose=purpose, earliest=None, held_by=("opted_out",))
    listed = do_not_call.why_not(facts, loaded, now, channel, purpose)
    if listed is not None and listed[1] is None:
        return Window(channel=channel, purpose=purpose, earliest=None, held_by=(listed[2],))
    until, rules = (listed[1], (listed[2],)) if listed and listed[1] else (now, ())
    moment, held_by = windows.opening(windows.Touch(facts, loaded, channel, purpose), until)
    held_by = (*rules, *held_by)
    is_later = moment is not None and moment != now  # of now it was asked above
    lapsed = do_not_call.planned(facts, loaded, moment, channel, purpose) if moment and is_later else None
    if lapsed:
        return Window(channel=channel, purpose=purpose, earliest=None, held_by=(*held_by, lapsed[2]))
    return Window(channel=channel, purpose=purpose, earliest=moment, held_by=held_by)


def capped(facts: Facts, loaded: LoadedPolicy, now: datetime, channel: Channel, purpose: Purpose) -> Answer | None:
    """Whether the person was touched as often as the law's caps and ours allow (N8), and when the last one frees."""
    full = caps.reached(facts, loaded, now, channel, purpose)
    if not full:
        return None
    last = max(full, key=lambda each: each.until)
    return Refusal.CAP_REACHED, last.until, last.rule


def repeated(facts: Facts, loaded: LoadedPolicy, at: datetime, purpose: Purpose, template: str | None) -> Answer | None:
    """Whether the person was given this very answer a short while before `at` (N12); later it would be stale."""
    within = loaded.policy.contact.same_answer
    made = [touch.at for touch in facts.history.touches if touch.template == template and _answers(touch)]
    if purpose is not Purpose.RESPONSIVE or template is None or not any(at - within < each <= at for each in made):
        return None
    return Refusal.CAP_REACHED, None, f"same_answer/{template}-in-{int(within.total_seconds() // 60)}m"


def _answers(touch: PastTouch) -> bool:
    return touch.purpose is Purpose.RESPONSIVE and touch.channel is Channel.SMS


def _outside(facts: Facts, loaded: LoadedPolicy, now: datetime, channel: Channel, purpose: Purpose) -> Answer | None:
    window = windows.earliest(facts, loaded, now, channel, purpose)
    if window.earliest == now:
        return None
    return Refusal.OUTSIDE_WINDOW, window.earliest, window.held_by[0] if window.held_by else "window"
