"""A job title as people write it, in English or Spanish → seniority and department (R3). Total: any text has an answer.

A table of phrases, longest first; roles_table.py holds it.
"""

import re
import unicodedata
from functools import lru_cache

from policy.roles_table import DEPARTMENTS, LEVELS, PHRASES, RUNS_ALL

_MOST_WORDS = 24
_LONGEST = 200
_LONGEST_PHRASE = 4
_PARTS = re.compile(r"[,;|/()&+·•]|\s[-–—]\s|\band\b|\by\b|\be\b")
_LEARNS = ("student", "intern")
_AIDES = ("assistant to", "aide to", "secretary to", "asistente de", "asistente del", "secretaria de", "secretario de",
          "auxiliar de", "executive assistant", "personal assistant", "office of", "ea to", "pa to")  # fmt: skip


@lru_cache(maxsize=4096)
def seniority_of(title: str | None) -> str:
    """owner, c_level, vp, director, manager, individual, intern or student; empty without a title. Of several, the
    highest; somebody who begins as a student or intern is one."""
    parts = [words for part in _PARTS.split(_plain(title)) if (words := _words(part))]
    found = [level for words in parts if (level := _level(words))]
    if not parts:
        return ""
    if found and found[0] in _LEARNS:
        return found[0]
    return min(found, key=LEVELS.index, default="individual")


@lru_cache(maxsize=4096)
def department_of(title: str | None) -> str:
    """sales, marketing, it, finance, operations, …, by the first word that tells; management for whoever runs it all;
    empty when nothing tells."""
    words = _words(_plain(title))
    for start in range(len(words)):
        for phrase in _phrases(words, start):
            if phrase in DEPARTMENTS:
                return DEPARTMENTS[phrase]
    return "management" if seniority_of(title) in RUNS_ALL else ""


def _plain(title: str | None) -> str:
    """In small letters, without accents and the dots of abbreviations."""
    letters = unicodedata.normalize("NFKD", (title or "")[:_LONGEST]).casefold()
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.replace(".", "").replace("'", "").replace("’", "")


def _words(part: str) -> list[str]:
    return re.sub(r"[^\w\s]|_", " ", part).split()[:_MOST_WORDS]


def _level(words: list[str]) -> str | None:
    """The seniority that one part of a title tells; None when it tells none, as “Sales” does not."""
    if " ".join(words).startswith(_AIDES):
        return "individual"
    levels = list(_levels(words))
    learns = [level for level in levels if level in _LEARNS]
    if learns and (levels[0] in _LEARNS or not _leads(levels)):
        return learns[0]
    return min((level for level in levels if level not in _LEARNS), key=LEVELS.index, default=None)


def _leads(levels: list[str]) -> bool:
    return any(LEVELS.index(level) < LEVELS.index("individual") for level in levels)


def _levels(words: list[str]) -> list[str]:
    """The level of each phrase of the table, left to right; a longer phrase hides the shorter ones within it."""
    found, at = [], 0
    while at < len(words):
        phrase = next((phrase for phrase in _phrases(words, at) if phrase in PHRASES), None)
        if phrase is None and words[at] == "chief":
            phrase = "chief"
            found.append("c_level" if "officer" in words[at:] else "director")
        elif phrase is not None:
            found.append(PHRASES[phrase])
        at += len(phrase.split()) if phrase else 1
    return found


def _phrases(words: list[str], start: int) -> list[str]:
    longest = min(_LONGEST_PHRASE, len(words) - start)
    return [" ".join(words[start : start + size]) for size in range(longest, 0, -1)]
