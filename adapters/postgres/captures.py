"""The one capture transaction: inbox row, person, open lead and first decision, or nothing. It judges nothing itself.

What changes a tenant's open leads or rotation runs one after another (pool.transaction's turn); unique indexes are the
net below.
"""

from collections.abc import Awaitable, Callable

import asyncpg
import structlog

from adapters.postgres import entries, messages
from adapters.postgres.entries import Arrival
from adapters.postgres.inbox import SQL, PostgresInbox
from adapters.postgres.pool import LOST_RACE, TRIES, connection, transaction
from adapters.postgres.readable import refuse_unreadable, scrubbed
from adapters.postgres.rows import Entry, KeptRow, KeptText, KnownRow, Opening
from domain.errors import BadInput, BatonError, NotFound, Unavailable
from domain.facts import Locator, PersonFacts
from domain.judge import Judge
from domain.messages import Behaviour, InboundText, Inquiry, Person, Signal
from domain.ports import Captured
from domain.replies import ReplyKind

TO_TAKE = ("received", "undecided")
log = structlog.get_logger()


class LostRace(BatonError):
    """Somebody wrote this row between our read and our write; the transaction is made again."""


class PostgresCaptures(PostgresInbox):
    """The Captures port. Raises BadInput for text that can't be stored, Unavailable without PostgreSQL.

    `locate` finds the places of a person from all that they ever told; `enriches` says that a provider of companies'
    figures may be asked while a lead waits.
    """

    def __init__(self, pool: asyncpg.Pool, locate: Locator, enriches: bool = False) -> None:
        super().__init__(pool)
        self._locate = locate
        self._enriches = enriches

    async def capture(self, tenant: str, inquiry: Inquiry, person: PersonFacts, judge: Judge) -> Captured:
        """Captures an inquiry: it opens a lead, joins the person's open one, or was here before."""
        refuse_unreadable(inquiry)
        return await self._capture(messages.of_inquiry(tenant, inquiry, person, judge), inquiry)

    async def signal(self, tenant: str, signal: Signal, person: PersonFacts, judge: Judge) -> Captured:
        """Keeps behaviour and tells the person's open lead; where there is none, it may open one (judge.opens)."""
        refuse_unreadable(signal)
        return await self._signal(messages.of_signal(tenant, signal, person, judge), signal)

    async def text(self, tenant: str, text: InboundText, meaning: str, person: PersonFacts, judge: Judge) -> Captured:
        """Takes a person's text: `meaning` is replies.meaning_of's. A stop holds for all not yet being sent."""
        kept = KeptText(text=text.model_copy(update={"body": scrubbed(text.body)}), meaning=meaning)
        return await self._text(messages.of_text(tenant, kept, person, judge), kept)

    async def recapture(self, row_id: str, read: Callable[[Person], PersonFacts], judge: Judge) -> Captured:
        """Takes a row again that was left undecided or put back. Status duplicate when somebody else has done so."""
        async with connection(self._pool) as session:
            found = await session.fetchval(SQL["row"], row_id)
        if found is None:
            raise NotFound(f"There is no inbox row {row_id}.")
        row = KeptRow.model_validate_json(found)
        if row.channel == "sms":
            kept = KeptText.model_validate(row.payload)
            person = read(Person(phone=kept.text.sender))
            return await self._text(messages.of_text(row.tenant, kept, person, judge, again=True), kept)
        if row.channel == "signal":
            signal = Signal.model_validate(row.payload)
            return await self._signal(
                messages.of_signal(row.tenant, signal, read(signal.person), judge, again=True), signal
            )
        inquiry = Inquiry.model_validate(row.payload)
        return await self._capture(
            messages.of_inquiry(row.tenant, inquiry, read(inquiry.person), judge, again=True), inquiry
        )

    async def _capture(self, arrival: Arrival, inquiry: Inquiry) -> Captured:
        async def work(session: asyncpg.Connection, opening: Opening) -> Captured:
            person = entries.person_row(opening, arrival, self._locate, inquiry.model_extra)
            ref = messages.ref(opening, "joined", source=inquiry.source, strong=True) if opening.lead else None
            plain = entries.entry(opening, arrival, person, ref).model_copy(
                update={"consents": entries.consents(inquiry), "behaviours": entries.behaviours(inquiry, opening.now)}
            )
            if ref is not None:
                captured = await tell(session, opening, plain)
            else:
                captured = await start(session, opening, plain, inquiry, arrival.judge)
            await _rouse(session, opening, arrival, plain, inquiry)
            return captured

        return await self._in_turn(arrival, work)

    async def _signal(self, arrival: Arrival, signal: Signal) -> Captured:
        async def work(session: asyncpg.Connection, opening: Opening) -> Captured:
            seen, ref, source = entries.seen(signal, opening.now), None, None
            if opening.lead:
                strong = arrival.judge.is_strong(seen, opening.signals, opening.now)
                ref = messages.ref(opening, "behaviour", source=signal.kind, strong=strong)
            else:
                source = arrival.judge.opens(seen, opening.now)
            plain = entries.entry(opening, arrival, entries.person_row(opening, arrival, self._locate), ref)
            did = Behaviour(kind=signal.kind, page=signal.page, at=signal.at or opening.now)
            plain = plain.model_copy(update={"behaviours": (did,)})
            asked = entries.asked_by(signal, source or signal.kind)
            if source is None:
                captured = await tell(session, opening, plain)
            else:
                captured = await start(session, opening, plain, asked, arrival.judge)
            await _rouse(session, opening, arrival, plain, asked)
            return captured

        return await self._in_turn(arrival, work)

    async def _text(self, arrival: Arrival, kept: KeptText) -> Captured:
        async def work(session: asyncpg.Connection, opening: Opening) -> Captured:
            meaning = arrival.judge.understood(kept.meaning, opening.history.opted_out)
            answers = meaning in ("reply", "help")
            said = kept.text.said if answers else None
            kind = "reply" if answers else "opted_out"
            ref = messages.ref(opening, kind, said=said) if opening.lead and meaning != "start" else None
            plain = entries.entry(opening, arrival, entries.person_row(opening, arrival, self._locate), ref)
            is_persons = arrival.phone is not None and said is not ReplyKind.OUT_OF_OFFICE  # a short code is nobody's
            if answers and ref is None and is_persons:
                captured = await start(session, opening, plain, messages.texted(arrival), arrival.judge)
            else:
                captured = await tell(session, opening, plain)
            await _heed(session, plain, kept.model_copy(update={"meaning": meaning}), captured.lead_id)
            return captured

        return await self._in_turn(arrival, work)

    async def _in_turn(
        self, arrival: Arrival, work: Callable[[asyncpg.Connection, Opening], Awaitable[Captured]]
    ) -> Captured:
        """Reads, lets `work` write, all in the tenant's turn; again when a race was lost, since judging is pure."""
        for _ in range(TRIES):
            try:
                async with transaction(self._pool, turn=f"capture:{arrival.tenant}") as session:
                    opening = entries.by_active_policy(await _open(session, arrival, self._enriches), arrival)
                    if opening.row is None or (arrival.again and opening.row.state in TO_TAKE):
                        return await work(session, opening)
                    return _duplicate(opening.row)
            except (*LOST_RACE, LostRace) as error:
                log.info("capture_lost_race", error=type(error).__name__)
        raise Unavailable("Too many messages of one person at once; nothing was accepted. Try again.")


