"""What can go wrong with the embedded stack, worded for who typed the command. No other errors leave here."""

from pathlib import Path

from domain.errors import BatonError


class StackError(BatonError):
    """The embedded stack can't do what was asked; the text says what is wrong, where, and what to do."""

    code = "stack"


class AlreadyRunning(StackError):
    """Another supervisor holds this data directory."""


class PortTaken(StackError):
    """A port named with --port-base is in use by something else."""


class BinariesMissing(StackError):
    """A server program that the embedded stack starts isn't on this machine."""


class ChildWouldNotStart(StackError):
    """A child died again and again, or never answered, while the stack was starting."""

    def __init__(self, name: str, what: str, log: Path, tail: str) -> None:
        super().__init__(f"{name} {what}. The end of its log, {log}:\n{tail or '(empty)'}")
        self.name = name
        self.log = log
