"""The lines a tenant texts and calls by: which of its numbers a touch goes from, and when it is a text's turn there
(decision 0027).

By the active policy's `numbers`, whatever policy the lead follows; without them by the one number of the settings.
"""

import asyncio
from datetime import timedelta

from activities.delivery import heartbeats
from activities.policies import Policies
from domain.facts import Facts
from domain.ledger import Intent
from domain.orders import Touched
from domain.ports import Dossier
from domain.senders import Asking, Known, Senders, Turn
from domain.values import Channel, Purpose
from policy import senders, texts
from policy.loaded import LoadedPolicy
from policy.numbers import Numbers

NEAR = timedelta(seconds=5)
"""A turn this near is waited for here; a later one on the lead's agenda, from where it comes back `EARLY`."""

EARLY = timedelta(seconds=2)
UNPROMISED = int(timedelta(days=3660).total_seconds())
PACE, DAY = "numbers/per_second", "numbers/daily_cap"
"""Rules by which a text is held."""


class Lines:
    """One process's. `own` is the number of the settings; without `store` there is no other."""

    def __init__(self, store: Senders | None, policies: Policies, own: str) -> None:
        self._store = store
        self._policies = policies
        self._own = own

    @property
    def _numbers(self) -> Numbers | None:
        return self._policies.current.policy.numbers if self._store is not None else None

    def is_ours(self, number: str) -> bool:
        """Whether a text to this number would be one to ourselves."""
        numbers = self._numbers
        return number == self._own or (numbers is not None and senders.is_ours(numbers, number))

    async def sent_from(self, intent: Intent, dossier: Dossier) -> Intent:
        """The intent with the number it goes from, which every later attempt keeps while that number is ours."""
        numbers = self._numbers
        if numbers is None or self._store is None:
            return intent.model_copy(update={"sender": self._own})
        known = await self._known(self._store, intent, dossier)
        chosen = senders.for_text(numbers, dossier.facts, known, _full(numbers, known))
        # Where all have sent what they may, the turn says until when.
        chosen = chosen or senders.for_text(numbers, dossier.facts, known)
        found = (chosen.number, chosen.service) if chosen else (self._own, None)
        return intent.model_copy(update=dict(zip(("sender", "service"), found, strict=True)))

    async def called_from(self, intent: Intent, dossier: Dossier) -> Intent:
        """The call to the person with its caller id, which every later attempt keeps while that number is ours."""
        numbers = self._numbers
        if numbers is None or self._store is None:
            return intent.model_copy(update={"sender": self._own})
        known = await self._known(self._store, intent, dossier)
        chosen = senders.for_call(numbers, dossier.facts, known)
        return intent.model_copy(update={"sender": chosen.number if chosen else self._own})

    async def _known(self, store: Senders, intent: Intent, dossier: Dossier) -> Known:
        phone = dossier.facts.person.phone
        known = await store.known(intent.tenant, intent.person_id, phone, self._zone, intent.touch_id)
        before = dossier.prior.intent.sender if dossier.prior is not None else None
        return known.model_copy(update={"waits_at": before or known.waits_at})

    async def why_wait(self, intent: Intent, facts: Facts, policy: LoadedPolicy) -> Touched | None:
        """None when it is the text's turn, and that turn is spent; else `held` until it is."""
        numbers = self._numbers
        if numbers is None or self._store is None:
            return None
        asking = self._asking(intent, facts, policy, numbers)
        if asking.per_second is None and asking.per_day is None and asking.all_per_day is None:
            return None
        async with heartbeats():
            while True:
                turn = await self._store.take(asking)
                if turn.granted:
                    return None
                if turn.full or turn.wait > NEAR:
                    return _held(intent, turn)
                await asyncio.sleep(turn.wait.total_seconds())

    @property
    def _zone(self) -> str:
        policy = self._policies.current.policy
        return (policy.numbers.day_zone if policy.numbers else None) or policy.business.zone

    def _asking(self, intent: Intent, facts: Facts, policy: LoadedPolicy, numbers: Numbers) -> Asking:
        target = policy.policy.speeds.first_automation.of(facts.source)
        answers = intent.purpose is Purpose.RESPONSIVE
        # What has missed its moment already, or comes later in a lead's life, can't be seen coming.
        left = None if target is None or not answers else target - (intent.lead_now - facts.received_at)
        sender = numbers.sender(intent.sender)
        return Asking(
            tenant=intent.tenant,
            touch_id=intent.touch_id,
            sender=intent.sender or intent.service or "",
            segments=texts.segments(intent.body),
            rank=_rank(target if answers else None, answers),
            zone=self._zone,
            per_second=numbers.pace(intent.sender),
            per_day=sender.per_day if sender is not None else None,
            all_per_day=numbers.per_day,
            target=target,
            promised=left if left is not None and left > timedelta(0) else None,
        )


def _rank(target: timedelta | None, answers: bool) -> int:
    """What was promised sooner goes first, then other answers, then what is of our own initiative."""
    return int(target.total_seconds()) if target is not None else UNPROMISED if answers else UNPROMISED + 1


def _full(numbers: Numbers, known: Known) -> frozenset[str]:
    """Numbers that have sent what they may today."""
    spent = ((each.number, each.per_day, known.today.get(each.number, 0)) for each in numbers.senders)
    return frozenset(number for number, most, sent in spent if most is not None and sent >= most)


def _held(intent: Intent, turn: Turn) -> Touched:
    wait = turn.wait if turn.full else turn.wait - EARLY
    return Touched(
        result="held",
        at=intent.lead_now,
        channel=Channel.SMS,
        because=DAY if turn.full else PACE,
        retry_at=intent.lead_now + wait,
    )
