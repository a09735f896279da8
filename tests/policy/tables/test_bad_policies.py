"""Policies with mistakes: each is named at its line and column, all of a file at once, and nothing but PolicyInvalid is
raised, whatever the file holds. The files of bad/ begin with what is expected, as `# [file:]line:column phrase`."""

import dataclasses
import re
import warnings
from pathlib import Path

import pytest

from policy.documents import parsed
from policy.load import PolicyInvalid, Problem, load_policy, policy_from_text, read_policy

BAD = Path(__file__).parent / "bad"
GOOD = {"small.yaml", "small_rules.yaml"}
FILES = sorted(file.name for file in BAD.glob("*.yaml") if file.name not in GOOD)
EXPECTED = re.compile(r"^# (?:(\S+\.yaml):)?(\d+):(\d+) (.+)$", re.MULTILINE)
SMALL = (BAD / "small.yaml").read_text(encoding="utf-8")


def problems_of(text: str, name: str = "mine.yaml") -> tuple[Problem, ...]:
    with pytest.raises(PolicyInvalid) as caught:
        load_policy(text, name, BAD)
    return caught.value.problems


def extended(text: str) -> list[tuple[int, int]]:
    return [(each.line, each.column) for each in problems_of(f"extends: small.yaml\n{text}\n")]


def test_the_small_policy_has_no_mistake() -> None:
    loaded = read_policy(BAD / "small.yaml")
    assert (loaded.policy.name, loaded.pack_version) == ("small", "small")


@pytest.mark.parametrize("name", FILES)
def test_each_mistake_is_named_where_it_stands_and_no_other(name: str) -> None:
    with pytest.raises(PolicyInvalid) as caught:
        read_policy(BAD / name)
    expected = EXPECTED.findall((BAD / name).read_text(encoding="utf-8"))
    found = [(each.file.rpartition("/")[2], each.line, each.column) for each in caught.value.problems]
    if name != "empty.yaml":
        assert found == [(file or name, int(line), int(column)) for file, line, column, _ in expected]
        for problem, (_, _, _, phrase) in zip(caught.value.problems, expected, strict=True):
            assert phrase in str(problem)
    else:
        assert found == [(name, 1, 1)]
    assert [str(each) for each in caught.value.problems] == str(caught.value).splitlines()  # one line each


def test_many_mistakes_of_many_kinds_are_all_named_in_the_order_of_the_file() -> None:
    text = SMALL.replace("hours: Mo-Fr 09:00-17:00", "hours: always").replace("sla: task", "sla: tusk")
    text = text.replace("most: 3", "most: 0").replace("fallback_queue: inbound", "fallback_queue: outbound")
    text = (
        text.replace("{{ first_name }}", "{{ name }}")
        .replace("max_cycles: 4", "max_cycles: none")
        .replace("50%", "50 %")
    )
    places = [(each.line, each.message) for each in problems_of(text)]
    assert [line for line, _ in places] == sorted(line for line, _ in places)
    for phrase in ("hours", "caps.0.most", "tusk", "50 %", "outbound", "“name”", "max_cycles"):
        assert [message for _, message in places if phrase in message], phrase
    assert len(places) == 7


