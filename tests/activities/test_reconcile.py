"""The nightly comparison, page by page: what it settles, what it only tells; done again it changes nothing."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from temporalio.testing import ActivityEnvironment

from activities.policies import Policies
from activities.reconcile import Outside, Reconcile, compose
from domain.errors import Ambiguous
from domain.orders import TouchState
from domain.reconciling import Part, Sweep, VendorMessage
from domain.switches import Name, Throw
from domain.values import Channel
from tests.activities.stage import INTENT
from tests.fake_books import FakeBooks, FakeStatement
from tests.fake_ledger import FakeLedger, Row
from tests.fakes import FakeChat, FakeSms
from tests.policy import cases
from tests.published import FakePolicies, FakeSwitches

NOW = datetime.now(UTC)
AN_HOUR_AGO = NOW - timedelta(hours=1)


@dataclass
class Night:
    """A ledger, a vendor, and one reconciliation."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    sms: FakeSms = field(default_factory=FakeSms)
    chat: FakeChat = field(default_factory=FakeChat)
    statement: FakeStatement = field(default_factory=FakeStatement)
    switches: FakeSwitches = field(default_factory=FakeSwitches)

    def __post_init__(self) -> None:
        self.books = FakeBooks(self.ledger)

    def touch(self, name: str, state: TouchState, vendor_id: str | None = None) -> Row:
        intent = INTENT.model_copy(update={"touch_id": name, "key": name})
        row = Row(intent, "a", state=state, vendor_id=vendor_id, since=AN_HOUR_AGO)
        self.ledger.rows[name] = row
        return row

    async def step(self, sweep: Sweep, attempt: int = 1) -> Sweep:
        outside = Outside((self.statement,), self.chat, Policies(cases.default(), FakePolicies()), self.switches)
        activity = Reconcile(self.books, self.ledger, {Channel.SMS: self.sms}, outside)
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, started_time=NOW, attempt=attempt, scheduled_time=NOW)
        done: Sweep = await environment.run(activity.step, sweep)
        return done

    async def whole(self, killed: bool = False) -> Sweep:
        """A run to its end; `killed`: after each page, before anybody heard of it, so that each is done twice."""
        sweep = Sweep(tenant="main")
        while not sweep.is_over:
            if killed:
                await self.step(sweep)
            sweep = await self.step(sweep, 2 if killed else 1)
        return sweep


def said(vendor_id: str, status: str, price: str | None = "0.0083", **more: object) -> VendorMessage:
    return VendorMessage.model_validate(
        {
            "vendor_id": vendor_id,
            "status": status,
            "vendor_status": status,
            "price": Decimal(price) if price else None,
            "segments": 1,
            "created_at": AN_HOUR_AGO,
            **more,
        }
    )


@pytest.fixture
def night() -> Night:
    return Night()


async def test_a_quiet_night_says_nothing(night: Night) -> None:
    night.touch("t1", TouchState.DELIVERED, "SM1")
    night.statement.pages = [(said("SM1", "delivered"),)]
    sweep = await night.whole()
    assert (sweep.is_worth_telling, night.chat.told, list(night.books.prices)) == (False, [], ["SM1"])
    assert [kept.is_over for kept in night.books.kept.values()] == [True]


@pytest.mark.parametrize("state", [TouchState.UNKNOWN, TouchState.SENDING])
async def test_what_the_vendor_has_is_found_and_then_settled_by_its_list(night: Night, state: TouchState) -> None:
    row = night.touch("t1", state)
    night.sms.found["t1"] = "SM7"
    night.statement.pages = [(said("SM7", "delivered"),)]
    first = await night.step(Sweep(tenant="main"))
    assert (first.found, row.state, row.vendor_id) == (1, TouchState.SENT, "SM7")
    sweep = first
    while not sweep.is_over:
        sweep = await night.step(sweep)
    assert (sweep.found, sweep.delivered, sweep.unknown, str(row.state)) == (1, 1, 0, "delivered")


async def test_what_the_vendor_does_not_have_stays_a_persons_to_settle_and_is_never_sent(night: Night) -> None:
    rows = [night.touch("t1", TouchState.UNKNOWN), night.touch("t2", TouchState.SENDING)]
    sweep = await night.whole()
    assert (sweep.unknown, sweep.named_unknown) == (2, ("t1", "t2"))
    assert [row.state for row in rows] == [TouchState.UNKNOWN] * 2
    assert night.sms.told == []
    ((_, message),) = night.chat.told
    assert "t1, t2" in "\n".join(message.lines)


async def test_a_message_of_another_touch_is_not_taken_for_this_one(night: Night) -> None:
    night.touch("t1", TouchState.SENT, "SM7")
    row = night.touch("t2", TouchState.UNKNOWN)
    night.sms.found["t2"] = "SM7"
    assert ((await night.whole()).unknown, row.state) == (1, TouchState.UNKNOWN)


