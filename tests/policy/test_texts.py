"""Texts and conditions: what they may use, how they fail, how long a text is."""

from collections.abc import Mapping

import cel
import pytest

from policy import conditions, texts
from policy.conditions import LEAD_FACTS, ROUTE_FACTS, Reading
from policy.load import LoadedPolicy, PolicyInvalid
from tests.policy.cases import changed, default

MANUAL_LISTS = ("texts:", "yes/no:", "numbers:", "lists:", "answers:")


@pytest.mark.parametrize("name", sorted(default().policy.texts))
def test_default_texts_take_one_segment_name_the_business_and_say_how_to_stop(name: str) -> None:
    text = default().policy.text(name, "en") or ""
    filled = texts.fill(text, {**texts.SAMPLE, "business": "Brightside"})
    assert texts.segments(filled) == 1
    assert "Brightside" in filled or name == "referral"
    assert "STOP" in filled


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # two places each
        ("€" * 81, 2),
        ("é" * 160, 1),
        ("ê" * 70, 1),  # not in GSM-7: 70 to a segment
        ("ê" * 71, 2),
        ("👍" * 35, 1),  # two units each
        ("👍" * 36, 2),
        ("", 1),
        ("a" * 152 + "€" + "a" * 152, 3),  # the pair doesn't fit into the first one's last place
        ("a" * 151 + "€" + "a" * 153, 2),
        ("{" * 80, 1),
        ("{" * 76 + "a" + "{" * 76, 2),
        ("{" * 153, 3),  # 76 to a segment
        ("👍" * 67, 3),  # 33 to a segment, since a pair of surrogates is never split
        ("👍" * 66, 2),
        ("x" * 66 + "👍" + "x" * 66, 3),
        ("x" * 65 + "👍" + "x" * 67, 2),
        ("👨‍👩‍👧" * 8, 1),  # three of two units, two joiners
        ("👨‍👩‍👧" * 9, 2),
        ("It’s " + "a" * 65, 1),  # a typographic quote makes all of it UCS-2, unless the vendor replaces it
        ("It’s " + "a" * 66, 2),
        ("It's " + "a" * 155, 1),
        ("ç" * 70, 1),  # only the capital is in GSM-7
        ("ç" * 71, 2),
        ("Ç" * 160, 1),
    ],
)
def test_segments_are_counted_as_carriers_do(text: str, count: int) -> None:
    assert texts.segments(text) == count


def test_lead_data_is_a_value_and_never_a_template() -> None:
    assert texts.fill("Hi {{ first_name }}", {**texts.SAMPLE, "first_name": "{{ rep }}"}) == "Hi {{ rep }}"


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in (1..999999) %}x{% endfor %}",
        "{{ 'a' | date: 'x' | nothing }}",
        "{{ rep.name }}x{{ absent }}",
        "   ",
    ],
)
def test_a_text_that_would_fail_on_its_way_is_refused_when_loaded(text: str) -> None:
    assert texts.problem_of(text) is not None


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ('flags.exists(flag, flag == "toll_free")', None),
        ('answers["timeline"] == "now" && has_phone', None),
        ('title.matches("(?i)owner")', None),
        ('title.matches("[")', "fails on a sample lead"),
        ('page.startsWith("/pricing") ? 1 : 2', "gives 1, not yes or no"),
        ("pages.size() > 1", None),
        ("10 / handoffs > 1", "fails on a sample lead"),
    ],
)
def test_conditions_are_tried_when_loaded(condition: str, said: str | None) -> None:
    found = conditions.problem_of(condition, LEAD_FACTS)
    assert found is None if said is None else (found is not None and said in found)


def test_a_condition_that_errors_on_a_lead_is_false_and_remembered() -> None:
    source = 'answers["budget"] == "high"'
    reading = Reading({"answers": {}}, {source: cel.compile(source)})
    assert reading.holds("score/budget", source) is False
    assert reading.faults == [("score/budget", "the lead gave no “budget”")]


@pytest.mark.parametrize("answer", ["answers.budget", "size(answers.budget)"])
def test_a_condition_that_answers_neither_yes_nor_no_is_false_and_remembered(answer: str) -> None:
    reading = Reading({"answers": {"budget": "high"}}, {answer: cel.compile(answer)})
    assert reading.holds("score/budget", answer) is False
    assert [name for name, because in reading.faults if "not yes or no" in because] == ["score/budget"]


def test_the_manual_lists_every_fact() -> None:
    lines = [line.lstrip("# ") for line in default().text.splitlines() if line.startswith("#   ")]
    told = " ".join(line for line in lines if line.startswith(MANUAL_LISTS))
    assert [fact.name for fact in LEAD_FACTS if fact.name not in told] == []
    assert {fact.name for fact in ROUTE_FACTS} - {fact.name for fact in LEAD_FACTS} == {
        "score",
        "fit",
        "intent",
        "band",
    }


@pytest.mark.parametrize(
    ("spanish", "said"),
    [
        ("Hola {{ first_name }}. STOP para salir", None),
        ("", "the text is empty in “es”"),
        (
            "Así no cabe en un mensaje, porque la í no está entre las letras que un texto conoce",
            "2 SMS",
        ),
        ("{% for n in (1..200) %}x{% endfor %}", "can't be filled in “es”"),
    ],
)
def test_a_text_is_tried_in_every_language_of_the_team(spanish: str, said: str | None) -> None:
    text = '{% if language == "es" %}' + spanish + "{% else %}Hi, STOP to opt out{% endif %}"
    given = {"texts": {"rescue": text}}
    if said is None:
        assert with_speakers(given).policy.texts["rescue"] == text
        return
    with pytest.raises(PolicyInvalid, match=said):
        with_speakers(given)


def with_speakers(parts: Mapping[str, object]) -> LoadedPolicy:
    team = [rep.model_dump(mode="json", exclude_none=True) for rep in default().policy.team]
    return changed(team=[{**team[0], "languages": ["en", "es"]}, *team[1:]], **parts)
