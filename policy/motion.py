"""Source × clock × what the person allows → the first motion, and why the others were passed over (R10-R18)."""

from dataclasses import dataclass
from datetime import datetime

from domain.decisions import Window
from domain.facts import Facts
from domain.values import Channel, Motion, Purpose
from policy import capacity, presence, suppression, windows
from policy.conditions import Reading
from policy.loaded import LoadedPolicy
from policy.notes import Notes, plain
from policy.routing import ALWAYS_POSSIBLE, Fallback

CALLS = (Motion.LIVE_TRANSFER, Motion.WHISPER_CALL)


def route(reading: Reading, loaded: LoadedPolicy, notes: Notes) -> Fallback:
    """The first route whose condition is true, or the fallback."""
    for each in loaded.policy.routes:
        if reading.holds(f"route/{each.name}", each.when):
            notes.fired(f"route/{each.name}", each.because)
            return each
    fallback = loaded.policy.fallback
    notes.fired("route/fallback", f"{plain(str(reading.values['source']))}: {fallback.because}")
    return fallback


@dataclass(frozen=True, slots=True)
class Chosen:
    """The first motion, and what to do, in this order, where it comes to nothing: no rep connects (R12). `whisper`:
    the rep is told the cue before they are connected."""

    motion: Motion
    fallbacks: tuple[Motion, ...] = ()
    whisper: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose motion is chosen, when, on which route."""

    facts: Facts
    loaded: LoadedPolicy
    now: datetime
    taken: Fallback
    notes: Notes

    def window(self, channel: Channel) -> Window:
        """When the route's first touch would be permitted on this channel."""
        purpose = self.taken.purpose
        found = self.notes.window(channel, purpose)
        return found or suppression.permitted(self.facts, self.loaded, self.now, channel, purpose)


def choose(facts: Facts, loaded: LoadedPolicy, now: datetime, taken: Fallback, notes: Notes) -> Chosen:
    """The first motion of the route that is possible now; a task for a person when none is."""
    if facts.person.phone is None and facts.person.email is None:
        notes.fired("contact/none", "neither a valid phone number nor a valid e-mail address: a person has to look")
        return Chosen(Motion.HUMAN_TASK)
    listed = _listed(facts, loaded, now, taken, notes)
    asked = _Asked(facts, loaded, now, taken, notes)
    for place, motion in enumerate(listed):
        said = _impossible(motion, asked)
        if said is None:
            notes.fired(f"motion/{motion}", f"the first possible motion of {taken.name}")
            rest = () if motion in ALWAYS_POSSIBLE else listed[place + 1 :]  # those come to something
            after = tuple(one for one in rest if not _impossible(one, asked))
            return Chosen(motion, after, _is_whispered(motion, facts, loaded, now, notes))
        notes.passed_over(f"motion/{motion}", said)
    notes.fired("motion/human_task", f"no motion of {taken.name} is possible, so a person has to look")
    return Chosen(Motion.HUMAN_TASK)


def _listed(facts: Facts, loaded: LoadedPolicy, now: datetime, taken: Fallback, notes: Notes) -> tuple[Motion, ...]:
    """The motions to try: the clock's, unless nobody is free to take a call (R25), or nobody will be in time (R8)."""
    is_now = is_open(facts, loaded, now, taken.purpose, notes)
    if (none := capacity.why_none(facts, loaded, now, taken)) is not None:
        notes.fired(capacity.NONE_WITHIN_SLA, none)
        return capacity.automated(taken, (taken.busy or taken.open) if is_now else taken.closed)
    if not is_now:
        return taken.closed
    if taken.busy and not presence.free(facts, loaded, now):
        notes.fired("capacity/none", "no rep is free, so nobody is promised a call now")
        return taken.busy
    return taken.open


def _is_whispered(motion: Motion, facts: Facts, loaded: LoadedPolicy, now: datetime, notes: Notes) -> bool:
    """Whether the rep is told what to begin with before they are connected (R11): of a live transfer only while enough
    others are free, since whoever listens keeps the person waiting."""
    if motion is not Motion.LIVE_TRANSFER:
        return motion is Motion.WHISPER_CALL
    bench, needed = len(presence.free(facts, loaded, now)), loaded.policy.whisper_bench
    said = "is whispered to the rep first" if bench >= needed else "is connected at once"
    notes.said("whisper", f"{bench} of the reps are free, {needed} are needed for a whisper: the call {said}")
    return bench >= needed


def is_open(facts: Facts, loaded: LoadedPolicy, now: datetime, purpose: Purpose, notes: Notes) -> bool:
    """Whether both sides can talk now: the business is open and the person may be called (R18, R22)."""
    if not loaded.clock().is_open(now):
        notes.fired("clock/closed", "outside business hours")
        return False
    window = windows.earliest(facts, loaded, now, Channel.CALL, purpose)
    if window.earliest is not None and window.earliest > now:
        notes.fired(
            "clock/closed", f"the business is open, the person can't be called yet ({', '.join(window.held_by)})"
        )
        return False
    notes.fired("clock/open", "within business hours")
    return True


def _impossible(motion: Motion, asked: _Asked) -> str | None:
    facts, loaded, now, taken = asked.facts, asked.loaded, asked.now, asked.taken
    if motion in ALWAYS_POSSIBLE:
        return None
    channel = Channel.CALL if motion in CALLS else Channel.SMS
    if channel is Channel.SMS and taken.text_of(motion) is None:
        return "no text of its own for a cycle that the person did not begin"
    refused = suppression.barred(facts, loaded, now, channel, taken.purpose)
    if refused is None and not (taken.is_asked_for or _is_own_leave(facts, loaded, taken)):
        refused = suppression.engaged(facts, loaded, now)
    if refused is not None:
        return refused[2]
    window = asked.window(channel)
    if window.earliest is None:
        return f"never permitted: {', '.join(window.held_by)}"
    if channel is Channel.SMS:
        refused = suppression.repeated(facts, loaded, window.earliest, taken.purpose, taken.text_of(motion))
    return refused[2] if refused else None


def _is_own_leave(facts: Facts, loaded: LoadedPolicy, taken: Fallback) -> bool:
    """Whether what they just did is itself leave for an answer: they called, or texted."""
    return taken.purpose is Purpose.RESPONSIVE and facts.source in loaded.policy.contact.consent.answers
