"""Whose word counts at start-up: the file of settings until somebody publishes by command; nobody is overridden
silently."""

import pytest
from structlog.testing import capture_logs

from activities.policies import Policies
from adapters.postgres.presence import PostgresPresence
from domain.publications import Way
from policy.load import LoadedPolicy
from runtime.publishing import take_file
from runtime.reps import Reps
from tests.policy import cases
from tests.published import FakePolicies, entering, published

FILE, NEWER, BY_COMMAND = cases.default(), cases.changed(hops=2), cases.changed(hops=1)


async def started(store: FakePolicies, file: LoadedPolicy) -> str | None:
    await take_file(store, file)
    return await store.active()


async def test_the_file_is_published_where_nothing_is() -> None:
    store = FakePolicies()
    assert await started(store, FILE) == FILE.hash
    assert [(line.way, line.author) for line in store.log] == [(Way.FILE, "file")]


async def test_a_changed_file_is_published_and_an_unchanged_one_is_not() -> None:
    store = FakePolicies()
    for file in (FILE, FILE, NEWER, NEWER):
        assert await started(store, file) == file.hash
    assert len(store.log) == 2


@pytest.mark.parametrize("way", [Way.COMMAND, Way.ROLLBACK])
async def test_what_was_published_by_command_stays_whatever_the_file_says(way: Way) -> None:
    store = FakePolicies()
    await started(store, FILE)
    store.enter(entering(BY_COMMAND, way=way))
    assert await started(store, FILE) == BY_COMMAND.hash
    with capture_logs() as logs:
        assert await started(store, NEWER) == BY_COMMAND.hash
    (said,) = logs
    assert (said["event"], said["file"], said["active"]) == ("policy_file_waits", NEWER.hash, BY_COMMAND.hash)


async def test_a_file_that_says_what_was_published_by_command_has_nothing_to_wait_for() -> None:
    store = FakePolicies()
    await started(store, FILE)
    store.enter(entering(BY_COMMAND))
    with capture_logs() as logs:
        assert await started(store, BY_COMMAND) == BY_COMMAND.hash
    assert (logs, len(store.log)) == ([], 2)


async def test_what_is_published_elsewhere_is_taken_up() -> None:
    store = published(FILE)
    policies = Policies(FILE, store)
    assert await policies.refresh() == 0
    store.enter(entering(BY_COMMAND))
    assert (policies.current, await policies.refresh(), policies.current.hash) == (FILE, 1, BY_COMMAND.hash)
    assert (policies.judge.loaded.hash, policies.judge.active) == (BY_COMMAND.hash, BY_COMMAND.hash)


async def test_a_lead_without_a_policy_is_judged_by_what_is_active_now() -> None:
    store = published(FILE)
    policies = Policies(FILE, store)
    store.enter(entering(BY_COMMAND))
    assert (await policies.pinned("")).hash == BY_COMMAND.hash


async def test_a_policy_that_can_not_be_read_leaves_the_last_one_current_and_is_named() -> None:
    store = published(FILE)
    store.enter(entering(FILE).model_copy(update={"policy_hash": "feedfacefeedface", "text": "name: tomorrow"}))
    policies = Policies(FILE, store)
    with capture_logs() as logs:
        await policies.refresh()
    assert [(each["event"], each["policy"]) for each in logs] == [("policy_unreadable", "feedfacefeedface")]
    assert (policies.judge.loaded, policies.judge.active) == (FILE, "feedfacefeedface")


async def test_one_that_open_leads_follow_and_nobody_can_read_is_named_once() -> None:
    store = published(FILE)
    store.followed = ["feedfacefeedface"]
    policies = Policies(FILE, store)
    with capture_logs() as logs:
        for _ in range(3):
            await policies.refresh()
    assert [(each["event"], each["policy"]) for each in logs] == [("policy_unreadable", "feedfacefeedface")]


NO_PRESENCE = PostgresPresence(None)  # who is who is asked of policies alone


async def test_a_rep_of_a_policy_that_an_open_lead_follows_is_known_still() -> None:
    alone = cases.changed(team=[FILE.policy.team[0].model_dump(mode="json", exclude_none=True)])
    store = published(FILE, alone)
    policies = Policies(alone, store)
    reps = Reps(policies, NO_PRESENCE, "main")
    assert (reps.knows("ada"), reps.knows("ben"), reps.rep_of("U0BEN")) == (True, False, None)
    store.followed = [FILE.hash]
    await policies.refresh()
    assert (reps.knows("ben"), reps.rep_of("U0BEN"), reps.knows("mallory")) == (True, "ben", False)
