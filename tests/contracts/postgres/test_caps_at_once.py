"""A cap holds though texts of one human fall due at one moment, in one lead or in two; what is held comes again."""

import asyncio
import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio
from temporalio.testing import ActivityEnvironment

from activities.delivery import Delivery
from activities.policies import Policies
from activities.text import Texts
from adapters.postgres.captures import PostgresCaptures
from adapters.postgres.ledger import PostgresLedger
from domain.ledger import Intent
from domain.orders import TextOrder, Touched
from domain.ports import Captured
from domain.values import Purpose
from tests.builders import NOON
from tests.contracts.postgres.builders import TENANT, inquiry, intent, judge, person
from tests.fakes import FakeSms
from tests.policy import cases
from tests.published import FakePolicies

DEADLINE = timedelta(seconds=15)
DAY = timedelta(days=1)
ONE_A_DAY = {
    "caps": [{"most": 1, "within": "24h"}],
    "courtesy": {"sms": "24/7", "call": "24/7"},
    "do_not_call": {"federal": "none"},
}
TEXAN = {"country": "US", "region": "TX", "postal_code": "78701"}
AUSTIN, HOUSTON = "+15125550142", "+17135550142"
EMAIL = "dana@example.com"


@dataclass
class Desk:
    """The texts of one human, under a cap of one a day."""

    captures: PostgresCaptures
    ledger: PostgresLedger
    texts: Texts
    sms: FakeSms
    policy_hash: str

    async def lead(self, event: str, phone: str, email: str | None = None) -> Captured:
        asked = inquiry(event, "content_download", consent={"sms": True, "kind": "written"})
        return await self.captures.capture(TENANT, asked, person(phone, email, **TEXAN), judge)

    async def human(self) -> tuple[str, str]:
        """Two open leads of one human whom Baton took for two before a form named both numbers."""
        one, other = await self.lead("1", AUSTIN), await self.lead("2", HOUSTON, EMAIL)
        await self.lead("3", AUSTIN, EMAIL)
        assert await self.captures._pool.fetchval("select count(*) from person") == 2
        return str(one.lead_id), str(other.lead_id)

    async def text(self, lead_id: str, key: str = "a", at: datetime = NOON) -> Touched:
        environment = ActivityEnvironment()
        environment.info = dataclasses.replace(environment.info, activity_id=f"{lead_id}:{key}", started_time=at)
        order = TextOrder(
            tenant=TENANT,
            lead_id=lead_id,
            key=f"{lead_id}:1:{key}",
            as_of=at,
            policy_hash=self.policy_hash,
            template="nurture_tip",
            purpose=Purpose.SOLICITATION,
            heard=at,
        )
        touched: Touched = await environment.run(self.texts.send, order)
        return touched

    @property
    def told(self) -> list[tuple[datetime, str]]:
        return [(each.at, each.who) for each in self.sms.told]

    async def claimed(self, lead_id: str) -> Intent:
        person_id = await self.captures._pool.fetchval("select person_id from lead where lead_id = $1", lead_id)
        touch = intent(lead_id, person_id, purpose=Purpose.SOLICITATION, lead_now=NOON)
        await self.ledger.claim(touch, "a")
        return touch


@pytest_asyncio.fixture
async def desk(captures: PostgresCaptures, pool: asyncpg.Pool) -> Desk:
    loaded = cases.changed(contact=ONE_A_DAY)
    ledger, sms = PostgresLedger(pool), FakeSms()
    texts = Texts(ledger, sms, Policies(loaded, FakePolicies()), Delivery(ledger))
    return Desk(captures, ledger, texts, sms, loaded.hash)


async def test_two_texts_of_a_lead_at_one_moment_are_one_text_and_one_that_waits(desk: Desk) -> None:
    lead_id = str((await desk.lead("1", AUSTIN)).lead_id)
    both = await asyncio.gather(desk.text(lead_id, "a"), desk.text(lead_id, "b"))
    assert sorted(each.result for each in both) == ["held", "sent"]
    assert desk.told == [(NOON, AUSTIN)]
    key = "ab"[[each.result for each in both].index("held")]
    again = await desk.text(lead_id, key, NOON + timedelta(seconds=15))
    assert (again.result, again.because, again.retry_at) == ("held", "cap/1-in-24h", NOON + DAY)
    assert (await desk.text(lead_id, key, NOON + DAY)).result == "sent"
    assert desk.told == [(NOON, AUSTIN), (NOON + DAY, AUSTIN)], "nothing is lost"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_two_leads_of_one_human_at_one_moment_share_the_cap(desk: Desk, order: tuple[int, int]) -> None:
    leads = await desk.human()
    both = await asyncio.gather(*(desk.text(leads[number]) for number in order))
    assert sorted(each.result for each in both) == ["held", "sent"]
    assert len(desk.told) == 1
    waits = leads[order[[each.result for each in both].index("held")]]
    assert (await desk.text(waits, at=NOON + timedelta(seconds=15))).because == "cap/1-in-24h"
    assert (await desk.text(waits, at=NOON + DAY)).result == "sent"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_whichever_begins_second_waits_for_the_first_and_is_judged_again(
    desk: Desk, order: tuple[int, int]
) -> None:
    touches = [await desk.claimed(lead_id) for lead_id in await desk.human()]
    first, second = (touches[number].touch_id for number in order)
    pool, begin = desk.captures._pool, "select part_touches($1, 'a', 0) is null and begin_touch($1, 'a', $2) is null"
    async with pool.acquire() as session:
        async with session.transaction():
            assert await session.fetchval(begin, first, DEADLINE)
            waiting = asyncio.create_task(desk.ledger.begin(second, "a", DEADLINE, 0))
            while not await pool.fetchval("select exists (select from pg_locks where not granted)"):
                await asyncio.sleep(0.01)
        assert await waiting == "another_touch"
    assert (await desk.ledger.current(second)).state == "claimed"
    assert await desk.ledger.begin(second, "a", DEADLINE, 1) is None, "judged by what was sent, it may go"


async def test_texts_of_two_humans_do_not_wait_for_each_other(desk: Desk) -> None:
    leads = [str((await desk.lead(str(n), f"+1512555{n:04}")).lead_id) for n in range(142, 146)]
    sent = await asyncio.gather(*(desk.text(lead_id) for lead_id in leads))
    assert [each.result for each in sent] == ["sent"] * 4
