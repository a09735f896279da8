"""Block Kit as far as Slack's door checks it, and the buttons in it as far as a rep's finger finds them."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

Json = dict[str, JsonValue]

_TYPES = frozenset(
    {"section", "header", "actions", "context", "divider", "image", "input", "rich_text", "markdown", "video", "file"}
)
_TEXT_LIMITS = {"section": 3000, "header": 150}


@dataclass(frozen=True, slots=True)
class Pressable:
    """A button, or one option of a select, with the block it sits in."""

    block_id: str
    element: Json
    option: Json | None

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))

    @property
    def value(self) -> str:
        return str((self.option or self.element).get("value", ""))


def faults_in(blocks: JsonValue) -> list[str]:
    """What Slack's invalid_blocks would name; empty when they pass. Limits: docs.slack.dev/reference/block-kit."""
    if not isinstance(blocks, list):
        return ["must be an array [json-pointer:/blocks]"]
    found = ["no more than 50 items allowed [json-pointer:/blocks]"] if len(blocks) > 50 else []
    ids = [block["block_id"] for block in blocks if isinstance(block, dict) and block.get("block_id")]
    if len(ids) != len({str(each) for each in ids}):
        found.append("block_id must be unique [json-pointer:/blocks]")
    for place, block in enumerate(blocks):
        where = f"[json-pointer:/blocks/{place}]"
        found += [f"{fault} {where}" for fault in _block_faults(block)]
    return found


def _block_faults(block: JsonValue) -> Iterator[str]:
    if not isinstance(block, dict) or block.get("type") not in _TYPES:
        yield "unsupported type"
        return
    kind = str(block["type"])
    if len(str(block.get("block_id", ""))) > 255:
        yield "block_id is longer than 255 characters"
    if kind in _TEXT_LIMITS and not (kind == "section" and block.get("fields")):
        yield from _text_faults(block.get("text"), _TEXT_LIMITS[kind])
    if kind in ("actions", "context"):
        elements = block.get("elements")
        limit = 25 if kind == "actions" else 10
        if not isinstance(elements, list) or not 1 <= len(elements) <= limit:
            yield f"elements must be an array of 1 to {limit}"
    for element in _elements(block):
        yield from _element_faults(element)


def _text_faults(text: JsonValue, limit: int) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        yield "missing required field: text"
    elif not 1 <= len(str(text.get("text", ""))) <= limit:
        yield f"text must have 1 to {limit} characters"


def _element_faults(element: Json) -> Iterator[str]:
    if len(str(element.get("action_id", ""))) > 255:
        yield "action_id is longer than 255 characters"
    if element.get("type") == "button":
        yield from _text_faults(element.get("text"), 75)
        if len(str(element.get("value", ""))) > 2000:
            yield "value is longer than 2000 characters"
        if element.get("style", "primary") not in ("primary", "danger"):
            yield "style must be primary or danger"
    if element.get("type") == "static_select":
        yield from _option_faults(list(_options(element)))


def _option_faults(options: list[Json]) -> Iterator[str]:
    if not 1 <= len(options) <= 100:
        yield "options must be an array of 1 to 100"
    for option in options:
        yield from _text_faults(option.get("text"), 75)
        if not 1 <= len(str(option.get("value", ""))) <= 150:
            yield "an option's value must have 1 to 150 characters"


def pressables(blocks: list[Json]) -> Iterator[Pressable]:
    """Everything a rep can press, from the top down."""
    for block in blocks:
        for element in _elements(block):
            block_id = str(block.get("block_id", ""))
            if element.get("type") == "button":
                yield Pressable(block_id, element, None)
            for option in _options(element):
                yield Pressable(block_id, element, option)


def with_ids(blocks: list[Json]) -> list[Json]:
    """As Slack stores them: a block or element without an id gets one."""
    return [{"block_id": f"b{place}", **_named(block)} for place, block in enumerate(blocks)]


def _named(block: Json) -> Json:
    elements = block.get("elements")
    if block.get("type") != "actions" or not isinstance(elements, list):
        return block
    named: list[JsonValue] = [
        {"action_id": f"a{place}", **each} if isinstance(each, dict) else each for place, each in enumerate(elements)
    ]
    return {**block, "elements": named}


def _elements(block: Json) -> Iterator[Json]:
    elements = block.get("elements") if block.get("type") == "actions" else None
    candidates = elements if isinstance(elements, list) else [block.get("accessory")]
    for element in candidates:
        if isinstance(element, dict):
            yield element


def _options(element: Json) -> Iterator[Json]:
    options = element.get("options")
    for option in options if isinstance(options, list) else []:
        if isinstance(option, dict):
            yield option
