"""The lead's book: the one mutable thing of a lead's workflow. Facts go in by record(); whoever waits sees
`stirred`."""

import asyncio
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain import events as e
    from domain import transitions
    from domain.decisions import Began, Decision, DecisionKind, Followup, Item
    from domain.lead import Lead
    from domain.messages import Answer, RowRef, key_of
    from domain.replies import ReplyKind
    from domain.values import Action, Code, Stage
    from workflows import effects, waiting

WRITE_WITHIN = timedelta(seconds=1)
"""So far behind the read model may be while effects are under way: what they come to is written down with what set them
going, and a touch to a person needn't wait for the record of it."""


class About(TypedDict, total=False):
    """What a question is about besides the lead: a reason code, why work began, a piece of news, what a reply says."""

    code: Code | None
    began: Began
    news: RowRef
    said: ReplyKind | None
    item: Item


class Book:
    """Holds the lead between turns. Handlers record facts and return; run does the work."""

    def __init__(self, lead: Lead) -> None:
        self.lead = lead
        self.stirred = False
        self.write_by: datetime | None = None

    @property
    def now(self) -> datetime:
        """The lead's own clock."""
        return waiting.now(self.lead)

    def record(self, fact: e.AnyFact) -> None:
        """Fold a fact into the lead; an SLA that was missed before it is said first."""
        self.notice_lateness(fact.at)
        self._fold(fact)

    def notice_lateness(self, now: datetime) -> None:
        """Say it, once, when the SLA has been missed by `now`."""
        if self.lead.is_late(now):
            self._fold(e.SlaMissed(at=now))

    def _fold(self, fact: e.AnyFact) -> None:
        self.lead = transitions.apply(self.lead, fact)
        self.stirred = True
        self.write_by = self.write_by or self.now + WRITE_WITHIN

    @property
    def is_to_be_written(self) -> bool:
        """Whether the read model has been behind for as long as it may be."""
        return self.write_by is not None and self.write_by <= self.now

    def take(self, message_id: str) -> bool:
        """Whether this message is new; if so, it is remembered, across continue-as-new too."""
        if self.lead.has_seen(message_id):
            return False
        self.lead = transitions.remember(self.lead, message_id)
        return True

    def take_update(self) -> bool:
        """Whether the update being handled is new; ids are remembered across continue-as-new."""
        info = workflow.current_update_info()
        return info is None or self.take(f"update:{info.id}")

    def refuse(self, why: str | None) -> None:
        """Reject the update being validated, unless it is a repeat of one already taken. Leaves no trace in history."""
        info = workflow.current_update_info()
        update_id = f"update:{info.id}" if info is not None else ""
        if self.lead.has_seen(update_id):
            return
        key = key_of(update_id)
        if key and any(key_of(seen) == key for seen in self.lead.seen):
            why = "This key has already carried another message to this lead; send this one with a key of its own."
        if why is not None:
            raise ApplicationError(why, type="Refused", non_retryable=True)

    def answer(self, said: str) -> Answer:
        """What the sender of an update is told."""
        return Answer(lead_id=self.lead.lead_id, stage=self.lead.stage, owner=self.lead.owner, said=said)

    def hear(self, row: RowRef) -> None:
        """Record the fact an inbox row tells of."""
        now = self.now
        if row.kind == "reply" and row.said is ReplyKind.OUT_OF_OFFICE:
            self.record(e.AutoReplied(at=now, row_id=row.row_id))
        elif row.kind == "reply":
            # never before the moment the database keeps: texts to come are held back by newer replies only
            self.record(e.Replied(at=max(now, row.at), row_id=row.row_id, said=row.said))
        elif row.kind == "opted_out":
            self.record(e.OptedOut(at=now, row_id=row.row_id))
        elif row.kind in _TELLS:
            self.record(_became(row, now))
        elif row.kind in ("joined", "behaviour", "account"):
            self.record(e.Joined(at=now, row_id=row.row_id, source=row.source, strong=row.strong))
            if row.strong and (row.kind == "joined" or self.lead.wakes_on_behaviour):
                self.lead = transitions.noted(self.lead, row)
        elif row.kind != "inquiry":  # that is the row which opened the lead
            self.record(e.DeadLetter(at=now, name="inbox", because="not a kind of row this lead knows"))

    async def begin_work(self) -> None:
        """Somebody is on it, or nobody else will be asked: policy says what is owed from now on."""
        began = _began(self.lead)
        self.record(e.WorkStarted(at=self.now, began=began))
        await self.ask(DecisionKind.WORK, began=began)

    async def ask(self, kind: DecisionKind, **about: Unpack[About]) -> Decision:
        """Put a question to policy and record the answer."""
        self.lead = transitions.asked(self.lead)
        lead, as_of = self.lead, self.now
        decision_id = f"{lead.lead_id}:{lead.cycle}:{kind}:{lead.asked}"
        followup = None if kind is DecisionKind.TRIAGE else self._followup(kind, decision_id, about)
        decision = await effects.decide(lead, followup, decision_id, as_of)
        news, code = about.get("news"), about.get("code")
        row_id = news.row_id if news else None
        self.record(e.Decided(at=as_of, decision=decision, cycle=lead.cycle, code=code, row_id=row_id))
        return decision

    def _followup(self, kind: DecisionKind, decision_id: str, about: About) -> Followup:
        lead, news, item = self.lead, about.get("news"), about.get("item")
        plan = lead.plan if not lead.is_resting else None  # at rest nothing is under way
        return Followup(
            kind=kind,
            decision_id=decision_id,
            cycle=lead.cycle,
            owner=lead.owner,
            accepted=lead.accepted_at is not None,
            route=plan.route if plan else None,
            motion=plan.motion if plan else None,
            tried=lead.tried,
            hop=lead.hop,
            code=about.get("code"),
            began=about.get("began"),
            said=about.get("said"),
            escalated=lead.escalated_at is not None,
            passed=any(item.key == f"{lead.cycle}:declined-{lead.offer}" for item in lead.agenda),
            news_source=news.source if news else None,
            purpose=item.purpose if item else None,
            cue=(item.cue or (plan.cue if plan else None)) if item else None,
            whisper=bool(item.cue or (plan.whisper if plan else False)) if item else False,
            since=(lead.replied_at if kind is DecisionKind.REPLY else None) or self.now,
        )

    async def learn(self) -> bool:
        """Wait for figures of the company as long as the decision of the capture allows; whether any came. News of the
        person ends the wait."""
        captured, now = self.lead.captured, self.now
        if captured is None or captured.enrich_by is None or captured.enrich_by <= now:
            return False
        asked = asyncio.create_task(effects.enrich(self.lead, captured.enrich_by, now))
        await workflow.wait_condition(lambda: asked.done() or self._has_moved_on)
        if asked.done():
            return asked.result()
        asked.cancel()
        return False

    @property
    def _has_moved_on(self) -> bool:
        return bool(self.lead.news) or self.lead.replied_at is not None or not self.lead.is_under_way

    async def hear_news(self) -> None:
        """Ask policy about the oldest piece of news: go on, or start over."""
        await self.ask(DecisionKind.NEWS, news=self.lead.news[0])

    async def adopt(self) -> None:
        """Ask the policy that the lead is to follow from now on what is left of its plan, and record the answer."""
        self.lead = transitions.asked(self.lead)
        lead, as_of = self.lead, self.now
        decision_id = f"{lead.lead_id}:{lead.cycle}:{DecisionKind.ADOPT}:{lead.asked}"
        decision = await effects.adopt(lead, decision_id, as_of)
        self.record(e.Decided(at=as_of, decision=decision, cycle=lead.cycle, adopts=lead.adopting))

    async def write_down(self) -> None:
        """Bring the read model up to date with everything recorded so far."""
        self.write_by = None
        if not self.lead.unwritten:
            return
        written = self.lead.seq
        await effects.write(self.lead, self.now)
        self.lead = transitions.written(self.lead, written)


