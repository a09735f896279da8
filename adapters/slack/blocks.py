"""A chat message as Slack's Block Kit. Whatever people wrote is escaped here; this module sends nothing.

Two bits of markup pass: a mention written `<@U…>` and `*bold*`. `<!channel>` and links come out as plain letters.
"""

import re
from collections.abc import Iterator

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    InteractiveElement,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
)

from domain.ports import Button, ChatMessage

MENTION = re.compile(r"(<@[UW][A-Z0-9]{1,20}>)")
CUT_SHORT = re.compile(r"(&[a-z]{0,4}|<[^>]*)\Z")
# Block Kit's own limits (Slack's reference of blocks and composition objects).
SECTION, SECTIONS, ELEMENTS, LABEL, OPTIONS = 3000, 40, 25, 75, 100
FALLBACK = 3000


def escape(text: str) -> str:
    """What Slack asks of text that is not markup: nothing in it can mention, link or call a channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def markup(text: str, limit: int = SECTION) -> str:
    """Escaped but for mentions and at most `limit` long, never cut inside an escape or a mention."""
    parts = MENTION.split(text)
    whole = "".join(part if n % 2 else escape(part) for n, part in enumerate(parts))
    return whole if len(whole) <= limit else CUT_SHORT.sub("", whole[: limit - 1]) + "…"


def block_id(touch_id: str) -> str:
    """The id of a message's first block: by it the message is found again."""
    return f"baton:{touch_id}"


def build(touch_id: str, message: ChatMessage) -> list[Block]:
    """The headline, the lines in as few sections as they fit, then the buttons."""
    first = block_id(touch_id)
    texts = [_headline(message.text), *_sections(message.lines)][:SECTIONS]
    blocks: list[Block] = [
        SectionBlock(block_id=f"{first}#{n}" if n else first, text=MarkdownTextObject(text=text, verbatim=True))
        for n, text in enumerate(texts)
    ]
    for start in range(0, len(message.buttons), ELEMENTS):
        row = [_element(button) for button in message.buttons[start : start + ELEMENTS]]
        blocks.append(ActionsBlock(block_id=f"{first}#{len(blocks)}", elements=row))
    return blocks


def _headline(text: str) -> str:
    line = markup(text, SECTION - 2)
    return line if "*" in line or "\n" in line or not line.strip() else f"*{line}*"


def _sections(lines: tuple[str, ...]) -> Iterator[str]:
    kept = ""
    for line in map(markup, lines):
        if kept and len(kept) + 1 + len(line) > SECTION:
            yield kept
            kept = line
        else:
            kept = f"{kept}\n{line}" if kept else line
    if kept.strip():
        yield kept


def _element(button: Button) -> InteractiveElement:
    """A button, or a menu when there are options to choose from."""
    label = PlainTextObject(text=button.label[:LABEL], emoji=True)
    if not button.options:
        return ButtonElement(action_id=button.action, text=label, value=button.value, style=button.style)
    choices = [
        Option(value=value, text=PlainTextObject(text=text[:LABEL], emoji=True))
        for value, text in button.options[:OPTIONS]
    ]
    return StaticSelectElement(action_id=button.action, placeholder=label, options=choices)
