"""Running leads previewed and told: three numbers, pages, a bounded number at a time. Who refuses or can't be reached
is named, and one that can't be judged hides no other."""

import asyncio
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner, Result

from activities.policies import Policies
from domain.cohorts import InFlight, Moving, Previewing, Selection
from domain.errors import BadInput, Refused, Unavailable
from domain.messages import AdoptPolicy, Answer
from domain.values import Stage
from runtime import migrating
from runtime.cli.main import app
from runtime.migrating import Migrating
from runtime.publishing import Publishing
from tests.api.fakes import FakeServices
from tests.policy import cases
from tests.policy.running import nurtured, waiting
from tests.published import FakePolicies, entering
from tests.runtime.served import reached

OTHER = cases.changed(tracks={"warm": {"rest": "5d", "steps": []}})
IDS = [str(uuid.UUID(int=number)) for number in range(1, 8)]


def in_flight(lead_id: str, source: str = "content_download") -> InFlight:
    found = nurtured() if source == "content_download" else waiting()
    lead = found.lead.model_copy(update={"lead_id": lead_id, "source": source})
    return InFlight(lead=lead, now=found.at, answers=tuple(found.answers))


@pytest.fixture
def services() -> FakeServices:
    """Three leads at rest and a waiting one under the default policy; another policy is active."""
    services = FakeServices(store=FakePolicies())
    services.store.enter(entering(cases.default()))
    services.store.enter(entering(OTHER))
    services.cohorts.leads = [*(in_flight(each) for each in IDS[:3]), in_flight(IDS[3], "demo_request")]
    return services


@dataclass
class Leads:
    """Whom a migration tells: `troubles` by lead; how many were told at once at most."""

    troubles: dict[str, Exception] = field(default_factory=dict)
    told: list[tuple[str, AdoptPolicy, str]] = field(default_factory=list)
    at_once: int = 0
    most: int = 0
    takes: float = 0.01

    async def update(self, lead_id: str, name: str, message: AdoptPolicy, key: str) -> Answer:
        assert name == "adopt_policy"
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await asyncio.sleep(self.takes)
        finally:
            self.at_once -= 1
        self.told.append((lead_id, message, key))
        if lead_id in self.troubles:
            raise self.troubles[lead_id]
        return Answer(lead_id=lead_id, stage="resting", owner=None, said="followed")


async def test_a_preview_counts_what_is_in_flight_would_change_and_would_fire(services: FakeServices) -> None:
    seen = await services.migrating.preview(Previewing())
    assert (seen.to, seen.in_flight, seen.changing, seen.firing) == (OTHER.hash, 4, 3, 3)
    assert [(each.lead_id, each.after.action, each.fires) for each in seen.leads] == [
        (each, "wake", True) for each in IDS[:3]
    ]
    none = await services.migrating.preview(Previewing(to=cases.default().hash))
    assert (none.in_flight, none.leads) == (0, ())


async def test_a_preview_is_read_page_after_page_and_by_selection(services: FakeServices) -> None:
    first = await services.migrating.preview(Previewing(limit=3))
    assert (first.in_flight, first.cursor) == (3, IDS[2])
    rest = await services.migrating.preview(Previewing(limit=3, cursor=first.cursor))
    assert (rest.in_flight, rest.cursor) == (1, None)
    for chosen in (Selection(source="demo_request"), Selection(stage=Stage.HANDOFF, lead=IDS[3])):
        assert (await services.migrating.preview(Previewing(selection=chosen))).in_flight == 1


def tear(services: FakeServices) -> None:
    """The first lead can't be judged any more."""
    broken = services.cohorts.leads[0]
    answer = broken.answers[0].model_copy(update={"facts": None})
    services.cohorts.leads[0] = broken.model_copy(update={"answers": (answer,)})


async def test_a_lead_that_can_not_be_judged_is_named_and_hides_no_other(services: FakeServices) -> None:
    tear(services)
    seen = await services.migrating.preview(Previewing())
    assert (seen.in_flight, seen.changing, seen.unclear) == (4, 2, (IDS[0],))


async def test_a_lead_that_can_not_be_judged_is_not_told_and_said_to_be_left_out(services: FakeServices) -> None:
    tear(services)
    leads = Leads()
    done = await Migrating(services.cohorts, services.publishing, leads.update).migrate(Moving(by="kim", key="m-1"))
    assert [lead_id for lead_id, _, _ in leads.told] == IDS[1:4]
    assert (done.adopted, [each.lead_id for each in done.refused]) == (3, [IDS[0]])
    assert done.refused[0].because.startswith("it can't be judged by that policy")


async def test_nobody_is_moved_to_an_older_policy_while_the_active_one_can_not_be_read(services: FakeServices) -> None:
    services.store.enter(entering(OTHER).model_copy(update={"policy_hash": "feedfacefeedface", "text": "name: new"}))
    leads = Leads()
    with pytest.raises(BadInput, match="feedfacefeedface"):
        await Migrating(services.cohorts, services.publishing, leads.update).migrate(Moving(by="kim", key="m-1"))
    assert leads.told == []


@pytest.mark.parametrize("to", [None, OTHER.hash])
async def test_nobody_is_moved_to_a_policy_that_this_installation_may_not_use(
    services: FakeServices, to: str | None
) -> None:
    def unfit(_loaded: object) -> None:
        raise BadInput("it has no contact windows")

    leads = Leads()
    publishing = Publishing(services.store, Policies(cases.default(), services.store), unfit)
    with pytest.raises(BadInput, match="no contact windows"):
        await Migrating(services.cohorts, publishing, leads.update).migrate(Moving(by="kim", key="m-1", to=to))
    assert leads.told == []