@pytest.mark.parametrize(
    "key",
    ["name", "business", "contact_rules", "contact", "fallback", "sla", "team", "queues", "texts", "tracks", "recycle"],
)
def test_a_part_that_is_missing_is_named(key: str) -> None:
    # A part is a line that begins with its key, and the indented lines below it.
    text = re.sub(rf"^{key}:.*\n(?:[ ].*\n)*", "", SMALL, flags=re.MULTILINE)
    assert text != SMALL
    found = problems_of(text)
    assert f"“{key}” is missing" in [each.message for each in found]
    assert all(each.file == "mine.yaml" and each.line >= 1 for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "? [a, list]\n: as a key",
        "? {a: mapping}\n: as a key",
        "1: 2",
        "null: 3",
        "hops: .inf",
        "hops: !!set {a, b}",
        "hops: !!binary aGVsbG8=",
        "hops: -1",
        "team: &them [*them]",
        "team: ada",
        "team: [ada, 7, null]",
        "routes: {name: x}",
        "routes: [[]]",
        "sla: {task: 30m}",
        "sla: [task]",
        "texts: {hello: 7}",
        "texts: {Hello There: hi}",
        'texts: {hello: "{% for x in (1..999999999) %}{{ x }}{% endfor %}"}',
        'texts: {hello: "{% include %}"}',
        'texts: {hello: "{{ first_name | nofilter }}"}',
        'texts: {hello: "   "}',
        "bands: 7",
        "bands: {A: 1, B: 1, C: 1}",
        "recycle: {codes: {wno: {then: close}}}",
        "recycle: {codes: {won: {then: close, close_as: null}}}",
        "business: {zone: ../../etc/passwd}",
        'business: {zone: ""}',
        "business: {holidays: {country: 7}}",
        "business: {holidays: {country: Nowhere}}",
        "business: {holidays: {days: [Thanksgiving]}}",
        "contact: {caps: [{most: 1, within: 0}]}",
        "contact: {caps: [{most: 1, within: 1w}]}",
        "intent: {within: -7d}",
        "sla: {task: {ladder: [{at: -5m, do: offer}]}}",
        "sla: {task: {due: null, ladder: [{at: 50%, do: warn}]}}",
        "sla: {task: {ladder: [{at: 5m, do: text}]}}",
        "contact_rules: .",
        'contact_rules: "a\\0b"',
        "contact_rules: [small_rules.yaml]",
        "contact_rules: empty.yaml",
        "contact_rules: not_yaml.yaml",
        "contact_rules: small.yaml",
        "fallback: {open: []}",
        "fallback: {open: [fax]}",
        "fallback: {open: [nurture]}",
        "fallback: {open: [text_back]}",
        "score: [{name: x, when: true, points: 1, because: y}]",
        "score: [{name: x, when: \"title.matches('(')\", points: 1, because: y}]",
        "channels: {leads: leads, supervisors: C0SUPER}",
    ],
)
def test_whatever_stands_in_a_policy_is_refused_with_its_place_and_never_crashes(text: str) -> None:
    found = problems_of(f"extends: small.yaml\n{text}\n")
    assert found
    for problem in found:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message
        assert "\n" not in str(problem)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("hops: x", [(2, 7)]),
        ("hops:   x", [(2, 9)]),
        ("hops: |\n  many\n  more", [(2, 7)]),
        ("business:\n  zone: Nowhere/Here", [(3, 9)]),
        ("business: {name: x, zone: Nowhere/Here}", [(2, 27)]),
        ("queues:\n  - name: inbound\n    channel: C0POOL\n  - name: Two\n    channel: nope", [(5, 11), (6, 14)]),
        ("recycle:\n  codes:\n    won:\n      then: shut", [(5, 13)]),
        ("team: [{handle: ada}]", [(2, 8)] * 4),
    ],
)
def test_the_column_is_that_of_the_value(text: str, places: list[tuple[int, int]]) -> None:
    assert extended(text) == places


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "team: [{handle: ada, name: A, slack: U0ADA, email: a, phone: 15125550101}]",
            'so put it in quotes: "15125550101"',
        ),
        ("name: 2026-11-24", 'so put it in quotes: "2026-11-24"'),
        ("score: [{name: a, when: true, points: 1, because: x}]", 'so put it in quotes: "true"'),
        ("fallback: {open: [fax]}", "'fax' is not one of live_transfer, whisper_call"),
        ("fallback: {open: []}", "at least 1 is needed"),
        ("texts: [a]", "texts: a mapping is expected: key: value"),
        ("sla: [task]", "sla: a mapping is expected: key: value"),
        ("contact: 7", "contact: a mapping is expected: key: value"),
        (
            "recycle: {codes: {lost: {then: close, close_as: test}}}",
            "'test' is not one of won, lost, not_icp, duplicate, opted_out, exhausted",
        ),
        ("contact: {caps: 3}", "contact.caps: a list is expected: [one, two]"),
        ("contact: {caps: [{most: 0, within: 1d}]}", "contact.caps.0.most: at least 1"),
        ("hops: x", "hops: a whole number is expected"),
        ("recycle: {max_cycles: 2.5}", "recycle.max_cycles: a whole number is expected"),
        ("always_open: maybe", "always_open: true or false is expected"),
        ('business: {name: ""}', "business.name: a text is expected, and it is empty"),
        ("business: {name: null}", "business.name: a text is expected"),
        ("contact_rules: null", "contact_rules: a text is expected"),
        ("business: {holidays: {days: [Xmas]}}", "there is no holiday “Xmas”; there are New Year's Day, Memorial Day"),
        ("business: {holidays: {days: [Thanksgiving]}}", "did you mean “Thanksgiving Day”?"),
        ("contact: {recent_contact: 2 hours}", "did you mean “2h”?"),
        ("contact: {recent_contact: 90 SECONDS}", "did you mean “90s”?"),
        ("sla: {task: {due: 1 business day}}", "did you mean “1bd”?"),
        ("sla: {task: {due: 50 %}}", "did you mean “50%”?"),
        ("business: {zone: America/Chicgo}", "did you mean “America/Chicago”?"),
        ("score: [{name: a, when: titel == company, points: 1, because: x}]", "did you mean “title”?"),
        ("sla: {task: {ladder: []}}", "no “nurture”, so a lead that nobody takes would wait for ever"),
        ("name: a\nname: b", 'not YAML: found duplicate key "name"'),
    ],
)
def test_a_mistake_is_said_once_and_in_words_for_who_edits_the_file(text: str, said: str) -> None:
    (problem,) = problems_of(f"extends: small.yaml\n{text}\n")
    assert str(problem).endswith(said) or f"{said}," in str(problem)


