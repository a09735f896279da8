"""Texts to people, in Liquid: checked when a policy is loaded, filled when a touch is made, counted in segments."""

import difflib
import math
from collections.abc import Mapping
from functools import lru_cache

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError

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


class _Limited(Environment):
    """Enough for a text message, too little to harm anybody (a policy author may loop)."""

    output_stream_limit = 4000
    loop_iteration_limit = 100
    context_depth_limit = 10


_LIQUID = _Limited(undefined=StrictUndefined)


def problem_of(text: str) -> str | None:
    """What is wrong with a text, in a sentence; None when it can be used."""
    try:
        used = _LIQUID.from_string(text).analyze().globals
    except LiquidError as error:
        return f"not a text: {str(error).splitlines()[0]}"
    for name in used:
        if name not in VARIABLES:
            near = difflib.get_close_matches(name, VARIABLES, n=1)
            return f"there is no variable “{name}”" + (f"; did you mean “{near[0]}”?" if near else "")
    return _unfillable(text)


def _unfillable(text: str) -> str | None:
    return trouble(text, SAMPLE, None)


def trouble(text: str, values: Mapping[str, str], most_segments: int | None) -> str | None:
    """Why a text can't be sent with these values, in a sentence; None when it can."""
    where = "" if values["language"] == "en" else f" in “{values['language']}”"
    try:
        filled = fill(text, values)
    except LiquidError as error:
        return f"can't be filled{where}: {str(error).splitlines()[0]}"
    if not filled:
        return f"the text is empty{where}"
    if most_segments is None or (count := segments(filled)) <= most_segments:
        return None
    return f"takes {count} SMS segments{where}; shorten it, keep to GSM-7 letters, or set one_segment: false"


@lru_cache(maxsize=512)
def _template(text: str) -> BoundTemplate:
    return _LIQUID.from_string(text)


@lru_cache(maxsize=512)
def variables(text: str) -> tuple[str, ...]:
    """The names of what is filled into a text. Raises LiquidError when it is none."""
    return tuple(_template(text).analyze().globals)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in. Raises LiquidError when one is missing or a limit is passed."""
    given: dict[str, str] = dict(values)
    return _template(text).render(given).strip()


def segments(text: str) -> int:
    """How many SMS segments a text takes: 160 (then 153) GSM-7 places, or 70 (then 67) UTF-16 units."""
    if _GSM.issuperset(text):
        return _pieces(len(text) + sum(map(text.count, GSM7_DOUBLE)), 160, 153)
    return _pieces(len(text.encode("utf-16-be")) // 2, 70, 67)


def _pieces(length: int, alone: int, joined: int) -> int:
    return 1 if length <= alone else math.ceil(length / joined)
