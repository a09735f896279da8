"""What of a policy is never reached, contradicts itself or is hardly meant: named at its place, all at once."""

import time
from pathlib import Path

import pytest

from policy.load import LoadedPolicy, PolicyInvalid, load_policy, policy_from_text, read_policy
from policy.problems import Problem, Severity
from tests.policy import cases

BAD = Path(__file__).parent / "bad"
ROUTES = "routes: [{name: a, when: %s, because: x, %s}, {name: b, when: %s, because: x, %s}]"
TASK = "open: [human_task], closed: [human_task]"


def found(text: str) -> list[str]:
    """Problems of the small policy with these parts, as `line:column message`."""
    with pytest.raises(PolicyInvalid) as caught:
        load_policy(f"extends: small.yaml\n{text}\n", "mine.yaml", BAD)
    return [str(each).removeprefix("mine.yaml:") for each in caught.value.problems]


def loaded(text: str) -> LoadedPolicy:
    return load_policy(f"extends: small.yaml\n{text}\n", "mine.yaml", BAD)


def warned(text: str) -> list[str]:
    return [str(each).removeprefix("mine.yaml:") for each in loaded(text).warnings if each.file == "mine.yaml"]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ('"true"', "referred"),
        ("referred", "referred"),
        ("'source == \"webinar\"'", "'\"webinar\" == source && open'"),
        ('\'source in ["webinar", "import"]\'', "'source == \"import\"'"),
        ("'source != \"webinar\"'", '\'source == "import" || source == "newsletter"\''),
        ("'high_intent_visits >= 2'", "'high_intent_visits == 3 && referred'"),
        ("'title.matches(\"x\")'", "'title.matches(\"x\")  &&  referred'"),
        ('\'!(band in ["C", "D"])\'', "'band == \"A\"'"),
    ],
)
def test_a_route_whose_leads_are_all_taken_above_is_never_reached(above: str, below: str) -> None:
    text = ROUTES % (above, TASK, below, TASK)
    column = text.index(f"when: {below}", text.index("name: b")) + len("when: ") + 1
    assert found(text) == [f"2:{column} never reached: “a” takes every lead of this one; move it up, or out"]


def test_a_route_may_be_taken_by_several_above_together() -> None:
    text = "routes:\n" + "".join(
        f"  - {{name: r{number}, when: '{when}', because: x, {TASK}}}\n"
        for number, when in enumerate(['source == "webinar"', 'source == "import" && open', "!open", "source in []"])
    )
    text += f'  - {{name: last, when: \'source in ["webinar", "import"]\', because: x, {TASK}}}\n'
    assert [line.partition(" ")[2] for line in found(text)] == [
        "this condition can never be true",
        "never reached: those above together take every lead of this one; move it up, or out",
    ]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("referred", '"true"'),
        ("'source == \"webinar\" && open'", "'source == \"webinar\"'"),
        ("'high_intent_visits == 3'", "'high_intent_visits >= 2'"),
        # An answer may be missing: then neither of two opposite conditions is true.
        ('\'answers["a"] == "b" || !(answers["a"] == "b")\'', "referred"),
        ("'title.matches(\"x\")'", "'title.matches(\"y\")'"),
        ("nobody", "referred"),  # a route that can't be used takes nothing
    ],
)
def test_a_route_that_some_lead_may_reach_is_left_alone(above: str, below: str) -> None:
    problems = _problems(ROUTES % (above, TASK, below, TASK))
    assert [str(each) for each in problems if "nobody" not in each.message] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'disqualify: [{name: a, when: referred, because: x, then: close}, {name: b, when: "referred && test", '
            "because: x, then: close}]",
            ["2:82 never reached: “a” takes every lead of this one; move it up, or out"],
        ),
        (
            "score: [{name: a, when: 'handoffs > 3 && handoffs < 2', points: 1, because: x}]",
            ["2:25 this condition can never be true"],
        ),
        (
            "fallback: {open: [human_task, text_back], closed: [nurture, nurture], track: quiet, text: hello}",
            ["2:31 never reached: human_task is always possible", "2:61 nurture is tried above already"],
        ),
        (
            "fallback: {open: [text_back], text: hello, sla: bare}\n"
            "sla: {bare: {ladder: [{at: 1h, do: remind}, {at: 2h, do: nurture}]}}",
            [
                "2:12 none of these may be possible, and nobody is offered the lead; end with one of nurture, "
                "human_task, or name an SLA class with an offer"
            ],
        ),
        (
            "sla:\n  task:\n    ladder:\n      - {at: 0m, do: offer}\n      - {at: 1bd, do: nurture}\n"
            "      - {at: 2bd, do: supervisor}\n      - {at: 3bd, do: nurture}",
            [
                "7:9 never before nurture, which gives up: nurture comes once and last",
                "8:9 a second nurture: nurture comes once and last",
            ],
        ),
        (
            "contact: {caps: [{most: 7, within: 24h}, {most: 3, within: 7d}, {most: 5, within: 7d}]}",
            [
                "2:18 never counts: only 3 are allowed within 7d anyway",
                "2:65 a second cap within 7d, which allows less",
            ],
        ),
    ],
)
def test_what_can_never_happen_is_named_at_its_place(text: str, said: list[str]) -> None:
    lines = found(text)
    assert [line for line in lines if line in said] == said, lines


