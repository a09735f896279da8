"""Structured logs, one JSON object a line, to standard error. Ids only: never a name, number, address or message."""

import logging
import sys

import structlog


def configure_logs() -> None:
    """Our own events as JSON; libraries from WARNING on, and none of those that print request addresses."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for name in ("httpx2", "slack_sdk", "twilio", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
