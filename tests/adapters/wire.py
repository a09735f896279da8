"""A raw TCP server that misbehaves on purpose, and the faults every adapter must tell apart."""

import asyncio
import json
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from domain.errors import Ambiguous, NotSent, Rejected, Throttled, VendorError

Behaviour = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
Act = Callable[[str], Awaitable[object]]
"""One call of an adapter that is pointed at this base URL."""


@dataclass
class Wire:
    """Where it listens, and every request it read, headers and body as they came."""

    url: str
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0

    def said(self) -> str:
        return b"\n".join(self.requests).decode()


@dataclass(frozen=True)
class Fault:
    """What goes wrong, and what the adapter must make of it. `detail` is checked when given."""

    name: str
    behaviour: Behaviour | None  # None: nobody listens
    expected: type[VendorError]
    wait: float | None = None


@asynccontextmanager
async def serving(behaviour: Behaviour) -> AsyncIterator[Wire]:
    wire = Wire("")
    running: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire.connections += 1
        try:
            while request := await _request(reader):
                wire.requests.append(request)
                await behaviour(request, writer)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(converse(reader, writer))
        running.add(task)
        task.add_done_callback(running.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
        for task in tuple(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _request(reader: asyncio.StreamReader) -> bytes:
    """One HTTP/1.1 request, or nothing when the other side is done."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return head + await reader.readexactly(int(lengths[0]) if lengths else 0)


def answering(status: int, body: str | bytes, kind: str = "application/json", **headers: str) -> Behaviour:
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Said", f"Content-Type: {kind}", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]

    async def behave(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)

    return behave


def answering_json(status: int, body: object, **headers: str) -> Behaviour:
    return answering(status, json.dumps(body), **headers)


async def hang(_: bytes, __: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


async def trickle(_: bytes, writer: asyncio.StreamWriter) -> None:
    """A byte now and then: each read is in time, the answer never comes."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def drop(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def reset(_: bytes, writer: asyncio.StreamWriter) -> None:
    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # on, for no time: closing sends RST
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def cut(_: bytes, writer: asyncio.StreamWriter) -> None:
    """An answer that stops in the middle of its body."""
    writer.write(b'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"sid": "SM')
    await writer.drain()
    writer.close()


FAULTS = (
    Fault("refused", None, NotSent),
    Fault("dropped after the request was read", drop, Ambiguous),
    Fault("reset after the request was read", reset, Ambiguous),
    Fault("cut in the middle of the answer", cut, Ambiguous),
    Fault("hangs", hang, Ambiguous),
    Fault("trickles", trickle, Ambiguous),
    Fault("500", answering_json(500, {"message": "oops"}), Ambiguous),
    Fault("503 with a page", answering(503, "<html>down</html>", "text/html"), Ambiguous),
    Fault("500 as text", answering(500, "down", "text/plain"), Ambiguous),
    Fault("429 with seconds", answering_json(429, {}, Retry_After="7"), Throttled, 7.0),
    Fault("429 without a delay", answering_json(429, {}), Throttled),
    Fault("429 with nonsense", answering_json(429, {}, Retry_After="soon"), Throttled),
    Fault("429 with a year", answering_json(429, {}, Retry_After="31536000"), Throttled, 3600.0),
    Fault("garbage", answering(200, b"\xff\xfe\x00garbage"), Ambiguous),
    Fault("no JSON though it says so", answering(200, "<html>"), Ambiguous),
    Fault("a list", answering(200, "[1, 2]"), Ambiguous),
    Fault("a string", answering(200, '"ok"'), Ambiguous),
    Fault("nothing", answering(200, ""), Ambiguous),
    Fault("a text", answering(200, "ok", "text/plain"), Ambiguous),
    Fault("an object without the id", answering_json(200, {"hello": 1}), Ambiguous),
    Fault("redirected", answering(302, "", Location="http://127.0.0.1:1/"), Rejected),
    Fault("bad compression", answering(200, b"nonsense", Content_Encoding="gzip"), Ambiguous),
    Fault("no HTTP", answering(0, "", "x"), Ambiguous),
)


async def failing(fault: Fault, act: Act) -> VendorError:
    """The error the adapter raises under this fault. Nothing else may come out of it, and nothing may hang."""
    if fault.behaviour is None:
        return await _error(act, f"http://127.0.0.1:{unused_port()}")
    async with serving(fault.behaviour) as wire:
        return await _error(act, wire.url)


async def _error(act: Act, url: str) -> VendorError:
    async with asyncio.timeout(10):
        try:
            answer = await act(url)
        except VendorError as error:
            return error
    raise AssertionError(f"answered {answer!r}")


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def told(error: BaseException) -> str:
    """All that a log or a workflow's history could show of an error, its causes and contexts included."""
    return "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))


def check(fault: Fault, error: VendorError, secrets: tuple[str, ...]) -> None:
    assert type(error) is fault.expected, (fault.name, error)
    assert error.__cause__ is None
    assert error.__context__ is None
    if isinstance(error, Throttled):
        assert error.after == (timedelta(seconds=fault.wait) if fault.wait is not None else None)
    assert [secret for secret in secrets if secret in told(error)] == []
