"""Texts to people, in Liquid: checked when a policy is loaded, filled when a touch is made, counted in segments.

A text is written once for everybody, or once for each language.
"""

import difflib
from collections.abc import Callable, Mapping
from functools import lru_cache

from liquid import BoundTemplate
from liquid.exceptions import LiquidError

from policy.templates import Limited

Wording = str | Mapping[str, str]
"""One text for every language, or one for each by its two letters."""

FIRST = "en"
"""The language of whoever's is not known, and of whoever has no text in theirs."""

VARIABLES = ("business", "company", "first_name", "language", "page", "referrer", "rep", "source")
"""What a text may use. All of them are always given; one that is not known is an empty text."""

SAMPLE = {
    "business": "Brightside Roofing",
    "company": "Ortiz Roofing & Sons",
    "first_name": "Alexandria",
    "language": "en",
    "page": "/pricing",
    "referrer": "Christopher",
    "rep": "Maximilian",
    "source": "demo_request",
}
"""Rather long values: a text that fits one segment with these fits it for nearly everybody."""

GSM7 = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_DOUBLE = "^{}\\[~]|€\f"
"""The GSM 03.38 alphabet and its extension, whose characters take two places."""


_GSM = frozenset(GSM7 + GSM7_DOUBLE)


_LIQUID = Limited()


def in_language(wording: Wording, language: str) -> tuple[str | None, str]:
    """The text for somebody of this language, and which language that is (None: it is for all of them).

    Where there is none in theirs it is the English one, or else the first.
    """
    if isinstance(wording, str):
        return None, wording
    found = next((each for each in (language, FIRST) if each in wording), next(iter(wording)))
    return found, wording[found]


def problem_of(text: str) -> str | None:
    """What is wrong with a text, in a sentence; None when it can be used."""
    try:
        used = _LIQUID.read(text).analyze().globals
    except LiquidError as error:
        return f"not a text: {said(error)}"
    for name in used:
        if name not in VARIABLES:
            near = difflib.get_close_matches(name, VARIABLES, n=1)
            return f"there is no variable “{name}”" + (f"; did you mean “{near[0]}”?" if near else "")
    return _unfillable(text)


def said(error: LiquidError) -> str:
    """What Liquid has against a text, in a line."""
    return str(error).splitlines()[0]


def _unfillable(text: str) -> str | None:
    return trouble(text, SAMPLE, None)


def trouble(text: str, values: Mapping[str, str], most_segments: int | None) -> str | None:
    """Why a text can't be sent with these values, in a sentence; None when it can."""
    where = "" if values["language"] == "en" else f" in “{values['language']}”"
    try:
        filled = fill(text, values)
    except LiquidError as error:
        return f"can't be filled{where}: {said(error)}"
    if not filled:
        return f"the text is empty{where}"
    if most_segments is None or (count := segments(filled)) <= most_segments:
        return None
    return f"takes {count} SMS segments{where}; shorten it, keep to GSM-7 letters, or set one_segment: false"


@lru_cache(maxsize=512)
def _template(text: str) -> BoundTemplate:
    return _LIQUID.read(text)


@lru_cache(maxsize=512)
def variables(text: str) -> tuple[str, ...]:
    """The names of what is filled into a text. Raises LiquidError when it is none."""
    return tuple(_template(text).analyze().globals)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in. Raises LiquidError when one is missing or a limit is passed."""
    given: dict[str, str] = dict(values)
    return _template(text).render(given).strip()


def segments(text: str) -> int:
    """How many SMS segments a text takes: 160 (then 153) GSM-7 places, or 70 (then 67) UTF-16 units (3GPP TS 23.038).
    A character of two places never lies in two segments, so that a place may stay empty."""
    if is_gsm(text):
        return _pieces(text, GSM7_DOUBLE.__contains__, 160, 153)
    return _pieces(text, lambda each: ord(each) > 0xFFFF, 70, 67)


def places(text: str) -> int:
    """What a text takes of its segments: GSM-7 places, of which some characters take two, or UTF-16 units."""
    return len(text) + sum(map(text.count, GSM7_DOUBLE)) if is_gsm(text) else len(text.encode("utf-16-be")) // 2


def is_gsm(text: str) -> bool:
    """Whether a text goes in GSM-7; one letter outside of it makes the whole of it UCS-2."""
    return _GSM.issuperset(text)


def beyond_gsm(text: str) -> tuple[str, ...]:
    """The characters that force a text into UCS-2, each once, in their order."""
    return tuple(dict.fromkeys(each for each in text if each not in _GSM))


def _pieces(text: str, is_double: Callable[[str], bool], alone: int, joined: int) -> int:
    if places(text) <= alone:
        return 1
    count, room = 1, joined
    for width in (1 + is_double(each) for each in text):
        if width > room:
            count, room = count + 1, joined
        room -= width
    return count
