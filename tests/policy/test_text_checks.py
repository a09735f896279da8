"""What `policy check` says of texts: languages, the business's name in answers to missed calls, how to stop."""

import re

import pytest

from policy import proofs, texts
from policy.load import LoadedPolicy, PolicyInvalid, load_policy
from policy.problems import Problem
from tests.policy.cases import POLICIES, default

HEAD = "extends: default.yaml\ntexts:\n"
STOP = "Reply STOP to opt out"
SPANISH_TEAM = """team:
  - {handle: ada, name: Ada Reyes, slack: U0ADA, email: a@b.example, phone: "+15125550101", languages: [en, es]}
"""
WEBINAR = """routes:
  - {name: webinar, when: source == "webinar", because: came, open: [text_back, human_task],
     closed: [text_back, human_task], purpose: responsive, text: hello}
"""


def loaded(words: str, rest: str = "") -> LoadedPolicy:
    return load_policy(f"{HEAD}{words}\n{rest}", "mine.yaml", POLICIES)


def refused(words: str, rest: str = "") -> Problem:
    with pytest.raises(PolicyInvalid) as found:
        loaded(words, rest)
    (problem,) = found.value.problems
    return problem


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ('  missed_call: "Sorry we missed you! Reply STOP to opt out"', (3, 16)),
        ('  missed_call: "{{ business | truncate: 5 }} missed you. STOP"', (3, 16)),
        ('  missed_call: "{% if rep %}{{ business }}{% else %}We{% endif %} missed you. STOP"', (3, 16)),
        ('  missed_call: "{% unless rep == empty %}{{ business }} {% endunless %}missed you. STOP"', (3, 16)),
        ('  missed_call:\n    en: "{{ business }} missed you. STOP"\n    es: "Perdone. STOP"', (5, 9)),
        ('  missed_call: {en: "{{ business }} missed you. STOP", es: "Perdone. STOP"}', (3, 60)),
    ],
)
def test_an_answer_to_a_missed_call_names_the_business_wherever_its_conditions_lead(
    words: str, place: tuple[int, int]
) -> None:
    """R14."""
    problem = refused(words)
    assert "has to name the business" in problem.message
    assert "“missed_call”" in problem.message
    assert (problem.file, problem.line, problem.column) == ("mine.yaml", *place)


@pytest.mark.parametrize(
    "words",
    [
        '  missed_call: "BRIGHTSIDE missed you. STOP"',
        '  missed_call: "{% if rep %}{{ business }}{% else %}Brightside{% endif %} missed you. STOP"',
        '  missed_call: {es: "{{ business | upcase }}: perdone. STOP"}',
        '  rescue: "Sorry, still on it. STOP"',
    ],
)
def test_a_name_that_is_there_is_found_and_other_texts_may_do_without(words: str) -> None:
    assert loaded(words).policy.name == "default"


def test_a_route_that_takes_some_missed_calls_before_the_others_is_held_to_it_too() -> None:
    route = """routes:
  - {name: big, when: employees > 500, because: large, open: [text_back, human_task], closed: [text_back, human_task],
     purpose: responsive, text: hello}
"""
    problem = refused(f'  hello: "We are on it. {STOP}"', route)
    assert "route “big”" in problem.message


def test_a_text_with_too_many_conditions_to_look_at_is_said_to_be_one() -> None:
    problem = refused('  missed_call: "{{ business }}' + "{% if rep %}.{% endif %}" * 9 + '. STOP"')
    assert "more than 256" in problem.message


@pytest.mark.parametrize(
    ("words", "said", "column"),
    [
        ('  hello: {en: "Hi {{ name }}"}', "there is no variable “name”", 15),
        ('  hello: {en: "Hi {{ rep"}', "not a text", 15),
        ('  hello: {english: "Hi"}', "not a language", 20),
        ("  hello: {}", "at least 1", 3),
        ("  hello: {en: 7}", "in quotes", 15),
        ("  hello: {en: {en: Hi}}", "a text is expected", 11),
        ("  hello: [Hi]", "a text is expected", 3),
        ('  hello: {en: "' + "a" * 161 + '"}', "takes 2 SMS segments", 15),
        ('  hello: "{% if rep == empty %}{{ rep | nofilter }}{% endif %}Hi"', "nofilter", 10),
    ],
)
def test_each_language_is_checked_where_it_stands(words: str, said: str, column: int) -> None:
    problem = refused(words)
    assert said in problem.message
    assert (problem.line, problem.column) == (3, column)


@pytest.mark.parametrize(("language", "filled"), [("es", "Hola"), ("en", "Hi"), ("fr", "Hi"), ("", "Hi")])
def test_a_person_gets_their_language_or_else_english(language: str, filled: str) -> None:
    policy = loaded('  rescue: {es: "Hola", en: "Hi"}').policy
    assert policy.text("rescue", language) == filled
    assert policy.text("absent", language) is None


def test_where_there_is_no_english_either_it_is_the_first() -> None:
    assert texts.in_language({"pt": "Oi", "es": "Hola"}, "fr") == ("pt", "Oi")
    assert texts.in_language("Hi", "es") == (None, "Hi")


def warned(words: str, rest: str = "") -> list[str]:
    return [each.message for each in loaded(words, rest).warnings if each.line == 3]


def test_a_first_text_that_leaves_people_guessing_is_a_warning() -> None:
    (solicits,) = warned('  nurture_hello: "Hi {{ first_name }}, {{ business }} here. Any question?"')
    assert solicits == "a first text of our own initiative that doesn't say how to stop it (STOP)"
    (neither,) = warned('  hello: "Hi {{ first_name }}, got your request."', WEBINAR)
    assert neither == "a first text that says neither who writes ({{ business }}) nor how to stop it (STOP)"
    assert warned('  hello: "Hi {{ first_name }}, {{ business }} here, got your request."', WEBINAR) == []
    assert warned('  rescue: "Hi again."') == []


def test_a_language_that_the_team_speaks_and_a_text_leaves_out_is_a_warning() -> None:
    words = f'  rescue: {{en: "{{{{ business }}}} again. {STOP}"}}'
    assert warned(words, SPANISH_TEAM) == ["not in es, which the team speaks: those people get it in en"]
    assert warned(words) == []


def test_a_proof_says_what_a_text_takes_and_costs_and_what_it_may_come_to() -> None:
    found = proofs.of_text("hand_raise", "en", default(), {})
    assert (found.sent.encoding, found.sent.segments, str(found.sent.price)) == ("GSM-7", 1, "0.0200")
    assert (found.worst.encoding, found.worst.segments, str(found.worst.price)) == ("UCS-2", 3, "0.0290")
    assert found.worst.beyond == ("ł",)


def test_the_longest_values_are_those_that_are_let_through() -> None:
    from activities import strangers

    assert strangers.first_name("m" * proofs.LONGEST["first_name"])
    assert strangers.first_name("m" * (proofs.LONGEST["first_name"] + 1)) is None
    assert strangers.sendable("m" * proofs.LONGEST["company"])
    assert not strangers.sendable("m" * (proofs.LONGEST["company"] + 1))


def test_what_forces_ucs_2_is_named_once_each() -> None:
    assert texts.beyond_gsm("“Hi” — ok “again”") == ("“", "”", "—")
    assert re.fullmatch("[a-z]", texts.beyond_gsm("a{b}ç")[0]) is None
