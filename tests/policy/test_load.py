"""Policies that can't be used: every problem at once, each with its place. Files of bad/ say what is expected."""

import re
from pathlib import Path

import pytest

from policy.load import PolicyInvalid, load_policy, policy_from_text, read_policy
from tests.policy import cases
from tests.policy.cases import changed, default

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
EXPECTED = re.compile(r"^# expect: (.*)$", re.MULTILINE)


def problems(text: str, name: str = "mine.yaml") -> list[str]:
    with pytest.raises(PolicyInvalid) as caught:
        load_policy(text, name, cases.POLICIES)
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_every_mistake_of_a_file_is_named_at_once(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    expected = EXPECTED.findall(text)
    found = problems(text, file.name)
    for said in expected:
        assert [line for line in found if said in line], (said, found)
    assert len(found) == len(expected), found
    assert all(re.match(r"[\w/.-]+\.yaml:\d+:\d+ \S", line) for line in found)


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("  zone: America/Chicago", "  zone: America/Chicgo", "America/Chicgo"),
        ("max_cycles: 4", "max_cycles: none", "none"),
        (
            "{at: 2h, do: supervisor}\n      - {at: next_day_end",
            "{at: 2 hours, do: supervisor}\n      - {at: next_day_end",
            "2 hours",
        ),
    ],
)
def test_the_place_is_the_value_itself(old: str, new: str, value: str) -> None:
    text = default().text
    assert old in text
    changed = text.replace(old, new, 1)
    before = changed[: changed.index(new) + new.index(value)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    (found,) = problems(changed)
    assert found.startswith(f"mine.yaml:{line}:{column} "), found


def test_a_mistake_in_what_is_extended_is_found_where_it_stands() -> None:
    found = problems("extends: default.yaml\nfallback_queue: nobody\ntracks: {warm: {rest: never}}\n")
    assert [line.split(" ", 1)[0] for line in found] == ["mine.yaml:2:17", "mine.yaml:3:23"]


def test_a_mistake_in_the_contact_rules_is_named_in_their_file(tmp_path: Path) -> None:
    rules = (cases.POLICIES / "contact_rules" / "us-2026-11.yaml").read_text(encoding="utf-8")
    broken = rules.replace('501.059"\n    hours: Mo-Su 08:00-20:00', '501.059"\n    hours: Mo-Su 8-20', 1)
    with pytest.raises(PolicyInvalid) as caught:
        policy_from_text(default().text, {"contact_rules/us-2026-11.yaml": broken})
    (problem,) = caught.value.problems
    assert (problem.file, problem.column) == ("contact_rules/us-2026-11.yaml", 12)
    assert "states.FL.hours: not opening hours" in problem.message


def test_a_file_that_is_not_there_is_a_problem_too(tmp_path: Path) -> None:
    with pytest.raises(PolicyInvalid, match="can't be read"):
        read_policy(tmp_path / "absent.yaml")
    assert "a mapping is expected" in problems("- 1\n")[0]
    assert "there is no file “absent.yaml”" in problems("extends: absent.yaml\n")[0]


@pytest.mark.parametrize("name", ["default", "always_open"])
def test_a_stored_policy_loads_again_as_it_was(name: str) -> None:
    loaded = read_policy(cases.POLICIES / f"{name}.yaml")
    again = policy_from_text(loaded.text, dict(loaded.packs))
    assert (again.hash, again.policy, again.pack_version) == (loaded.hash, loaded.policy, "us-2026-11")


def test_the_hash_follows_what_is_said_and_not_how() -> None:
    assert changed(name="default").hash == default().hash  # the same, merged and without a comment
    assert changed(contact={"recent_contact": "86400s"}).hash == default().hash
    assert changed(contact={"recent_contact": "25h"}).hash != default().hash
    pack = default().packs["contact_rules/us-2026-11.yaml"].replace("Mo-Sa 09:00-21:00", "Mo-Sa 10:00-21:00")
    assert policy_from_text(default().text, {"contact_rules/us-2026-11.yaml": pack}).hash != default().hash


def test_the_default_policy_is_what_it_promises() -> None:
    policy = default().policy
    assert (policy.business.zone, policy.business.hours) == ("America/Chicago", "Mo-Fr 09:00-17:00")
    assert policy.one_segment
    assert all("555" in rep.phone and "01" in rep.phone for rep in policy.team)
    assert policy.contact.answers_at_night is False
    assert (policy.always_open, policy.sandbox) == (False, False)
