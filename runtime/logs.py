"""Structured logs, one JSON object a line, to standard error. Ids only: never a name, number, address or message."""

import logging
import sys

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

OURS = "baton"
"""The logger all of our own events go through; its threshold is INFO, that of the libraries WARNING."""


def configure_logs() -> None:
    """Our own events and the libraries' from WARNING on, but none of those that print request addresses.

    Every line goes through a handler of the standard library with `raiseExceptions` off: a log that can't be written
    (its reader has gone, its disk is full) is lost, and what was being logged goes on.
    """
    logging.raiseExceptions = False
    common: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: list[Processor] = [ProcessorFormatter.remove_processors_meta, structlog.processors.format_exc_info]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[*common, structlog.stdlib.add_logger_name],
            processors=[*render, structlog.processors.JSONRenderer()],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(logging.INFO)
    for name in ("httpx2", "slack_sdk", "twilio", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *common, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: logging.getLogger(OURS),
    )
