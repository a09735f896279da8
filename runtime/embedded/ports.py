"""Ports of the embedded stack, on the loopback only: named ones, remembered ones while free, or a free block."""

import secrets
import socket
from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict

from runtime.embedded.errors import PortTaken, StackError

LOOPBACK = "127.0.0.1"
# Below 32768, where Linux begins to hand out source ports: else an outgoing connection may take the port of a server
# that is being started again.
LOWEST, HIGHEST = 18_000, 31_900
ATTEMPTS = 200


class Ports(BaseModel):
    """One TCP port each, on 127.0.0.1. The order is the order of --port-base: api is N, temporal_ui N+1, …"""

    model_config = ConfigDict(frozen=True, extra="ignore")

    api: int
    temporal_ui: int
    simulator: int
    temporal: int
    postgres: int
    temporal_http: int
    temporal_metrics: int


NAMES = tuple(Ports.model_fields)


def is_free(port: int) -> bool:
    """Nothing listens there; connections that are only fading away (TIME_WAIT) don't count."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def named(base: int) -> Ports:
    """The block base … base+6, or PortTaken naming each port that isn't free."""
    if not 1 <= base <= 65_535 - len(NAMES) + 1:
        raise StackError(f"--port-base {base} leaves no room for {len(NAMES)} ports; give a number from 1024 to 65000.")
    block = _block(base)
    taken = [f"{port} ({name})" for name, port in block.items() if not is_free(port)]
    if taken:
        raise PortTaken(f"Taken by another program: {', '.join(taken)}. Choose another --port-base, or leave it out.")
    return Ports.model_validate(block)


def free() -> Ports:
    """A block of free ports, at a place chosen by chance so that two stacks starting together don't race for one."""
    for _ in range(ATTEMPTS):
        block = _block(LOWEST + 10 * secrets.randbelow((HIGHEST - LOWEST) // 10))
        if all_free(block.values()):
            return Ports.model_validate(block)
    raise StackError(f"No {len(NAMES)} free ports in a row between {LOWEST} and {HIGHEST}; name them with --port-base.")


def choose(base: int | None, remembered: Ports | None) -> Ports:
    """Named ports if a base is given, else the remembered ones if all are free, else a new free block."""
    if base is not None:
        return named(base)
    if remembered is not None and all_free(remembered.model_dump().values()):
        return remembered
    return free()


def all_free(ports: Iterable[int]) -> bool:
    return all(is_free(port) for port in ports)


def _block(base: int) -> Mapping[str, int]:
    return {name: base + place for place, name in enumerate(NAMES)}
