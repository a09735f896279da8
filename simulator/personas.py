"""How simulated people behave: what a phone's owner does after a text, what a rep does with a message in Slack.

It decides and puts the act on the agenda; it sends nothing itself. Timing is the persona's own: the same each run.
"""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from simulator.agenda import Agenda, Reaction
from simulator.clock import EmbeddedClock, Wait
from simulator.journal import Journal

MOST = 1_000_000  # turns of one persona
_SAYS = {
    "replies": "Yes, please call me this afternoon.",
    "says_stop": "STOP",
    "wrong_number": "Wrong number, I never asked about this.",
    "buying_signal": "What does it cost, and could we start this week?",
}


class PhonePersona(BaseModel):
    """Reacts to the next `times` texts (None: to every one), after `after_seconds` on the embedded clock."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    phone: str = Field(pattern=r"^\+[1-9]\d{6,14}$")
    kind: Literal[
        "replies",
        "says_stop",
        "silent",
        "wrong_number",
        "buying_signal",
        "landline",
        "unroutable",
        "unreachable",
        "unknown_handset",
        "carrier_violation",
    ]
    after_seconds: Wait = 0.0
    body: str | None = None
    times: int | None = Field(default=None, ge=1, le=MOST)


class RepPersona(BaseModel):
    """Reacts once to each offer shown to the rep; with `claims` also to pool messages, which mention nobody.
    `comes_back`: reacts to being told that they were set away, as often as it happens.

    `about` is a part of the message's words, say a lead's name: without them this persona looks away.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rep: str = Field(pattern=r"^[UW][A-Z0-9]{2,}$")
    kind: Literal["accepts", "ignores", "declines", "disposes", "accepts_then_disposes", "comes_back"]
    after_seconds: Wait = 0.0
    then_after_seconds: Wait = 0.0
    code: str = "connected"
    claims: bool = False
    about: str | None = None
    times: int | None = Field(default=None, ge=1, le=MOST)


Persona = PhonePersona | RepPersona
_PERSONAS: TypeAdapter[list[Persona]] = TypeAdapter(list[Persona])
_ANSWERS = {
    "accepts": "accept",
    "accepts_then_disposes": "accept",
    "ignores": "accept",
    "declines": "decline",
    "comes_back": "back",
}


class Buttons(BaseModel):
    """What a message says and offers: (action_id, value) of each button and of each option, and who can see it."""

    model_config = ConfigDict(frozen=True)

    offers: tuple[tuple[str, str], ...]
    seen_by: frozenset[str]
    words: str = ""

    def value(self, action_id: str, ending: str = "") -> str | None:
        return next((value for action, value in self.offers if action == action_id and value.endswith(ending)), None)


class Personas:
    """A number or rep has a queue of personas: the first with turns left is the one that reacts."""

    def __init__(self, clock: EmbeddedClock, journal: Journal, agenda: Agenda) -> None:
        self._clock = clock
        self._journal = journal
        self._agenda = agenda
        self._queues = {who: _PERSONAS.validate_python(value) for who, value in journal.read("persona").items()}
        self._reacted = set(journal.read("reacted"))

    def set(self, personas: Sequence[Persona]) -> None:
        """Replace the queues of the numbers and reps named. Unless told otherwise a person speaks once."""
        queues: dict[str, list[Persona]] = {}
        for persona in personas:
            talks = isinstance(persona, PhonePersona) and persona.kind in _SAYS
            once = persona.model_copy(update={"times": 1}) if talks and persona.times is None else persona
            queues.setdefault(_who(persona), []).append(once)
        for who, queue in queues.items():
            self._keep(who, queue)

    def clear(self) -> None:
        self._queues.clear()
        self._reacted.clear()

    def meets_text(self, phone: str) -> PhonePersona | None:
        """Who takes this text; spends one turn."""
        persona = self._first(phone)
        if not isinstance(persona, PhonePersona):
            return None
        self._spend(phone, persona)
        return persona

    def is_landline(self, phone: str) -> bool:
        return self._is(phone, "landline")

    def is_unroutable(self, phone: str) -> bool:
        """Whether texts to it are refused at once, rather than lost on the way."""
        return self._is(phone, "unroutable")

    def _is(self, phone: str, kind: str) -> bool:
        persona = self._first(phone)
        return isinstance(persona, PhonePersona) and persona.kind == kind

    def answer_text(self, persona: PhonePersona) -> None:
        if persona.kind not in _SAYS:
            return
        self._agenda.add(
            Reaction(
                key=f"SM{uuid.uuid4().hex}",
                due=self._clock.now() + timedelta(seconds=persona.after_seconds),
                phone=persona.phone,
                body=persona.body or _SAYS[persona.kind],
            )
        )

    def meet_message(self, buttons: Buttons) -> None:
        """A message appeared in Slack or was changed: let those who see it react."""
        self._agenda.wanted(lambda reaction: (reaction.action_id or "", reaction.value or "") in buttons.offers)
        for who in list(self._queues):
            persona = self._first(who, buttons.words)
            if not isinstance(persona, RepPersona):
                continue
            if who in buttons.seen_by and self._react(persona, _ANSWERS.get(persona.kind, "dispose"), buttons):
                continue
            if persona.claims and persona.kind != "ignores":
                self._react(persona, "claim", buttons)

    def then_dispose(self, reaction: Reaction) -> None:
        """After an accepted offer: the second half of accepts_then_disposes."""
        if reaction.then_after_seconds is None or reaction.value is None:
            return
        lead = reaction.value.rpartition(":")[0] or reaction.value
        self._agenda.add(
            Reaction(
                key=uuid.uuid4().hex,
                due=self._clock.now() + timedelta(seconds=reaction.then_after_seconds),
                rep=reaction.rep,
                action_id="dispose",
                value=f"{lead}:{reaction.then_code}",
            )
        )

    def _react(self, persona: RepPersona, action_id: str, buttons: Buttons) -> bool:
        value = buttons.value(action_id, f":{persona.code}" if action_id == "dispose" else "")
        mark = f"{persona.rep} {action_id} {value}"
        if value is None or mark in self._reacted:
            return False
        if persona.kind != "comes_back":
            self._reacted.add(mark)
            self._journal.put("reacted", mark, True)
        self._spend(persona.rep, persona)
        if persona.kind == "ignores":
            return True
        both = persona.kind == "accepts_then_disposes"
        self._agenda.add(
            Reaction(
                key=uuid.uuid4().hex,
                due=self._clock.now() + timedelta(seconds=persona.after_seconds),
                rep=persona.rep,
                action_id=action_id,
                value=value,
                then_after_seconds=persona.then_after_seconds if both else None,
                then_code=persona.code if both else None,
            )
        )
        return True

    def _first(self, who: str, words: str = "") -> Persona | None:
        return next((each for each in self._queues.get(who, []) if each.times != 0 and _concerns(each, words)), None)

    def _spend(self, who: str, persona: Persona) -> None:
        if persona.times is None:
            return
        queue = self._queues[who]
        place = queue.index(persona)
        spent = persona.model_copy(update={"times": persona.times - 1})
        self._keep(who, [*queue[:place], *([spent] if persona.times > 1 else []), *queue[place + 1 :]])

    def _keep(self, who: str, queue: list[Persona]) -> None:
        self._queues[who] = queue
        self._journal.put("persona", who, [each.model_dump(mode="json") for each in queue])


def _who(persona: Persona) -> str:
    return persona.phone if isinstance(persona, PhonePersona) else persona.rep


def _concerns(persona: Persona, words: str) -> bool:
    return not isinstance(persona, RepPersona) or persona.about is None or persona.about in words
