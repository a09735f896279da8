"""The attributes of one TwiML element, read with Twilio's leniency: what it doesn't understand it warns of and passes
over."""

from typing import TypeVar
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

T = TypeVar("T")


class TwimlError(Exception):
    """Twilio can't go on: an error code of twilio.com/docs/api/errors and what is wrong."""

    def __init__(self, code: int, what: str) -> None:
        super().__init__(f"{code}: {what}")
        self.code = code


class Attributes:
    """Each is taken by its name; `close` warns of those that nobody took. `base` is the document's own address."""

    def __init__(self, element: Element, base: str, warnings: list[str]) -> None:
        self.element = element
        self.base = base
        self.warnings = warnings
        self._left = dict(element.attrib)

    def text(self, name: str, unless: str | None = None) -> str | None:
        return self._left.pop(name, unless)

    def url(self, name: str) -> str | None:
        """Absolute; None if it isn't given or is empty."""
        given = self._left.pop(name, None)
        return self.absolute(given) if given else None

    def absolute(self, given: str) -> str:
        whole = urljoin(self.base, given.strip())
        if not whole.startswith(("http://", "https://")):
            raise TwimlError(11100, f"{given} is no address")
        return whole

    def number(self, name: str, unless: float) -> float:
        given = self._left.pop(name, None)
        if given is None:
            return unless
        if given.strip().isdigit():
            return float(given)
        return self._warn(name, given, unless)

    def flag(self, name: str, *, unless: bool) -> bool:
        given = self._left.pop(name, None)
        if given is None:
            return unless
        known = {"true": True, "false": False}.get(given.strip().lower())
        return self._warn(name, given, unless) if known is None else known

    def choice(self, name: str, unless: str, allowed: tuple[str, ...]) -> str:
        given = self._left.pop(name, None)
        if given is None or given in allowed:
            return given or unless
        return self._warn(name, given, unless)

    def method(self, name: str) -> str:
        given = self._left.pop(name, "POST").upper()
        return given if given in ("GET", "POST") else self._warn(name, given, "POST")

    def events(self, name: str, allowed: tuple[str, ...], unless: tuple[str, ...]) -> tuple[str, ...]:
        """Words with spaces between them."""
        given = self._left.pop(name, None)
        if given is None:
            return unless
        for unknown in [word for word in given.split() if word not in allowed]:
            self._warn(name, unknown, unless)
        return tuple(word for word in given.split() if word in allowed)

    def ignore(self, *names: str) -> None:
        """Known to Twilio, without an effect here."""
        for name in names:
            self._left.pop(name, None)

    def close(self) -> None:
        self.warnings.extend(f"{self.element.tag} has no attribute {name}" for name in self._left)

    def _warn(self, name: str, given: str, instead: T) -> T:
        self.warnings.append(f"{self.element.tag} {name}={given} is not valid")
        return instead