@pytest.mark.parametrize(
    "text",
    [
        "hops: 0x3",
        "hops: 3.0",
        "hops: 1_0",
        "always_open: &yes true\nsandbox: *yes",
        "name: &n small\nbusiness: {name: *n}",
        'business: {name: "1e3"}',
        'business: {name: "on"}',
        'business: {name: "null"}',
        'business: {name: "2026-11-24"}',
        'business: {name: "0o17"}',
        "business: {name: \"a: b # c 'd'\"}",
        'business: {name: "Brightside ☀"}\none_segment: false',
        'business: {name: "two\\nlines"}',
        'texts: {hello: "  spaces {{ first_name }}  "}',
        "team:\n  - &a {handle: ada, name: A, slack: U0ADA, email: a, phone: '+15125550101'}\n"
        "  - {<<: *a, handle: ben, slack: U0BEN}",
    ],
)
def test_an_extended_policy_is_stored_so_that_it_loads_again_as_it_was(text: str) -> None:
    loaded = load_policy(f"extends: small.yaml\n{text}\n", "mine.yaml", BAD)
    again = policy_from_text(loaded.text, loaded.packs)
    assert again.hash == loaded.hash
    assert again.policy == loaded.policy
    assert policy_from_text(again.text, again.packs).text == again.text


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{below}'] * 9)}]\n" for below, name in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("hops: !!int abc", (2, 7), "'abc' can't be read as a whole number"),
        ("hops: !!float abc", (2, 7), "'abc' can't be read as a number"),
        ("hops: !!bool abc", (2, 7), "'abc' can't be read as true or false"),
        ("hops: 2026-11-31", (2, 7), "'2026-11-31' can't be read as a date"),
        ("hops: " + "9" * 5000, (2, 7), "can't be read as a whole number"),
        ("hops: 0x" + "f" * 9000, (2, 7), "is too large a number"),
        ("hops: 1000000000000001", (2, 7), "is too large a number; at most 1000000000000000"),
        ("hops: " + "[" * 3000, (2, 45), "more than 40 levels"),
        ("hops:\n" + "".join(" " * level + "-\n" for level in range(100)), (41, 39), "more than 40 levels"),
        ('name: "\\ud83d\\ude00"', (2, 7), "half a character"),
        ('name: "\\UFFFFFFFF"', (2, 5), "not YAML"),
        ("name: a\n---\nname: b", (3, 1), "a second document begins here, and a file holds one"),
        (BOMB, (6, 32), "more than 50000 values"),
        ("hops: &me [*me]", (2, 12), "*me is part of itself"),
        ("hops: *you", (2, 7), "undefined alias"),
        ('contact_rules: ""', (2, 16), "“contact_rules” must name a file"),
        ("contact: {recent_contact: 99999999999d}", (2, 27), "too long"),
        ("hops: 1 #" + "x" * 500_000, (1, 1), "longer than 500000 bytes"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_can_not_be_read_or_is_too_much_is_a_problem_with_a_place(
    text: str, place: tuple[int, int], said: str
) -> None:
    (problem,) = problems_of(f"extends: small.yaml\n{text}\n")
    assert ((problem.line, problem.column), problem.file) == (place, "mine.yaml")
    assert said in problem.message
    assert len(str(problem)) < 200


def test_a_yaml_that_is_to_come_is_a_problem_with_a_place() -> None:
    with pytest.raises(PolicyInvalid, match=r"^mine\.yaml:1:\d+ not YAML: "):
        parsed("%YAML 1.3\n---\nname: a\n", "mine.yaml")


def test_a_name_that_two_values_are_given_is_the_later_ones_without_a_word() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        root = parsed("name: &same a\nbusiness: &same b\nqueue: *same\n", "mine.yaml").root
    assert (root["queue"], told) == ("b", [])


@pytest.mark.parametrize(("named", "column"), [("null", 1), ('""', 10), ("7", 10), ("[small.yaml]", 1)])
def test_a_file_must_be_named_to_be_extended(named: str, column: int) -> None:
    (problem,) = problems_of(f"extends: {named}\n")
    assert (problem.column, problem.message) == (column, "“extends” must name a file, such as default.yaml")


def test_a_file_of_other_bytes_says_where_they_begin(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"name: small\n" * 1000 + b"business: Caf\xe9\n")
    with pytest.raises(PolicyInvalid, match=r"latin\.yaml:1001:14 can't be read: this is no text in UTF-8"):
        read_policy(file)


def test_a_file_is_looked_for_beside_the_one_that_names_it(tmp_path: Path) -> None:
    """A policy far away from the one it extends: the rules that one names stand beside it, wherever that is."""
    shared, own = tmp_path / "common", tmp_path / "own"
    for folder in (shared / "rules", own):
        folder.mkdir(parents=True)
    (shared / "base.yaml").write_text(SMALL.replace(": small_rules.yaml", ": rules/us.yaml"), encoding="utf-8")
    rules = (BAD / "small_rules.yaml").read_text(encoding="utf-8")
    (shared / "rules" / "us.yaml").write_text(rules, encoding="utf-8")
    for reference in ("../common/base.yaml", str(shared / "base.yaml")):
        (own / "mine.yaml").write_text(f"extends: {reference}\nhops: 4\n", encoding="utf-8")
        loaded = read_policy(own / "mine.yaml")
        assert (loaded.policy.hops, loaded.pack_version) == (4, "small")
        assert policy_from_text(loaded.text, loaded.packs).hash == loaded.hash
    (own / "mine.yaml").write_text("extends: ../common/base.yaml\ncontact_rules: rules/us.yaml\n", encoding="utf-8")
    with pytest.raises(PolicyInvalid, match=r"own/mine\.yaml:2:16 there is no file “rules/us\.yaml” beside this one"):
        read_policy(own / "mine.yaml")
    (shared / "rules" / "us.yaml").unlink()
    (own / "mine.yaml").write_text("extends: ../common/base.yaml\n", encoding="utf-8")
    with pytest.raises(PolicyInvalid, match=r"common/base\.yaml:8:16 there is no file “rules/us\.yaml” beside this"):
        read_policy(own / "mine.yaml")


def test_the_hash_is_the_same_however_the_policy_is_written() -> None:
    loaded = read_policy(BAD / "small.yaml")
    packs = {"small_rules.yaml": (BAD / "small_rules.yaml").read_text(encoding="utf-8")}
    for text in (SMALL, SMALL.replace("\n", "\r\n"), "\ufeff" + SMALL, SMALL.replace("hops: 3", "hops: 0x3")):
        assert policy_from_text(text, packs).hash == loaded.hash
    assert load_policy("extends: small.yaml\n", "mine.yaml", BAD).hash == loaded.hash


@pytest.mark.parametrize("field", ["name", "hops", "fallback_queue"])
def test_every_change_of_meaning_changes_the_hash(field: str) -> None:
    other = {
        "name": "name: other",
        "hops": "hops: 4",
        "fallback_queue": "queues: [{name: late, channel: C0POOL}]\nfallback_queue: late",
    }
    loaded = load_policy(f"extends: small.yaml\n{other[field]}\n", "mine.yaml", BAD)
    assert loaded.hash != read_policy(BAD / "small.yaml").hash


def test_the_rules_of_contact_are_part_of_the_hash_even_their_notice() -> None:
    loaded = read_policy(BAD / "small.yaml")
    rules = loaded.packs["small_rules.yaml"]
    for old, new in (
        ("Mo-Sa 09:00", "Mo-Sa 10:00"),
        ("For tests alone", "Ask counsel"),
        ("version: small", "version: next"),
    ):
        assert policy_from_text(loaded.text, {"small_rules.yaml": rules.replace(old, new)}).hash != loaded.hash


def test_a_stored_policy_whose_rules_are_gone_says_so() -> None:
    with pytest.raises(PolicyInvalid, match=r"there is no file “small_rules\.yaml”"):
        policy_from_text(SMALL, {})


def test_problems_are_plain_values() -> None:
    (problem,) = problems_of("extends: small.yaml\nhopps: 3\n")
    assert dataclasses.astuple(problem) == ("mine.yaml", 2, 1, "unknown key “hopps”", "hops", "error")


def test_a_voicemail_that_is_no_text_of_the_policy_is_named_where_it_stands() -> None:
    (problem,) = problems_of("extends: small.yaml\ncalls: {voicemail: no_such_text}\n")
    assert (problem.line, "no_such_text" in problem.message or "text" in problem.message) == (2, True)
