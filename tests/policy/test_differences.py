"""How two policies differ: by path, in words that read well, and nothing that is the same."""

import pytest

from policy import differences
from policy.load import LoadedPolicy, policy_from_text
from tests.policy import cases

RUNG, CAP = "sla.hand_raise.ladder[]", "contact.caps[]"


def between(old: LoadedPolicy, new: LoadedPolicy) -> list[tuple[str, str | None, str | None]]:
    return [(each.path, each.old, each.new) for each in differences.between(old, new)]


def worded(old: str, new: str) -> LoadedPolicy:
    """The default policy with words of its file replaced."""
    text = cases.default().text
    assert old in text
    return policy_from_text(text.replace(old, new, 1), cases.default().packs)


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("hops: 3", "hops: 2", ("hops", "3", "2")),
        ("sandbox: false", "sandbox: true", ("sandbox", "false", "true")),
        ("Mo-Fr 09:00-17:00\n", "Mo-Fr 08:00-17:00\n", ("business.hours", "Mo-Fr 09:00-17:00", "Mo-Fr 08:00-17:00")),
        ("{at: 75%, do: warn}", "{at: 80%, do: warn}", (RUNG, "{at: 75%, do: warn}", "{at: 80%, do: warn}")),
        ("      - {at: 75%, do: warn}\n", "", (RUNG, "{at: 75%, do: warn}", None)),
        ("points: 40", "points: 45", ("score[asked_for_us].points", "40", "45")),
        ("most: 3, within: 24h", "most: 3, within: 9h", (CAP, "{most: 3, within: 24h}", "{most: 3, within: 9h}")),
        ("territories: [TX, OK]", "territories: [TX]", ("team[ada].territories", "[TX, OK]", "[TX]")),
    ],
)  # fmt: skip
def test_one_change_is_told_by_its_path(old: str, new: str, change: tuple[str, str, str | None]) -> None:
    assert between(cases.default(), worded(old, new)) == [change]
    path, before, after = change
    assert between(worded(old, new), cases.default()) == [(path, after, before)]


def test_the_same_policy_in_other_words_differs_in_nothing() -> None:
    assert between(cases.default(), worded("# Offers after the first one", "# Some more offers")) == []
    assert between(cases.default(), cases.changed()) == []


def test_routes_that_change_places_are_told_as_their_order() -> None:
    routes = [each.model_dump(mode="json", exclude_none=True) for each in cases.default().policy.routes]
    swapped = cases.changed(routes=[routes[1], routes[0], *routes[2:]])
    (change,) = [each for each in between(cases.changed(routes=routes), swapped) if "order" in each[0]]
    assert (change[0], (change[2] or "").split(", ")[:2]) == ("routes (order)", [routes[1]["name"], routes[0]["name"]])


def test_a_change_of_the_law_is_told_with_the_name_of_its_file() -> None:
    name, pack = next(iter(cases.default().packs.items()))
    older = policy_from_text(cases.default().text, {name: pack.replace("2026-11", "2026-10")})
    paths = [path for path, _, _ in between(older, cases.default())]
    assert paths
    assert all(path.startswith("contact_rules: ") for path in paths)


def test_a_long_value_is_cut() -> None:
    found = differences.between(cases.default(), cases.changed(texts={"rescue": "x" * 150, "more": "y" * 159}))
    assert all(len(each.new or "") <= differences.LONGEST for each in found)
    assert [each.path for each in found] == ["texts.rescue", "texts.more"]


def test_the_first_policy_differs_from_nothing() -> None:
    assert differences.between(None, cases.default()) == ()