def _duplicate(row: KnownRow) -> Captured:
    """What an event that was here before is told. Raises BadInput if it was somebody else's: nothing is lost unseen."""
    if row.is_anothers:
        log.warning("event_id_used_twice", row_id=row.row_id)
        problem = ("source_event_id", "was used before for another person; give each message an id of its own")
        raise BadInput("The event id belongs to another person's message; nothing was accepted.", (problem,))
    return Captured(row_id=row.row_id, status="duplicate", lead_id=row.lead_id, first_motion=row.first_motion)


async def start(
    session: asyncpg.Connection, opening: Opening, plain: Entry, inquiry: Inquiry, judge: Judge
) -> Captured:
    """Opens a lead: the decision is made here, inside the transaction."""
    known = entries.facts(opening, plain.person, inquiry, plain.tenant)
    try:
        judgement = judge.triage(known, opening.opening, f"{opening.lead_id}:1:triage:0")
    except Exception as error:  # noqa: BLE001 - a fault in judging must not lose the message, whatever it is
        return await _leave_undecided(session, plain, type(error).__name__)
    full = entries.opened(opening, plain, known, judgement)
    await _write(session, full)
    return Captured(
        row_id=opening.row_id,
        status="started",
        lead_id=opening.lead_id,
        lead=full.leads[0].state,
        ref=full.row.ref,
        first_motion=judgement.decision.motion,
    )