@pytest.mark.parametrize(
    ("marks", "early"),
    [
        (["0m", "50%", "75%", "100%", "1h", "next_day_end"], []),
        (["0m", "2h", "5m", "1h"], [2, 3]),
        (["30m", "50%"], [1]),  # half of 30 minutes
        (["1bd", "same_day"], [1]),
        (["2bd", "next_day_end"], [1]),
        (["next_day_end", "1bd"], [1]),
        (["6h", "same_day"], []),  # which comes first depends on the hour
        (["same_day", "6h"], []),
        (["same_day", "1bd", "next_day_end", "2bd"], []),
        (["9h", "same_day"], [1]),  # no day is as long
    ],
)
@pytest.mark.parametrize("hours", ["Mo-Fr 09:00-17:00", "Mo-Sa 10:00-18:00; 2027 Jan 01-Mar 15 off"])
def test_rungs_stand_in_the_order_in_which_they_fall_due(marks: list[str], early: list[int], hours: str) -> None:
    rungs = "".join(f"      - {{do: remind, at: {mark}}}\n" for mark in marks)
    text = f'business: {{hours: "{hours}"}}\nsla:\n  reply:\n    due: 30m\n    ladder:\n{rungs}'
    places = [(each.line, each.message) for each in _problems(text)]
    said = "due before the remind above it; list rungs in the order they fall due"
    assert places == [(7 + number, said) for number in early]


def _problems(text: str) -> list[Problem]:
    try:
        loaded(text)
    except PolicyInvalid as invalid:
        return list(invalid.problems)
    return []


def test_hours_without_a_zone_mean_nothing() -> None:
    small = (BAD / "small.yaml").read_text(encoding="utf-8")
    with pytest.raises(PolicyInvalid) as caught:
        load_policy(small.replace("  zone: America/Chicago\n", ""), "mine.yaml", BAD)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (3, 1)
    assert problem.message.startswith("“zone” is missing: hours mean nothing without one")


