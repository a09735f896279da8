"""What a text from a person means to us: stop, start, help, or a reply for a person to read.

Opting out may be said in any reasonable wording (requirement N11), so this leans towards stop where a keyword stands
alone and where a phrase is said to us; a keyword in passing ("when does the trial end?") is a reply. It only reads
and must not act on anything.
"""

import re
import unicodedata
from typing import Literal

from policy import reply_phrases as phrases
from policy import reply_words as words

Meaning = Literal["stop", "start", "help", "yes", "reply"]

LONGEST_READ = 4096
"""Characters looked at; the longest text a carrier delivers has 1600."""

_SENTENCE_ENDS = re.compile(r"[.!;,\n\r:()\u2026\u2014\u00a1\u00bf|/]+|(?<=\?)| - ")
_SPELLED_OUT = re.compile(r"^(?:\w[\W_]{1,3}){3,}\w$")
_EDGES = " .,!?\"'*-\t\r\n"
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_SHOUTED_AT_THE_END = re.compile(r"\bSTOP\W*$")
_REACTION = re.compile(phrases.REACTION, re.IGNORECASE)
_STOP_PHRASES = tuple(re.compile(phrase) for phrase in phrases.STOP_PHRASES)
_NOT_STOP = tuple(re.compile(phrase) for phrase in phrases.NOT_STOP)
_NO_CALLS = re.compile(phrases.NO_CALLS)
_WRITE_INSTEAD = re.compile(phrases.WRITE_INSTEAD)
_MERELY_FOR_NOW = re.compile(phrases.MERELY_FOR_NOW)
_NEGATED = re.compile(phrases.NEGATED)
_FOR_GOOD = re.compile(phrases.FOR_GOOD)


def meaning_of(body: str) -> Meaning:
    """What `body` means. A bare "yes" takes an opt-out back where there is one; for anybody else it is a reply.

    START and HELP count only as the single word; everything else that isn't stop is a reply.
    """
    text = folded(body[:LONGEST_READ])
    if _REACTION.match(body):
        return "reply"
    sentences = sentences_of(text)
    whole = " ".join(sentences)
    if whole in words.HELP:
        return "help"
    if whole in words.START:
        return "start"
    if whole in words.YES:
        return "yes"
    return "stop" if _says_stop(body, text, sentences) else "reply"


def understood(meaning: str, opted_out: bool) -> str:
    """What a meaning comes to once it is known whether the sender is opted out: "yes" is start, or a reply."""
    if meaning != "yes":
        return meaning
    return "start" if opted_out else "reply"


def _says_stop(body: str, text: str, sentences: list[str]) -> bool:
    if _WRITE_INSTEAD.search(" ".join(sentences)):
        sentences = [left for sentence in sentences if (left := _NO_CALLS.sub("", sentence).strip())]
    whole = " ".join(sentences)
    if _is_keyword(whole, words.STRONG | words.WEAK) or _is_spelled_out(text) or _stands_alone(sentences):
        return True
    cleaned = [_without_turns_of_phrase(sentence) for sentence in sentences]
    if any(_is_phrase(sentence) for sentence in cleaned):
        return True
    return bool(_SHOUTED_AT_THE_END.search(body)) and bool(cleaned) and cleaned[-1].endswith("stop")


def _stands_alone(sentences: list[str]) -> bool:
    """Whether one sentence of several is nothing but a keyword; weaker words only open or close a message."""
    said = [sentence for sentence in sentences if not sentence.endswith("?")]
    if any(_is_keyword(sentence, words.STRONG) for sentence in said):
        return True
    edges = {sentences[0], sentences[-1]} if sentences else set()
    return any(
        _is_keyword(sentence, words.WEAK, words.NOISE - words.POINTING) for sentence in said if sentence in edges
    )


def _is_keyword(sentence: str, keywords: frozenset[str], noise: frozenset[str] = words.NOISE) -> bool:
    """Whether `sentence` is one of `keywords` with nothing but noise around it."""
    if _is_put_off(sentence):
        return False
    for phrase, keyword in words.KEYWORD_PHRASES.items():
        sentence = re.sub(rf"\b{phrase}\b", keyword, sentence)
    left = [word for word in map(_word, sentence.split()) if word not in noise]
    return bool(left) and all(word in keywords for word in left)


def _is_phrase(sentence: str) -> bool:
    return not _is_put_off(sentence) and any(phrase.search(sentence) for phrase in _STOP_PHRASES)


def _is_put_off(sentence: str) -> bool:
    """Whether it asks us to wait, not to end: "don't call me before five"."""
    return bool(_NEGATED.search(sentence) and _MERELY_FOR_NOW.search(sentence) and not _FOR_GOOD.search(sentence))


def _without_turns_of_phrase(sentence: str) -> str:
    for phrase in _NOT_STOP:
        sentence = phrase.sub("", sentence)
    return " ".join(sentence.replace("?", " ").split())


def folded(body: str) -> str:
    """Lower case, without accents, invisible characters, apostrophes and look-alike letters."""
    text = unicodedata.normalize("NFKC", body.replace("\U0001f6d1", " stop ")).casefold()
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in {"Mn", "Cf", "Me"})
    return re.sub(r"['\u2019\u2018\u00b4`\u02bc]", "", text).translate(words.LOOKALIKES)


def sentences_of(text: str) -> list[str]:
    """The sentences of a folded text: words parted by one blank; a question keeps its mark."""
    found = (" ".join(re.sub(r"[^\w?$]+|_", " ", part).split()) for part in _SENTENCE_ENDS.split(text))
    return [re.sub(r" ?\?+", "?", part) for part in found if part.strip("? ")]


def _word(word: str) -> str:
    """A word as a keyword would be spelled: stoppp, st0p and 5top are stop."""
    word = _LONG_RUN.sub(r"\1", word.strip("?"))
    return word.translate(words.DIGITS_AS_LETTERS) if re.search(r"[a-z]", word) else word


def _is_spelled_out(text: str) -> bool:
    """Whether it is a keyword letter by letter: s.t.o.p, S T O P."""
    letters = text.strip(_EDGES)
    return bool(_SPELLED_OUT.match(letters)) and re.sub(r"[\W_]+", "", letters) in words.STRONG
