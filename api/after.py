"""Answers that start work once they are sent: the workflow is told after the 2xx, never before."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import structlog
from fastapi import Request
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse, Response

from api import metrics
from api.background import Background
from api.services import services_of
from domain.ports import Captured

Work = Callable[[], Coroutine[Any, Any, None]]  # Any: what a coroutine yields and is sent

QUIETENS = ("sms", "opt_out")
"""Channels by which somebody may say what calls a call of ours off: their phone stops ringing first."""

log = structlog.get_logger()


def background_of(request: Request) -> Background:
    """The background of the app."""
    background: Background = request.app.state.background
    return background


def json_answer(content: object, status: int, headers: Mapping[str, str], work: BackgroundTask | None) -> Response:
    """A JSON answer and what follows it."""
    return JSONResponse(content, status_code=status, headers=dict(headers), background=work)


def starting(request: Request, work: Work, name: str) -> BackgroundTask:
    """Begin `work` once the answer is sent; the connection doesn't wait for it."""

    async def begin() -> None:
        background_of(request).begin(work(), name)

    return BackgroundTask(begin)


def dispatching(request: Request, channel: str, *captured: Captured) -> BackgroundTask:
    """Tell the leads once the answer is sent, and before them the calls that what came has called off. With too much
    going on already it is left to the sweeper."""
    news = [each for each in captured if each.ref is not None or channel in QUIETENS]

    async def send() -> None:
        for each in news:
            await _send(request, channel, each)

    async def begin() -> None:
        background = background_of(request)
        if background.is_full:
            log.warning("dispatch_left_to_sweeper", rows=len(news))
        elif news:
            background.begin(send(), "dispatch")

    for each in captured:
        metrics.CAPTURED.labels(channel, each.status).inc()
    return BackgroundTask(begin)


async def _send(request: Request, channel: str, captured: Captured) -> None:
    dispatch = services_of(request).dispatch
    if channel in QUIETENS:
        await dispatch.quiet(captured.row_id)
    if captured.ref is not None:
        await dispatch.send(captured)
