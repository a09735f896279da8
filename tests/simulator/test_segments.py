"""The figures of 3GPP TS 23.038: 160/153 septets, 70/67 UTF-16 units."""

import pytest

from simulator.segments import segments


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # the pair of septets doesn't fit into the first part's last place
        ("ł" * 70, 1),
        ("ł" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 67, 3),  # 33 to a part, since a surrogate pair is never split
    ],
)
def test_a_text_has_as_many_parts_as_the_standard_says(body: str, parts: int) -> None:
    assert segments(body) == parts