async def _open(session: asyncpg.Connection, arrival: Arrival, enriches: bool) -> Opening:
    person, event = arrival.person, (arrival.tenant, arrival.channel, arrival.source_event_id)
    found = await session.fetchval(SQL["open"], *event, arrival.phone, person.email, person.company_domain)
    opening = Opening.model_validate_json(found)
    same = {"row_id": opening.row.row_id} if opening.row else {}
    return opening.model_copy(update={**same, "enriches": enriches and not opening.sandbox})


async def _rouse(
    session: asyncpg.Connection, opening: Opening, arrival: Arrival, plain: Entry, inquiry: Inquiry
) -> None:
    """Tells the colleagues' open leads when it is this message that makes the people of a company a buying group."""
    domain = plain.person.facts.company_domain
    if domain is None or not opening.colleagues:
        return
    known = entries.facts(opening, plain.person, inquiry, arrival.tenant)
    try:
        makes_group = arrival.judge.makes_group(known, opening.signals, opening.now)
    except Exception as error:  # noqa: BLE001 - nobody's message may be lost since the others' leads weren't judged
        log.error("capture_rouses_nobody", row_id=opening.row_id, error=type(error).__name__)
        return
    if makes_group:
        await session.execute(SQL["rouse"], arrival.tenant, domain, plain.person.person_id, opening.row_id)


async def _write(session: asyncpg.Connection, entry: Entry) -> None:
    if await session.fetchval(SQL["write"], entry.model_dump_json()) is None:
        raise LostRace("the inbox row was taken")


async def tell(session: asyncpg.Connection, opening: Opening, plain: Entry) -> Captured:
    """Writes a message for the person's open lead, or just keeps it when nobody is to be told."""
    await _write(session, plain)
    ref = plain.row.ref
    if ref is None or opening.lead is None:
        return Captured(row_id=plain.row.row_id, status="kept")
    return Captured(row_id=ref.row_id, status="joined", lead_id=opening.lead.lead_id, lead=opening.lead, ref=ref)


async def _leave_undecided(session: asyncpg.Connection, plain: Entry, because: str) -> Captured:
    row = plain.row
    log.error("capture_undecided", row_id=row.row_id, error=because)
    stored = await session.fetchval(
        SQL["keep_undecided"],
        row.row_id, plain.tenant, row.channel, row.source_event_id, row.at, row.payload.model_dump_json(), because,
    )  # fmt: skip
    if stored is None:
        raise LostRace("the inbox row was taken")
    return Captured(row_id=row.row_id, status="undecided")


async def _heed(session: asyncpg.Connection, plain: Entry, kept: KeptText, lead_id: str | None) -> None:
    """What a text changes besides telling the lead. The person's row is held: a send that begins waits, or is over."""
    person_id, now = plain.person.person_id, plain.row.at
    sender = plain.person.facts.phone or scrubbed(kept.text.sender)
    if kept.meaning != "start" and kept.text.said is not ReplyKind.OUT_OF_OFFICE:
        because = "opted_out" if kept.meaning == "stop" else "replied"
        await session.execute(SQL["call_off"], plain.tenant, person_id, because)
    if kept.meaning == "stop":
        await session.execute(SQL["opt_out"], plain.tenant, person_id, sender, plain.row.row_id, now)
    elif kept.meaning == "start":
        await session.execute(SQL["restore"], plain.tenant, person_id, sender, now)
        await session.execute(SQL["restore_texts"], plain.tenant, person_id, sender, now)
    elif kept.text.said is not ReplyKind.OUT_OF_OFFICE:  # a machine's answer is no contact (N1)
        await session.execute(SQL["reply"], plain.tenant, person_id, kept.text.body, now, lead_id)
