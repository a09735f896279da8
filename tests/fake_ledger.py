"""The touch ledger in memory, held to the same suite as the real one (tests/contracts/test_ledger.py)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from domain.decisions import Decision
from domain.errors import NotFound
from domain.facts import Facts, PastTouch
from domain.ledger import Claim, Intent
from domain.messages import Delivery, RowRef
from domain.orders import TouchState
from domain.ports import Dossier
from domain.replies import Written

UPWARDS = ("planned", "claimed", "sending", "unknown", "sent", "failed", "delivered", "cancelled")
RANK = {TouchState(state): number for number, state in enumerate(UPWARDS)}
NEVER_LEFT = (TouchState.PLANNED, TouchState.CLAIMED)
ON_ITS_WAY = (TouchState.SENDING, TouchState.UNKNOWN)


@dataclass
class Row:
    """A touch in the fake ledger."""

    intent: Intent
    claimer: str
    state: TouchState = TouchState.CLAIMED
    vendor_id: str | None = None
    error: str | None = None
    since: datetime | None = None
    deadline: timedelta = timedelta(0)
    listings: int = 0

    @property
    def may_have_left(self) -> bool:
        return self.state in (*ON_ITS_WAY, TouchState.SENT, TouchState.DELIVERED) or (
            self.state is TouchState.FAILED and self.vendor_id is not None
        )

    def move(self, state: TouchState, vendor_id: str | None, error: str | None) -> bool:
        """Upwards only; whether it moved."""
        if RANK[state] <= RANK[self.state]:
            return False
        self.state, self.vendor_id, self.error = state, self.vendor_id or vendor_id, error or self.error
        return True

    def back(self, claimer: str) -> None:
        """Not on its way any more."""
        self.state, self.claimer, self.since, self.listings = TouchState.CLAIMED, claimer, None, 0

    def claim(self, fresh: bool) -> Claim:
        return Claim(
            touch_id=self.intent.touch_id,
            state=self.state,
            fresh=fresh,
            intent=self.intent,
            vendor_id=self.vendor_id,
            error=self.error,
            sending_since=self.since,
            listings=self.listings,
        )


@dataclass
class FakeLedger:
    """domain.ports.Ledger in memory. `people` are the facts of each lead; `now` is the database's own clock."""

    people: dict[str, Facts] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    opted_out: dict[str, bool] = field(default_factory=dict)
    last_reply: dict[str, datetime] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)  # what people wrote, by inbox row
    thread: dict[str, str] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    grace: timedelta = timedelta(seconds=30)
    stopped: bool = False  # the tenant's kill switch
    sandbox: bool = False
    textless: dict[str, str] = field(default_factory=dict)  # the vendor's code, by number
    name: str | None = "Dana Ortiz"
    referrer: str | None = None

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def dossier(self, tenant: str, lead_id: str, now: datetime, key: str) -> Dossier:
        facts = self.facts(lead_id, key)
        prior = next((row.claim(False) for row in self.rows.values() if row.intent.key == key), None)
        return Dossier(
            facts=facts,
            person_id=facts.person.person_id,
            name=self.name,
            referrer=self.referrer,
            last_reply_at=self.last_reply.get(lead_id),
            prior=prior,
            decision=self.decisions.get(lead_id),
            chat_thread=self.thread.get(lead_id),
        )

    def facts(self, lead_id: str, without: str = "") -> Facts:
        """The lead's facts, with what was or may have been sent to the person, save the touch of key `without`."""
        facts = self.people[lead_id]
        who = facts.person.person_id
        made = tuple(
            PastTouch.model_validate(row.intent.model_dump() | {"at": row.intent.lead_now})
            for row in self.rows.values()
            if (row.intent.person_id, row.may_have_left) == (who, True)
            and row.intent.purpose != "internal"
            and row.intent.key != without
        )
        history = {
            "opted_out": self.opted_out.get(who, False),
            "touches": (*facts.history.touches, *made),
            "takes_no_texts": self.textless.get(facts.person.phone or ""),
        }
        return facts.model_copy(
            update={
                "kill_switch": self.stopped,
                "sandbox": self.sandbox,
                "history": facts.history.model_copy(update=history),
            }
        )

    async def claim(self, intent: Intent, claimer: str) -> Claim:
        row = self.rows.get(intent.touch_id)
        if row is None:
            self.rows[intent.touch_id] = row = Row(intent, claimer)
        elif row.state not in NEVER_LEFT or is_older_attempt(claimer, row.claimer):
            return row.claim(False)
        row.intent, row.state, row.claimer = intent, TouchState.CLAIMED, claimer
        return row.claim(True)

    async def begin(self, touch_id: str, claimer: str, deadline: timedelta, counted: int | None = None) -> str | None:
        row = self.row(touch_id)
        if row.state is TouchState.CANCELLED:
            return row.error if row.error in {"opted_out", "replied"} else "cancelled"
        if row.claimer != claimer or row.state is not TouchState.CLAIMED:
            return "fenced"
        if self.sandbox:
            row.state, row.error = TouchState.CANCELLED, "sandbox"
            return "sandbox"
        if row.intent.purpose != "internal" and self.stopped:
            return "kill_switch"
        if row.intent.purpose != "internal" and counted is not None and counted != self._made(row.intent):
            return "another_touch"
        if row.intent.purpose != "internal" and self.opted_out.get(row.intent.person_id):
            row.state, row.error = TouchState.CANCELLED, "opted_out"
            return "opted_out"
        if (reply := self.last_reply.get(row.intent.lead_id)) and row.intent.heard and reply > row.intent.heard:
            row.state, row.error = TouchState.CANCELLED, "replied"
            return "replied"
        row.state, row.since, row.deadline, row.listings = TouchState.SENDING, self.now, deadline, 0
        return None

    async def release(self, touch_id: str, claimer: str, error: str | None = None) -> None:
        row = self.row(touch_id)
        if row.claimer == claimer and row.state in ON_ITS_WAY and row.vendor_id is None:
            row.back(claimer)
            row.error = error or row.error

    async def settle(self, touch_id: str, state: str, vendor_id: str | None, error: str | None) -> None:
        row = self.rows.get(touch_id)  # of a touch that isn't there nothing is written, as in the database
        if row is not None and (state != TouchState.UNKNOWN or row.state is TouchState.SENDING):
            row.move(TouchState(state), vendor_id, error)

    async def unsubscribed(self, touch_id: str, error: str) -> None:
        row = self.row(touch_id)
        row.move(TouchState.FAILED, None, error)
        self.opted_out[row.intent.person_id] = True

    async def takes_no_texts(self, touch_id: str, error: str) -> None:
        row = self.row(touch_id)
        row.move(TouchState.FAILED, None, error)
        if row.intent.channel == "sms":
            self.textless[row.intent.recipient] = error

    async def current(self, touch_id: str) -> Claim:
        return self.row(touch_id).claim(False)

    async def words(self, tenant: str, row_id: str) -> Written | None:
        return Written(body=self.written[row_id]) if row_id in self.written else None

    async def missed(self, touch_id: str) -> int:
        row = self.row(touch_id)
        if row.since is not None and row.state in ON_ITS_WAY and self.now >= row.since + row.deadline + self.grace:
            row.listings += 1
        return row.listings

    async def reopen(self, touch_id: str, claimer: str) -> bool:
        row = self.row(touch_id)
        if row.listings < 2 or row.state not in ON_ITS_WAY:
            return False
        row.back(claimer)
        return True

    async def untaken(self, touch_id: str, vendor_ids: tuple[str, ...]) -> str | None:
        taken = {row.vendor_id for other, row in self.rows.items() if other != touch_id}
        return next((vendor_id for vendor_id in vendor_ids if vendor_id not in taken), None)

    async def refuse(self, intent: Intent, because: str) -> None:
        row = self.rows.setdefault(intent.touch_id, Row(intent, ""))
        if row.state in NEVER_LEFT:
            row.state, row.error = TouchState.CANCELLED, because

    async def delivery(self, tenant: str, delivery: Delivery) -> tuple[str, RowRef | None, str | None]:
        row = self._matched(tenant, delivery)
        if row is None:
            return "unmatched", None, None
        known = row.vendor_id in {None, delivery.vendor_id}
        if known and not row.intent.sender and delivery.sender:
            row.intent = row.intent.model_copy(update={"sender": delivery.sender})
        moved = known and row.move(TouchState(delivery.status), delivery.vendor_id, delivery.error)
        if not moved or delivery.status != "failed" or row.intent.purpose == "internal":
            return str(row.state), None, None
        if delivery.opted_out:
            self.opted_out[row.intent.person_id] = True
        if delivery.takes_no_texts:
            self.textless[row.intent.recipient] = delivery.error or ""
        return str(row.state), self._told(row.intent, delivery.opted_out), row.intent.lead_id

    def _made(self, intent: Intent) -> int:
        """How many other touches the person has had."""
        return len(self.facts(intent.lead_id, intent.key).history.touches)

    def row(self, touch_id: str) -> Row:
        """Raises NotFound."""
        if touch_id not in self.rows:
            raise NotFound(f"There is no touch {touch_id}.")
        return self.rows[touch_id]

    def _matched(self, tenant: str, delivery: Delivery) -> Row | None:
        """By touch id, else by the vendor's."""
        rows = [row for row in self.rows.values() if row.intent.tenant == tenant]
        by_touch = [row for row in rows if row.intent.touch_id == delivery.touch_id]
        return next(iter([*by_touch, *(row for row in rows if row.vendor_id == delivery.vendor_id)]), None)

    def _told(self, intent: Intent, opted_out: bool) -> RowRef:
        kind = "opted_out" if opted_out else "undelivered"
        return RowRef(row_id=f"{intent.touch_id}:{kind}", kind=kind, at=intent.lead_now)


def is_older_attempt(claimer: str, than: str) -> bool:
    """Of one activity: claimers are "<activity>:<attempt>"."""
    (mine, _, number), (theirs, _, other) = claimer.rpartition(":"), than.rpartition(":")
    return mine == theirs and number.isdigit() and other.isdigit() and int(number) < int(other)
