"""Templates that would take long, or much room, are refused at once; every way through a text's conditions is found."""

import time

import pytest
from liquid.exceptions import LiquidError

from policy import templates, texts

VALUES = {**texts.SAMPLE, "business": "Brightside"}
SECONDS = 1.0
"""Far more than any of them takes now, far less than the worst took."""


@pytest.mark.parametrize(
    ("bomb", "said"),
    [
        ("{% for i in (1..999999999) %}x{% endfor %}", "loop iteration limit"),
        ("{% for i in (1..60) %}{% for j in (1..60) %}{% endfor %}{% endfor %}x", "loop iteration limit"),
        ("{% tablerow i in (1..1000000) %}x{% endtablerow %}", "loop iteration limit"),
        ("{% for i in (1..90) %}{{ business | ljust: 9 }}{% endfor %}", "unknown filter"),
        ("{% for i in (1..90) %}" + "x" * 60 + "{% endfor %}", "output stream limit"),
        ("{{ (1..100000000) | join: ',' }}", "a range (1..5) belongs in a for tag"),
        ("{% if (1..100000000) contains 'x' %}x{% endif %}y", "a range (1..5) belongs in a for tag"),
        ("{% assign a = (1..100000000) | reverse %}x", "a range (1..5) belongs in a for tag"),
        ("{% echo (1..100000000) | reverse %}x", "a range (1..5) belongs in a for tag"),
        ("{% assign a = business %}" + "{% assign a = a | append: a %}" * 40 + "x", "append makes too much"),
        ("{{ business" + " | replace: '', business" * 8 + " }}", "replace makes too much"),
        ("{% assign a = business | split: '' %}" + "{% assign a = a | concat: a %}" * 40 + "x", "concat makes too"),
        ("{% assign a = 99999999999 %}" + "{% assign a = a | times: a %}" * 40 + "x", "times makes too much"),
        ("{% capture a %}{{ business }}{% endcapture %}" + "{% capture a %}{{a}}{{a}}{% endcapture %}" * 30, "limit"),
        ("{% if rep %}" * 100 + "x" + "{% endif %}" * 100, "nesting limit"),
        ("{{ rep" + " | upcase" * 5000 + " }}", "at most 4000"),
        ("x" * 5_000_000, "at most 4000"),
        ("{% include 'a' %}", "unexpected tag"),
        ("{% render 'a' %}", "unexpected tag"),
        ("{% liquid\necho business %}", "unexpected tag"),
        ("{{ 'now' | date: '%H' }}", "unknown filter"),
    ],
)
def test_what_would_take_long_or_much_room_is_refused_at_once(bomb: str, said: str) -> None:
    began = time.perf_counter()
    found = texts.problem_of(bomb)
    assert found is not None
    assert said in found
    assert time.perf_counter() - began < SECONDS


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{% for i in (1..3) %}{{ i }}{% endfor %}", "123"),
        ("Call (9..5), {{ rep | upcase }}", "Call (9..5), MAXIMILIAN"),
        ("{{ page | replace: '..', \"(1..2)\" }}", "/pricing"),
        ("{% if rep == '' %}We{% else %}{{ rep | slice: 0, 3 }}{% endif %}", "Max"),
    ],
)
def test_ordinary_words_are_left_alone(text: str, filled: str) -> None:
    assert texts.problem_of(text) is None
    assert texts.fill(text, VALUES) == filled


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("plain", ["plain"]),
        ("{% if rep %}a{% endif %}b", ["ab", "b"]),
        ("{% if rep %}a{% elsif page %}b{% else %}c{% endif %}", ["a", "b", "c"]),
        ("{% unless rep %}a{% else %}b{% endunless %}", ["a", "b"]),
        ("{% case rep %}{% when 'x', 'y' %}a{% when 'z' %}b{% endcase %}c", ["ac", "bc", "c"]),
        ("{% case rep %}{% when 'x' %}a{% else %}b{% endcase %}", ["a", "b"]),
        ("{% if rep %}{% if page %}a{% else %}b{% endif %}{% else %}c{% endif %}", ["a", "b", "c"]),
        ("{% if rep %}a{% endif %}{% if page %}b{% endif %}c", ["abc", "ac", "bc", "c"]),
    ],
)
def test_a_text_is_read_in_every_way_its_conditions_may_turn_out(text: str, ways: list[str]) -> None:
    assert list(templates.fillings(text, VALUES)) == ways


def test_ways_are_looked_at_up_to_a_number() -> None:
    assert len(list(templates.fillings("{% if rep %}a{% endif %}" * 8, VALUES))) == 256
    with pytest.raises(templates.TooManyWays):
        list(templates.fillings("{% if rep %}a{% endif %}" * 9, VALUES))
    with pytest.raises(LiquidError):
        list(templates.fillings("{% if rep %}a{% else %}{{ nobody }}{% endif %}", VALUES))
