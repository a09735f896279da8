"""What a person sent, in lines for our own people. Of a picture it says what it was, never where it lies: nothing here
is fetched, and a link that a stranger made is none to press."""

from collections import Counter
from collections.abc import Sequence

from activities.strangers import quoted

LONGEST = 2900
"""Characters of a person's words: what the chat shows in one piece. A text of ten segments has 1530; all is kept."""

_KINDS = {"image": "picture", "video": "video", "audio": "recording"}


def shown(words: str | None, media: Sequence[str]) -> tuple[str, ...]:
    """The words of a text, and what came along by its content types; a picture may come without a word."""
    said = quoted(words, LONGEST)
    along = (_line(media),) if media else ()
    return (f"“{said}”", *along) if said or not along else along


def _line(media: Sequence[str]) -> str:
    found = Counter(_KINDS.get(each.partition("/")[0], "file") for each in media)
    counted = [f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in found.items()]
    return f"Sent {' and '.join(counted)} ({', '.join(dict.fromkeys(media))}): look in Twilio's console"
