"""Commands that are loaded when they are asked for: all of them at once take a second, of which whoever has a policy
explained needs a third."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import ClassVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from runtime.collecting import uncollected

Command = TyperCommand | TyperGroup


class Commands(Mapping[str, Command]):
    """Commands by name. `places` says where each is, as `module:name` in this package: a function, or a Typer."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places
        self._loaded: dict[str, Command] = {}

    def __getitem__(self, name: str) -> Command:
        if name not in self._loaded:
            self._loaded[name] = _loaded(name, self._places[name])
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _loaded(name: str, place: str) -> Command:
    module, _, attribute = place.partition(":")
    with uncollected():
        found = getattr(import_module(f"{__package__}.{module}"), attribute)
    if isinstance(found, typer.Typer):
        command: object = get_group(found)
    else:
        alone = typer.Typer(add_completion=False)
        alone.command()(found)
        command = get_command(alone)
    assert isinstance(command, TyperCommand | TyperGroup)
    command.name = name
    return command


class Group(TyperGroup):
    """A group of such commands; what it is made of is the class's, since Typer makes the group itself."""

    places: ClassVar[Mapping[str, str]] = {}

    def __init__(self, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]  # whatever Typer gives
        self.commands = Commands(self.places)  # type: ignore[assignment]  # nothing is added to it later