async def test_leads_are_told_a_bounded_number_at_a_time_under_one_key(services: FakeServices) -> None:
    services.cohorts.leads = [in_flight(str(uuid.UUID(int=number))) for number in range(1, 31)]
    leads = Leads()
    done = await Migrating(services.cohorts, services.publishing, leads.update).migrate(
        Moving(by="kim", key="m-1", note="softer", limit=30)
    )
    assert (done.to, done.adopted, done.refused, done.unreachable) == (OTHER.hash, 30, (), ())
    assert leads.most == migrating.AT_ONCE
    assert {(message.by, message.because, key) for _, message, key in leads.told} == {("kim", "m-1", "policy:m-1")}
    (row,) = services.cohorts.rows
    assert (row.key, row.to_hash, row.note, row.adopted) == ("m-1", OTHER.hash, "softer", 30)


async def test_who_refuses_and_who_can_not_be_reached_are_told_apart(services: FakeServices) -> None:
    leads = Leads({IDS[0]: Refused("The lead is closed (won)."), IDS[1]: Unavailable("Temporal does not answer")})
    done = await Migrating(services.cohorts, services.publishing, leads.update).migrate(Moving(by="kim", key="m-1"))
    assert done.adopted == 2
    assert [(each.lead_id, each.because) for each in done.refused] == [(IDS[0], "The lead is closed (won).")]
    assert [(each.lead_id, each.because) for each in done.unreachable] == [(IDS[1], "Temporal does not answer")]
    assert (services.cohorts.rows[0].refused, services.cohorts.rows[0].unreachable) == (1, 1)


async def test_a_lead_that_does_not_answer_holds_up_the_page_no_longer_than_its_time(
    services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "WITHIN", migrating.WITHIN / 100)
    leads = Leads(takes=5)
    done = await Migrating(services.cohorts, services.publishing, leads.update).migrate(Moving(by="kim", key="m-1"))
    assert (done.adopted, {each.because for each in done.unreachable}) == (0, {"did not answer in time"})


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def running(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServices]:
    with reached(services, monkeypatch):
        yield services


def migrate(*words: str) -> Result:
    return CliRunner().invoke(app, ["policy", "migrate", *words])


def test_a_dry_run_says_what_would_happen_and_tells_nobody(running: FakeServices) -> None:
    told = migrate("--dry-run")
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith(
        f"4 in flight, 3 would change their next action, 3 would fire now (under {OTHER.hash})."
    )
    assert told.stdout.count("fires now") == 3
    assert running.gateway.updates == []


def test_nobody_is_told_without_a_yes(running: FakeServices) -> None:
    refused = migrate()
    assert (refused.exit_code, running.gateway.updates) == (1, [])
    assert "add --yes" in refused.output


def test_with_a_yes_each_lead_of_the_selection_is_told_once(running: FakeServices) -> None:
    done = migrate("--yes", "--source", "content_download", "--limit", "2", "--by", "kim")
    assert done.exit_code == 0, done.output
    assert f"2 adopted {OTHER.hash}, 0 refused, 0 unreachable." in done.stdout
    assert [(lead, message.model_dump()["by"]) for lead, _, message, _ in running.gateway.updates] == [
        (IDS[0], "kim"),
        (IDS[1], "kim"),
    ]


def test_leads_are_told_whose_word_it_is_by_themselves(running: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "kim")
    assert migrate("--yes", "--limit", "1").exit_code == 0
    assert [message.model_dump()["by"] for _, _, message, _ in running.gateway.updates] == ["kim"]


def test_a_lead_that_could_not_be_reached_makes_the_command_fail_and_say_how_to_go_on(running: FakeServices) -> None:
    running.gateway.trouble = Unavailable("Temporal does not answer")
    failed = migrate("--yes", "--json")
    assert failed.exit_code == 1
    found = json.loads(failed.stdout)
    assert (found["adopted"], len(found["unreachable"])) == (0, 4)
    assert "Run the same command again" in migrate("--yes").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--to", "feed"), "is no policy that was published here"),
        (("--source", "a b"), "source"),
        (("--by", "Kim Lee", "--yes"), "by"),
        (("--lead", "nobody"), "valid UUID"),
        (("--stage", "asleep"), "asleep"),
        (("--limit", "0"), "or equal to 1"),
    ],
)
def test_what_can_not_be_meant_is_refused(running: FakeServices, words: tuple[str, ...], said: str) -> None:
    refused = migrate(*words)
    assert refused.exit_code != 0
    assert said in refused.output
    assert not isinstance(refused.exception, AttributeError | KeyError | TypeError)
    assert running.gateway.updates == []


def test_publishing_shows_what_it_would_mean_for_running_leads(running: FakeServices) -> None:
    cases_file = str(cases.POLICIES / "default.yaml")
    told = CliRunner().invoke(app, ["policy", "publish", cases_file, "--dry-run"]).stdout
    assert "0 in flight, 0 would change their next action, 0 would fire now" in told


async def test_the_clock_of_the_preview_is_real_time(services: FakeServices) -> None:
    before = datetime.now(UTC)
    seen: list[datetime] = []
    real = services.cohorts.page

    async def page(wanted: object, now: datetime) -> object:
        seen.append(now)
        return await real(wanted, now)  # type: ignore[arg-type]  # passed on as it came

    services.cohorts.page = page  # type: ignore[method-assign,assignment]  # one instance of a fake
    await services.migrating.preview(Previewing())
    assert before <= seen[0] <= datetime.now(UTC)
