"""What our own people hear on the phone: who it is, why now, how to begin; and what became of a call. Pure."""

from dataclasses import dataclass

from activities.strangers import one_line
from domain.calls import Call, Leg
from domain.ports import Dossier
from domain.scripts import Say
from domain.values import Cue
from policy.model import Policy

LONGEST_NAME, LONGEST_WORDS = 60, 200
"""Characters that are read out of a name, and of what somebody wrote."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that a whisper is made from. Holds personal data: it stays in the process that speaks."""

    call: Call
    dossier: Dossier
    policy: Policy

    @property
    def who(self) -> str:
        """The person, as one would say it."""
        company = one_line(self.dossier.facts.person.company, LONGEST_NAME)
        name = one_line(self.dossier.name, LONGEST_NAME) or "Somebody without a name"
        return f"{name} from {company}" if company else name

    @property
    def recorded(self) -> str:
        """What is said of the recording."""
        rules = self.policy.calls.record if self.policy.calls is not None else None
        return rules.words if rules is not None else "This call is recorded."

    def rep(self, handle: str | None) -> str:
        """A rep's name."""
        rep = self.policy.rep(handle)
        return rep.name if rep is not None else "Somebody else"


def to_begin_with(b: Briefing) -> tuple[Say, ...]:
    """What a rep hears who picks up."""
    if b.call.is_inbound:
        return incoming(b)
    return context(b) if b.call.off is not None else whisper(b)


def incoming(b: Briefing) -> tuple[Say, ...]:
    """Somebody is on the line and hears it ring: who, as far as we know, and what to press."""
    who = b.who if one_line(b.dossier.name, LONGEST_NAME) else "somebody new"
    said = [f"Incoming call for {b.policy.business.name}, from {who}."]
    words = one_line(b.dossier.last_words, LONGEST_WORDS)
    if b.call.off == "replied" and words:
        said.append(f"They have just written: {_sentence(words)}")
    return (*(Say(words=each) for each in said), choices())


def whisper(b: Briefing) -> tuple[Say, ...]:
    """Who, from where, why now, and one line to begin with (R11, R13, R17, R27); what to press."""
    source = b.dossier.facts.source.replace("_", " ")
    said = [f"{b.policy.business.name} lead: {b.who}, by {source}."]
    if b.call.plan is not None and b.call.plan.whisper:
        said += [why for why in (_why(b), _opening(b)) if why]
    return (*(Say(words=each) for each in said), choices())


def choices() -> Say:
    """The two keys."""
    return Say(words="Press 1 to take the call, 2 to pass.")


def news(b: Briefing) -> tuple[Say, ...]:
    """Instead of a call: what has happened meanwhile (N14)."""
    words = one_line(b.dossier.last_words, LONGEST_WORDS)
    if b.call.off == "replied" and words:
        return (Say(words=f"{b.who} has just written: {words}"), Say(words="Nobody is called now."))
    return (Say(words=f"This is about {b.who}."), outcome(b.call.off or ""))


def context(b: Briefing) -> tuple[Say, ...]:
    """The news that they wrote, and the question who answers."""
    return (*news(b), Say(words="Press 1 to take the lead and answer, 2 to pass."))


def in_vain(b: Briefing) -> tuple[Say, ...]:
    """To whoever pressed 1 and is connected to nobody: why, and whether the lead is theirs."""
    if b.call.is_inbound:
        return (Say(words="The caller has hung up. They get a text, and are called back."),)
    is_theirs = b.call.off in ("replied", "abandoned")
    yours = (Say(words="The lead is yours. You find it in the chat."),) if is_theirs else ()
    return (*news(b), *yours)


def nobody_there(business: str, number: str) -> Say:
    """To a person who has picked up while nobody of ours was there: who called, and where we are reached."""
    spoken = " ".join(number.lstrip("+"))
    who = f"Hello, this is {business}. We called about your request, and will try again."
    return Say(words=f"{who} Our number is {spoken}.")


def handover(b: Briefing, leg: Leg, words: str | None) -> tuple[Say, ...]:
    """To a rep who is to take over: from whom, who it is, and why (R27)."""
    by = b.rep(_rep_of(b.call, leg.succeeds))
    said = [f"{by} hands over {b.who}, who is on hold."]
    if why := one_line(words, LONGEST_WORDS):
        said.append(f"They say: {why}.")
    return (*(Say(words=each) for each in said), Say(words="Press 1 to speak with them, 2 to pass."))


def joining(b: Briefing, leg: Leg) -> tuple[Say, ...]:
    """To a manager who is about to join a call under way."""
    by = b.rep(b.call.taker.rep if b.call.taker is not None else None)
    heard = f"You hear both, and only {by} hears you." if leg.coaches else "Everybody hears you."
    return (Say(words=f"{by} is on the phone with {b.who}. {heard}"), Say(words="Press 1 to join, 2 to stay out."))


def _rep_of(call: Call, leg_id: str | None) -> str | None:
    leg = call.leg(leg_id)
    return leg.rep if leg is not None else None


def _why(b: Briefing) -> str:
    reasons = [one_line(each, LONGEST_WORDS) or "" for each in b.dossier.reasons[:1]]
    return f"Why now: {reasons[0]}." if reasons and reasons[0] else ""


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def _opening(b: Briefing) -> str:
    cue = b.call.plan.cue if b.call.plan is not None else None
    referrer = one_line(b.dossier.referrer, LONGEST_NAME)
    page = one_line(b.dossier.facts.page, LONGEST_NAME)
    if cue is Cue.REPLY:
        words = one_line(b.dossier.last_words, LONGEST_WORDS)
        return f"They wrote: {_sentence(words)} Start from their own words." if words else "Start from what they wrote."
    if cue is Cue.APOLOGETIC:
        return "We missed their call, so be apologetic."
    if referrer:
        return f"{referrer} sent them to us; start from there."
    return f"They were looking at {page}." if page else "Ask what made them get in touch today."


_OUTCOMES = {
    "replied": "They have just written to us, so nobody is called now. Their words are in the chat.",
    "opted_out": "They asked not to be contacted, so the call is off.",
    "accepted": "The lead has been taken in the chat, so this call is off.",
    "abandoned": "They picked up before anybody of ours was there, and were told that we try again.",
    "booked": "They have booked a time, so nobody is called now.",
    "refused": "They may not be called at this moment. The lead is yours; the chat says why.",
    "voicemail": "That was their voicemail, so we hung up. The lead is yours.",
    "dropped": "That was their voicemail, and a message was left. The lead is yours.",
    "no_answer": "They did not answer. The lead is yours, and they get a text.",
    "failed": "Their phone could not be reached. The lead is yours.",
    "not_free": "Your colleague is not free. Your caller is back.",
    "gone": "The call is over.",
}

ON_HOLD = ("Thank you. One moment, please.", "We are still with you. One moment, please.")
"""What somebody hears who is on hold, first and then again and again."""


def outcome(what: str) -> Say:
    """What the rep hears of how it ended."""
    return Say(words=_OUTCOMES.get(what, "Nobody is called about this any more, so the call is off."))
