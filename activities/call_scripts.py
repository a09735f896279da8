"""What a caller to our number hears, and whose phones ring meanwhile, as scripts. Pure: it decides neither."""

from datetime import timedelta
from urllib.parse import urlencode

from liquid.exceptions import LiquidError

from activities.intents import touch_id_of
from domain import scripts
from domain.answering import Answering, InboundCall
from domain.calls import Call, Leg, Party
from domain.scripts import Script
from policy import texts
from policy.model import Policy

HOOK = "/v1/hooks/twilio/voice"
_PATIENCE = timedelta(seconds=6)
_SORRY = (
    "We are sorry, nobody can take your call right now. Please leave a message after the tone, and we call you back."
)


def call_id_of(vendor_id: str) -> str:
    """The id of a call to us: the same for every request about it."""
    return touch_id_of(f"inbound:{vendor_id}")


def legs_of(call_id: str, answering: Answering, number: int) -> tuple[Leg, ...]:
    """The phones of one round, each a leg of its own."""
    if number >= len(answering.rounds):
        return ()
    found = answering.rounds[number]
    reps = tuple(Leg(leg_id=_leg_id(call_id, number, rep), party=Party.REP, rep=rep) for rep in found.reps)
    return reps + tuple(Leg(leg_id=_leg_id(call_id, number, phone), party=Party.REP) for phone in found.numbers)


def _leg_id(call_id: str, number: int, whose: str) -> str:
    return touch_id_of(f"{call_id}:{number}:{whose}")


def ringing(call: Call, number: int, inbound: InboundCall, policy: Policy) -> Script:
    """One round: whoever answers hears who calls, and is connected once they press 1. How their phones stand isn't
    asked for: the end of the round says all there is to know."""
    answering = call.answering or Answering()
    found = answering.rounds[number]
    phones = [(rep, policy.rep(handle)) for handle, rep in zip(found.reps, found.reps, strict=True)]
    reached = [(handle, rep.phone) for handle, rep in phones if rep is not None]
    numbers = tuple(
        scripts.Number(phone=phone, asks=f"{HOOK}/rep?{_about(call, number, whose)}")
        for whose, phone in [*reached, *((each, each) for each in found.numbers)]
    )
    # A number that is withheld can't be shown to our people: they see ours.
    sender = (inbound.called or None) if inbound.caller is None else None
    ring = scripts.Ring(numbers=numbers, patience=found.ring, after=f"{HOOK}/next?round={number + 1}", sender=sender)
    return (ring,)


def _about(call: Call, number: int, whose: str) -> str:
    return f"call={call.call_id}&leg={_leg_id(call.call_id, number, whose)}"


def voicemail(answering: Answering, policy: Policy) -> Script:
    """The greeting, and a message after the tone."""
    rules = policy.inbound.voicemail
    wording = rules.greeting if answering.is_open or rules.closed is None else rules.closed
    take = _message(rules.longest, rules.transcribe)
    return (_said(wording, answering.language, policy), take, scripts.HangUp())


def menu(answering: Answering, policy: Policy) -> Script:
    """Whom the caller wants."""
    wording = policy.inbound.menu or ""
    ask = scripts.Ask(says=(_said(wording, answering.language, policy),), answer=f"{HOOK}/menu", patience=_PATIENCE)
    return (ask, scripts.HangUp())


def without_memory(inbound: InboundCall | None = None) -> Script:
    """A message is taken where nothing is known of the call, since the database doesn't answer.

    What Twilio tells of a recording doesn't say who called, and nothing else may be known of the call by then: the
    numbers go along in the addresses, which are signed like all the rest.
    """
    told = {"from": inbound.caller, "to": inbound.called} if inbound is not None else {}
    about = urlencode({name: number for name, number in told.items() if number})
    return (scripts.Say(words=_SORRY), _message(timedelta(minutes=2), True, about), scripts.HangUp())


def thanks(language: str) -> Script:
    """A message was left."""
    words = {"es": "Gracias. Le llamaremos."}.get(language, "Thank you. We will call you back.")
    return (scripts.Say(words=words, language=language), scripts.HangUp())


def _message(longest: timedelta, transcribe: bool, about: str = "") -> scripts.TakeMessage:
    asked = f"?{about}" if about else ""
    return scripts.TakeMessage(
        after=f"{HOOK}/message",
        recorded=f"{HOOK}/recorded{asked}",
        written=f"{HOOK}/written{asked}" if transcribe else None,
        longest=longest,
    )


def _said(wording: texts.Wording, language: str, policy: Policy) -> scripts.Say:
    found, words = texts.in_language(wording, language)
    values = {**dict.fromkeys(texts.VARIABLES, ""), "business": policy.business.name, "language": language}
    try:
        filled = texts.fill(words, values)
    except LiquidError:
        filled = f"You have reached {policy.business.name}."
    return scripts.Say(words=filled, language=found or "en")