def test_mistakes_of_every_kind_are_named_in_one_run(tmp_path: Path) -> None:
    rules = (BAD / "small_rules.yaml").read_text(encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(rules.replace("country: US", "country: us"), encoding="utf-8")
    text = (BAD / "small.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("contact_rules: small_rules.yaml", "contact_rules: rules.yaml"),  # a mistake in another file
        ("hops: 3", "hops: three"),  # of shape
        ("fallback_queue: inbound", "fallback_queue: outbound"),  # of reference
        ("{at: 50%, do: warn}", "{at: 50%, do: warn}, {at: 5m, do: remind}"),  # of the calendar
        ("work: {ladder: [{at: 4h,", "work: {ladder: [{at: 300bd,"),  # of the calendar's length
        ("reply: {ladder: [{at: 30m,", "reply: {ladder: [{at: half an hour,"),
        ("A: 70", "A: 10"),  # of figures
        ('when: source == "demo_request"', 'when: "open && !open"'),  # of reach
    ):
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(PolicyInvalid) as caught:
        load_policy(text, "mine.yaml", tmp_path)
    said = [each.message for each in caught.value.problems]
    for phrase in (
        "country", "hops", "outbound", "due before the warn", "takes more open time", "half an hour", "must fall",
        "never be true",
    ):  # fmt: skip
        assert [message for message in said if phrase in message], (phrase, said)
    assert len(said) == 8
    assert [each.message for each in caught.value.warnings]


def test_what_an_extending_file_says_is_checked_even_without_its_base() -> None:
    assert found("extends: gone.yaml\nhopps: 3\nhops: many".removeprefix("extends: gone.yaml\n")) != []
    with pytest.raises(PolicyInvalid) as caught:
        load_policy("extends: gone.yaml\nhopps: 3\nhops: many\n", "mine.yaml", BAD)
    assert [(each.line, each.message.partition("“")[0]) for each in caught.value.problems] == [
        (1, "there is no file "),
        (2, "unknown key "),
        (3, "hops: a whole number is expected"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("texts: {spare: Hello}", "2:16 nothing uses the text “spare”"),
        ("tracks: {spare: {rest: 3d}}", "2:10 nothing uses the track “spare”"),
        (
            "sla: {spare: {ladder: [{at: 1h, do: remind}]}}",
            "2:7 nothing uses the SLA class “spare”",
        ),
        (
            "queues: [{name: inbound, channel: C0POOL}, {name: spare, channel: C0POOL}]",
            "2:44 nothing uses the queue “spare”",
        ),
        ("bands: {A: 70, B: 45, C: 10}", "2:12 no lead is ever in band A: all points together are 10"),
        (
            "score: [{name: a, when: open, points: 9, because: x}, {name: b, when: ' open', points: 9, because: x}]",
            "2:71 the same as “a”, so that it counts twice",
        ),
        (
            "replies: {classifier: ruels}",
            "2:23 Baton has no classifier “ruels” of its own: unless your build adds it, the rules are asked",
        ),
        ("team: []", "2:1 nobody takes leads: each waits in the fallback queue"),
        (
            "team: [{handle: eve, name: Eve, slack: U0EVE, email: e, phone: '+15125550101', hours: Mo-Fr 18:00-22:00}]",
            "2:87 the hours of “eve” never meet the business's, so no call is ever theirs",
        ),
        (
            "contact: {courtesy: {call: Sa-Su 09:00-17:00}}",
            "2:28 where the business is these never meet its hours, so nobody there is ever called",
        ),
    ],
)
def test_what_is_hardly_meant_is_a_warning_and_the_policy_is_loaded(text: str, said: str) -> None:
    assert said in warned(text)
    assert {each.severity for each in loaded(text).warnings} == {Severity.WARNING}


def test_sources_without_a_route_are_named() -> None:
    (said,) = [str(each) for each in read_policy(BAD / "small.yaml").warnings if "sources" in each.message]
    assert said.startswith("small.yaml") or "small.yaml:" in said
    assert "webinar" in said
    assert "demo_request" not in said
    with_all = loaded(f"routes: [{{name: all, when: 'true || open', because: x, {TASK}}}]")
    assert not [each for each in with_all.warnings if "sources" in each.message]


@pytest.mark.parametrize("name", ["default", "always_open"])
def test_the_policies_we_ship_give_no_cause_for_a_warning(name: str) -> None:
    assert read_policy(cases.POLICIES / f"{name}.yaml").warnings == ()


def test_a_stored_policy_is_not_held_to_checks_that_came_after_it() -> None:
    small = read_policy(BAD / "small.yaml")
    older = small.text.replace("{at: 50%, do: warn}", "{at: 50%, do: warn}, {at: 5m, do: remind}")
    assert [each.at.amount for each in policy_from_text(older, small.packs).policy.sla["task"].ladder] == [
        0,
        50,
        300,
        1,
    ]
    with pytest.raises(PolicyInvalid):
        load_policy(older, "mine.yaml", BAD)


def test_a_stored_condition_may_name_a_value_that_no_lead_has() -> None:
    small = read_policy(BAD / "small.yaml")
    older = small.text.replace('when: source == "demo_request"', 'when: seniority == "boss"')
    assert policy_from_text(older, small.packs).policy.routes[0].when == 'seniority == "boss"'
    with pytest.raises(PolicyInvalid, match="“boss” is no value of seniority; there are owner, c_level"):
        load_policy(older, "mine.yaml", BAD)


def test_a_large_policy_is_checked_in_a_moment() -> None:
    routes = "".join(
        f"  - {{name: r{number}, when: 'source == \"s{number}\" && score > {number}', because: x, {TASK}}}\n"
        for number in range(400)
    )
    began = time.process_time()
    loaded(f"routes:\n{routes}")
    assert time.process_time() - began < 3
