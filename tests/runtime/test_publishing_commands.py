"""`baton policy publish`, `list`, `show`, `diff` and `rollback`, spoken to the real API over a store in memory."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from domain.publications import Way
from policy.load import LoadedPolicy, read_policy
from runtime.cli.author import whoever
from runtime.cli.main import app
from tests.api.fakes import FakeServices
from tests.policy import cases
from tests.published import FakePolicies, entering
from tests.runtime.served import reached


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServices]:
    """A running Baton on the default policy, published by its file."""
    services = FakeServices(store=FakePolicies())
    services.store.enter(entering(cases.default(), "file", way=Way.FILE))
    with reached(services, monkeypatch):
        yield services


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """The default policy with a shorter SLA and one rep fewer."""
    return written(tmp_path / "stricter.yaml", hops=2, sla={"task": {"due": "10m"}})


def written(file: Path, **parts: object) -> Path:
    base = os.path.relpath(cases.POLICIES / "default.yaml", file.parent)
    file.write_text(json.dumps({"extends": base, **parts}))
    return file


def baton(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def said(*words: str) -> str:
    result = baton(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*words: str) -> str:
    result = baton(*words)
    assert (type(result.exception), result.exit_code) == (SystemExit, 1), result.output
    return result.stderr


def hash_of(file: Path) -> str:
    return read_policy(file).hash


def test_what_a_file_changes_is_shown_and_it_becomes_active(services: FakeServices, stricter: Path) -> None:
    told = said("policy", "publish", str(stricter), "--author", "kim", "--note", "ten minutes")
    assert "  hops: 3 → 2\n" in told
    assert "  sla.task.due: 30m → 10m\n" in told
    assert f"{hash_of(stricter)} is active" in told
    newest = services.store.log[-1]
    assert (newest.from_hash, newest.author, newest.note) == (cases.default().hash, "kim", "ten minutes")
    assert services.publishing._policies.current.hash == hash_of(stricter)


def test_a_dry_run_publishes_nothing(services: FakeServices, stricter: Path) -> None:
    assert "sla.task.due: 30m → 10m" in said("policy", "publish", str(stricter), "--dry-run")
    assert len(services.store.log) == 1


def test_a_policy_with_mistakes_is_refused_with_each_of_them(services: FakeServices, tmp_path: Path) -> None:
    bad = written(tmp_path / "bad.yaml", hops=0, fallback_queue="nowhere")
    told = refused("policy", "publish", str(bad))
    assert told.count("bad.yaml:1:") == 2
    assert len(services.store.log) == 1


def test_a_policy_with_warnings_is_published_and_they_are_told(services: FakeServices, tmp_path: Path) -> None:
    odd = written(tmp_path / "odd.yaml", bands={"A": 7000, "B": 45, "C": 20})
    told = baton("policy", "publish", str(odd))
    assert (told.exit_code, len(services.store.log)) == (0, 2)
    assert "no lead is ever in band A" in told.stderr
    assert f"{hash_of(odd)} is active" in told.stdout


def test_versions_and_the_log_are_listed(services: FakeServices, stricter: Path) -> None:
    said("policy", "publish", str(stricter), "--author", "kim")
    services.store.followed = [cases.default().hash] * 3
    lines = said("policy", "list").splitlines()
    assert [line.split()[0] for line in lines[1:3]] == [hash_of(stricter), cases.default().hash]
    assert (lines[1].split()[-2:], lines[2].split()[-1]) == (["0", "active"], "3")
    assert f"kim, command: {cases.default().hash} → {hash_of(stricter)}" in lines[-2]
    assert json.loads(said("policy", "list", "--json"))["log"][0]["author"] == "kim"


def test_a_version_is_shown_by_the_beginning_of_its_hash(services: FakeServices) -> None:
    assert "fallback_queue: inbound" in said("policy", "show", cases.default().hash[:6])
    assert "'zz' is no policy that was published here" in refused("policy", "show", "zz")
    assert "is no policy" in refused("policy", "show", "")


def test_two_versions_a_version_and_a_file_or_the_newest_change_are_compared(
    services: FakeServices, stricter: Path
) -> None:
    assert "hops: 2 → 3" in said("policy", "diff", str(stricter))
    assert "Only one policy was published" in refused("policy", "diff")
    said("policy", "publish", str(stricter))
    found = json.loads(said("policy", "diff", "--json"))
    assert {"path": "hops", "old": "3", "new": "2"} in found["changes"]
    back = json.loads(said("policy", "diff", hash_of(stricter), cases.default().hash, "--json"))
    assert {"path": "hops", "old": "2", "new": "3"} in back["changes"]


def test_two_files_are_compared_without_a_running_baton(stricter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BATON_API_URL", raising=False)
    nowhere = str(stricter.parent / "none")
    default = str(cases.POLICIES / "default.yaml")
    assert "sla.task.due: 30m → 10m" in said("policy", "diff", default, str(stricter), "--data", nowhere)
    assert "says the same" in said("policy", "diff", default, default, "--data", nowhere)
    assert "No Baton runs" in refused("policy", "diff", default, "--data", nowhere)


def test_a_publication_is_the_word_of_whoever_types_it(
    services: FakeServices, stricter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "CORP\\Kim Lee")
    said("policy", "publish", str(stricter))
    assert services.store.log[-1].author == "corp-kim-lee"


@pytest.mark.parametrize("error", [KeyError("no such user"), OSError("no such user")])
def test_a_user_without_a_name_is_the_command_line(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise error

    monkeypatch.setattr("getpass.getuser", nobody)
    assert whoever() == "cli"


def test_rolling_back_takes_the_newest_back_and_says_what_that_changes(services: FakeServices, stricter: Path) -> None:
    assert "nothing to roll back to" in refused("policy", "rollback")
    said("policy", "publish", str(stricter))
    assert "hops: 2 → 3" in said("policy", "rollback", "--author", "kim", "--note", "too strict")
    newest = services.store.log[-1]
    assert (newest.to_hash, newest.way, newest.undoes) == (cases.default().hash, Way.ROLLBACK, 2)
    said("policy", "rollback", "--to", hash_of(stricter)[:8])
    assert services.store.log[-1].to_hash == hash_of(stricter)


def test_who_looked_at_another_policy_is_told_instead_of_overriding_it(
    services: FakeServices, stricter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other: LoadedPolicy = cases.changed(hops=1)
    real = services.store.publish

    async def meanwhile(entered: object) -> object:
        await real(entering(other))
        return await real(entered)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(services.store, "publish", meanwhile)
    assert f"409: Another policy has become active meanwhile ({other.hash})" in refused(
        "policy", "publish", str(stricter)
    )
    assert services.store.log[-1].to_hash == other.hash