async def test_a_vendor_that_can_not_be_asked_proves_nothing(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    row = night.touch("t1", TouchState.SENDING)

    async def refuses(*_: object) -> object:
        raise Ambiguous("twilio", "http_503")

    monkeypatch.setattr(night.sms, "find", refuses)
    sweep = await night.step(Sweep(tenant="main"))
    assert (sweep.unasked, sweep.unknown, row.state) == (1, 0, TouchState.SENDING)


@pytest.mark.parametrize(
    ("status", "error", "marked"), [("delivered", None, {}), ("failed", "30006", {INTENT.recipient: "30006"})]
)
async def test_a_callback_that_never_came_is_made_up_for_by_the_list(
    night: Night, status: str, error: str | None, marked: dict[str, str]
) -> None:
    row = night.touch("t1", TouchState.SENT, "SM1")
    night.statement.pages = [(said("SM1", status, error=error),)]
    sweep = await night.whole()
    assert (str(row.state), row.error, night.ledger.textless) == (status, error, marked)
    assert (sweep.delivered, sweep.failed) == ((1, 0) if status == "delivered" else (0, 1))


async def test_a_list_that_is_behind_moves_nothing(night: Night) -> None:
    row = night.touch("t1", TouchState.DELIVERED, "SM1")
    night.statement.pages = [(said("SM1", "sent", None), said("SM1", "failed", None))]
    assert ((await night.whole()).is_worth_telling, row.state) == (False, TouchState.DELIVERED)


async def test_what_no_touch_knows_is_told_and_never_adopted(night: Night) -> None:
    row = night.touch("t1", TouchState.UNKNOWN)
    night.statement.pages = [(said("SM8", "delivered"),), (said("SM9", "sent", None),)]
    sweep = await night.whole()
    assert (sweep.strangers, sweep.named_strangers) == (2, ("SM8", "SM9"))
    assert (row.vendor_id, row.state) == (None, TouchState.UNKNOWN)
    assert "SM8, SM9" in "\n".join(night.chat.told[0][1].lines)


async def test_a_message_of_just_now_may_be_a_touch_under_way_and_is_left_for_the_next_night(night: Night) -> None:
    night.statement.pages = [(said("SM8", "sent", created_at=NOW - timedelta(minutes=2)),)]
    assert (await night.whole()).strangers == 0


async def test_the_list_is_read_page_by_page_from_the_windows_start(night: Night) -> None:
    night.statement.pages = [(), (), ()]
    await night.whole()
    assert [mark for _, mark in night.statement.asked] == [None, "1", "2"]
    assert {since for since, _ in night.statement.asked} == {NOW - timedelta(hours=48)}


async def test_many_open_touches_are_looked_for_ten_at_a_time(night: Night) -> None:
    for number in range(25):
        night.touch(f"t{number:02}", TouchState.UNKNOWN)
    sweep = await night.step(Sweep(tenant="main"))
    assert (sweep.part, sweep.cursor, sweep.unknown) == (Part.TOUCHES, "t09", 10)
    whole = await night.whole()
    assert (whole.unknown, len(whole.named_unknown)) == (25, 20)


async def test_killed_after_every_page_it_comes_to_the_same_and_is_posted_once(night: Night) -> None:
    lost, found = night.touch("t1", TouchState.UNKNOWN), night.touch("t2", TouchState.SENDING)
    sent = night.touch("t3", TouchState.SENT, "SM3")
    night.sms.found["t2"] = "SM2"
    night.statement.pages = [(said("SM2", "delivered"),), (said("SM3", "failed", error="30003"), said("SM9", "sent"))]
    sweep = await night.whole(killed=True)
    assert [str(row.state) for row in (lost, found, sent)] == ["unknown", "delivered", "failed"]
    assert (sweep.unknown, sweep.strangers, sorted(night.books.prices)) == (1, 1, ["SM2", "SM3"])
    assert (len(night.chat.told), night.sms.told) == (1, [])


async def test_in_a_sandbox_nothing_is_posted(night: Night) -> None:
    await night.switches.throw(Name.SANDBOX, Throw(on=True, by="kim", because="a test"))
    night.touch("t1", TouchState.UNKNOWN)
    await night.whole()
    assert night.chat.told == []


def test_a_report_says_counts_and_ids_and_no_person() -> None:
    sweep = Sweep(tenant="main", unknown=1, named_unknown=("t1",), strangers=1, named_strangers=("SM9",), waiting=3)
    message = compose(sweep, "C1")
    assert message.lines == (
        "1 stay unknown: look, then say what became of them (`baton lead settle`)",
        "3 have waited for over an hour to be sent",
        "1 messages of the vendor's are none of ours: sent by another hand from our account?",
        "Unknown: t1",
        "Not ours: SM9",
    )
