"""Capture: what comes from outside becomes a row, a person, an open lead and its first decision, in one transaction.

Runs in the API, not on a worker: the first triage needs nothing that waits (decision 0004).
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from activities import replied, strangers
from activities.policies import Policies
from domain.errors import Superseded, Unavailable
from domain.facts import PersonFacts
from domain.judge import Judge
from domain.messages import Delivery, InboundText, Inquiry, Person, RowRef, Signal
from domain.phones import Callers, Taken
from domain.ports import Captured, Captures, Ledger, PersonReader
from domain.replies import ReplyClassifier
from policy.model import CrmProperty
from policy.reply_rules import RULES
from policy.reply_signals import RuleClassifier

TRIES = 5
"""How often a judge is chosen again when policies are published one on another's heels."""


class Capture:
    """Puts triage into the Captures port. One tenant's."""

    classifiers: Mapping[str, ReplyClassifier] = MappingProxyType({RULES: RuleClassifier()})
    """Who can tell what a reply says, by the name that a policy chooses them by; another is put beside the rules."""

    def __init__(self, tenant: str, captures: Captures, ledger: Ledger, read: PersonReader, policies: Policies) -> None:
        self._tenant = tenant
        self._captures = captures
        self._ledger = ledger
        self._read = read
        self._policies = policies

    @property
    def handoff(self) -> Mapping[CrmProperty, tuple[str, ...]]:
        """Properties of a CRM contact, and the values of each that ask for a person."""
        return self._policies.current.policy.crm_handoff

    async def inquiry(self, inquiry: Inquiry) -> Captured:
        """A form, a CRM or an import says that somebody wants something."""
        clean = strangers.cleaned_inquiry(inquiry)
        person = self._read(clean.person)
        return await self._judged(lambda judge: self._captures.capture(self._tenant, clean, person, judge))

    async def signal(self, signal: Signal) -> Captured:
        """Behaviour of somebody (R6): joins their open lead, opens one where policy says so, or is kept."""
        clean = strangers.cleaned_signal(signal)
        person = self._read(clean.person)
        return await self._judged(lambda judge: self._captures.signal(self._tenant, clean, person, judge))

    async def text(self, text: InboundText, meaning: str) -> Captured:
        """A text from a person. A stop is in force when this returns, before anything else is sent."""
        person = self._read(Person(phone=text.sender))
        if meaning in replied.READ:
            chosen = self._policies.current.policy.replies.classifier
            found = await replied.told(text, meaning, chosen, self.classifiers)
            told = {"said": found.kind, "said_by": found.by, "said_score": found.score}
            text = text.model_copy(update=told)
        return await self._judged(lambda judge: self._captures.text(self._tenant, text, meaning, person, judge))

    async def answered(self, taken: Taken, callers: Callers) -> Captured:
        """A call to us that one of ours took."""
        person = self._read(Person(phone=taken.caller))
        return await self._judged(lambda judge: callers.answered(self._tenant, taken, person, judge))

    def person(self, phone: str | None) -> PersonFacts:
        """What a number alone says of whoever has it."""
        return self._read(Person(phone=phone))

    async def keep(self, channel: str, source_event_id: str, payload: str) -> str | None:
        """Keep a raw message to be read after the answer; None when it was kept before."""
        return await self._captures.keep(self._tenant, channel, source_event_id, payload)

    async def delivery(self, delivery: Delivery) -> tuple[str, RowRef | None, str | None]:
        """A vendor's word on a touch: settles the ledger; says which lead should hear of it, if any."""
        return await self._ledger.delivery(self._tenant, delivery)

    async def again(self, row_id: str) -> Captured:
        """Take a row that was left behind undecided."""
        return await self._judged(lambda judge: self._captures.recapture(row_id, self._read, judge))

    async def _judged(self, capture: Callable[[Judge], Awaitable[Captured]]) -> Captured:
        """By the policy that is active at that moment: where the transaction finds another, it is chosen again."""
        for _ in range(TRIES):
            try:
                return await capture(self._policies.judge)
            except Superseded:
                await self._policies.refresh()
        raise Unavailable("Policies are being published without pause; nothing was accepted. Try again.")