_TELLS = ("undelivered", "settled", "recording", "answered", "talked", "voicemail", "transcribed")


def _became(row: RowRef, now: datetime) -> e.AnyFact:
    """What is heard of a touch, or of a call, after it was made; and of a call to us."""
    if row.kind == "recording":
        return e.CallRecorded(at=now, row_id=row.row_id, call_id=row.source or "")
    if row.kind == "undelivered":
        return e.Undelivered(at=now, row_id=row.row_id)
    if row.kind == "settled":
        return e.Settled(at=now, row_id=row.row_id, result=row.source or "failed", again=row.again)
    if row.kind in ("voicemail", "transcribed"):
        return e.VoicemailLeft(at=now, row_id=row.row_id, written=row.kind == "transcribed")
    if row.kind == "answered" and row.rep is not None:
        return e.Accepted(at=now, rep=row.rep, by_phone=True)
    call = Item(key=f"to-us-{row.row_id}", at=now, action=Action.CALL)
    talk = row.talk or timedelta(0)
    return e.Called(at=now, item=call, result="connected", rep=row.rep, talk=talk, contact=row.contact, to_us=True)


def _began(lead: Lead) -> Began:
    if lead.contacted_at is not None:
        return Began.CONTACT
    # only waking makes a lead one that is worked before its work began
    return Began.ACCEPTED if lead.stage is Stage.WORKING else Began.LADDER_OVER
