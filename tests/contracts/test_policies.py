"""Published policies, fake and real: kept for good, one active, every change of it in a log that nobody rewrites."""

import asyncpg
import pytest

from adapters.postgres.policies import PostgresPolicies
from domain.publications import Entering, PolicyStore, Way
from tests.published import FakePolicies

TENANT = "main"


@pytest.fixture(params=["fake", "real"])
def store(request: pytest.FixtureRequest) -> PolicyStore:
    if request.param == "fake":
        return FakePolicies()
    return PostgresPolicies(request.getfixturevalue("pool"), TENANT)


def entering(policy_hash: str, **how: object) -> Entering:
    given = {"name": "default", "text": f"text {policy_hash}", "packs": {"us": "pack"}, "author": "kim"}
    return Entering.model_validate({"policy_hash": policy_hash, **given, **how})


async def test_the_newest_published_is_active_and_the_older_ones_stay(store: PolicyStore) -> None:
    assert (await store.standing()).active is None
    for policy_hash in ("h1", "h2", "h1"):
        await store.publish(entering(policy_hash))
    found = await store.listed()
    assert {each.policy_hash: each.active for each in found.versions} == {"h1": True, "h2": False}
    kept = await store.text("h2")
    assert kept is not None
    assert (kept.text, kept.packs, kept.author, kept.active) == ("text h2", {"us": "pack"}, "kim", False)
    assert await store.text("none") is None


async def test_each_change_is_a_line_of_the_log_and_publishing_what_is_active_is_none(store: PolicyStore) -> None:
    await store.publish(entering("h1", note="first"))
    again = await store.publish(entering("h1", note="again"))
    assert (again.expected, again.before, again.publication) == (True, "h1", None)
    await store.publish(entering("h2", author="lee"))
    back = await store.publish(entering("h1", way=Way.ROLLBACK, undoes=(await store.listed()).log[0].number))
    assert back.publication is not None
    log = [(each.from_hash, each.to_hash, each.author, each.note, each.way) for each in (await store.listed()).log]
    assert log == [
        ("h2", "h1", "kim", "", Way.ROLLBACK),
        ("h1", "h2", "lee", "", Way.COMMAND),
        (None, "h1", "kim", "first", Way.COMMAND),
    ]
    assert back.publication.undoes == (await store.listed()).log[1].number


@pytest.mark.parametrize("expects", ["", "h9"])
async def test_who_believes_another_policy_active_publishes_nothing(store: PolicyStore, expects: str) -> None:
    await store.publish(entering("h1", expects=""))
    refused = await store.publish(entering("h2", expects=expects))
    assert (refused.expected, refused.before, refused.publication) == (False, "h1", None)
    assert [each.policy_hash for each in (await store.listed()).versions] == ["h1"]
    assert (await store.publish(entering("h2", expects="h1"))).expected


async def test_how_the_active_one_became_so_and_what_the_file_last_said_are_known(store: PolicyStore) -> None:
    await store.publish(entering("f1", way=Way.FILE))
    await store.publish(entering("h1"))
    found = await store.standing()
    assert (found.active, found.way, found.file) == ("h1", Way.COMMAND, "f1")


async def test_another_tenants_policies_are_not_there(pool: asyncpg.Pool) -> None:
    ours, theirs = PostgresPolicies(pool, TENANT), PostgresPolicies(pool, "other")
    await theirs.publish(entering("h1"))
    assert await ours.text("h1") is None
    assert (await ours.listed()).versions == ()
    assert (await ours.in_force()).active is None
    assert (await ours.publish(entering("h2", expects=""))).expected
    assert await theirs.active() == "h1"


@pytest.mark.parametrize(
    "change", ["update publication set author = 'x'", "delete from publication", "truncate publication"]
)
async def test_the_log_can_not_be_rewritten(pool: asyncpg.Pool, change: str) -> None:
    await PostgresPolicies(pool, TENANT).publish(entering("h1"))
    with pytest.raises(asyncpg.RestrictViolationError, match="publication is append-only"):
        await pool.execute(change)
