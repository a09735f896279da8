"""What strangers wrote, made fit to be kept, to be sent to a person, or to be shown to our own people. Pure."""

import re
import unicodedata
from urllib.parse import urlsplit

from domain.messages import Attribution, Inquiry, Person, Signal

LONGEST_NAME = 200
"""Characters kept of a name, a company or a title."""

LONGEST_FIRST_NAME, LONGEST_SENT = 24, 60
"""Characters of a stranger's words that go into a text to a person."""

LONGEST_SHOWN = 200
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"
_FIRST_NAME = re.compile(rf"(?:{_LETTER}+(?:['’-]{_LETTER}+)*\.?|(?:{_LETTER}\.){{1,4}}{_LETTER}?)")
_ADDRESS = re.compile(r"//|@|\w[.\u3002\uff0e\uff61]\w")
# Chat markup has no escape of its own: where a character would mark something up, one that looks alike stands for it.
_ALIKE = str.maketrans("<>*~`", "«»\u2217\u223c\u02cb")
_EMPHASIS = re.compile(r"(?<![^\W_])_|_(?![^\W_])")


def one_line(words: str | None, longest: int = LONGEST_NAME) -> str | None:
    """White space collapsed, control and format characters dropped, cut to `longest`; None when nothing is left."""
    spaced = " ".join((words or "").split())
    if spaced.isprintable():  # most are; no character of those categories is
        return spaced[:longest].strip() or None
    return "".join(each for each in spaced if unicodedata.category(each) not in ("Cc", "Cf"))[:longest].strip() or None


def cleaned(person: Person) -> Person:
    """The person, each of their names one line."""
    names = {name: one_line(getattr(person, name)) for name in ("name", "company", "title")}
    changed = {name: words for name, words in names.items() if words != getattr(person, name)}
    return person.model_copy(update=changed) if changed else person


def cleaned_inquiry(inquiry: Inquiry) -> Inquiry:
    """The inquiry as it is kept: whoever it names on one line each."""
    said = inquiry.attribution
    names = {"page": one_line(said.page, 2000), "referrer_name": one_line(said.referrer_name)}
    changed = {name: words for name, words in names.items() if words != getattr(said, name)}
    attribution: Attribution = said.model_copy(update=changed) if changed else said
    person = cleaned(inquiry.person)
    if person is inquiry.person and attribution is said:
        return inquiry
    return inquiry.model_copy(update={"person": person, "attribution": attribution})


def cleaned_signal(signal: Signal) -> Signal:
    """The signal as it is kept."""
    page = one_line(signal.page, 2000)
    return signal.model_copy(update={"person": cleaned(signal.person), "page": page})


def first_name(name: str | None) -> str | None:
    """How to address somebody; None when what they gave is no name."""
    first = next(iter((name or "").split()), "")
    return first if len(first) <= LONGEST_FIRST_NAME and _FIRST_NAME.fullmatch(first) else None


def sendable(words: str | None) -> str:
    """Words that may go into a text: short, and nothing a phone could make a link of; else empty."""
    line = one_line(words) or ""
    return line if len(line) <= LONGEST_SENT and not _ADDRESS.search(line) else ""


def path_of(page: str | None) -> str:
    """A page without its host, which may be anybody's; empty when it is no path or too long."""
    try:
        path = urlsplit(one_line(page, 2000) or "").path
    except ValueError:
        return ""
    return path if path.startswith("/") and not path.startswith("//") and len(path) <= LONGEST_SENT else ""


def quoted(words: str | None, longest: int = LONGEST_SHOWN) -> str:
    """Words in a message of the chat: one line, unable to mention or link anybody, or to be taken for markup."""
    line = one_line(words, longest + 1) or ""
    short = line if len(line) <= longest else f"{line[:longest]}…"
    return _EMPHASIS.sub("ˍ", short.translate(_ALIKE))
