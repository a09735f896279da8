"""Logs are JSON lines, ours and the libraries'; one that can't be written stops nothing."""

import io
import json
import logging
import sys

import pytest
import structlog

from runtime.logs import configure_logs


@pytest.fixture
def standard_error(monkeypatch: pytest.MonkeyPatch, logs_as_before: None) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logs()
    return stream


def test_our_events_and_the_libraries_are_one_json_object_a_line(standard_error: io.StringIO) -> None:
    log = structlog.get_logger()
    log.debug("not_said")
    log.info("touch_sent", touch="t-1")
    logging.getLogger("temporalio.worker").info("not said")
    logging.getLogger("temporalio.worker").warning("slow %s", "poll")
    ours, theirs = map(json.loads, standard_error.getvalue().splitlines())
    assert (ours["event"], ours["level"], ours["touch"]) == ("touch_sent", "info", "t-1")
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("slow poll", "warning", "temporalio.worker")
    assert ours["timestamp"].endswith("Z")


def test_an_error_that_comes_with_a_traceback_stays_on_one_line(standard_error: io.StringIO) -> None:
    try:
        raise KeyError("sid")
    except KeyError as error:
        structlog.get_logger().error("ready_check_failed", exc_info=error)
    (line,) = standard_error.getvalue().splitlines()
    assert "KeyError: 'sid'" in json.loads(line)["exception"]


def test_an_event_that_cannot_be_written_stops_nothing(standard_error: io.StringIO) -> None:
    standard_error.close()
    structlog.get_logger().warning("vendor_rejects_touch", touch="t-1")
    logging.getLogger("temporalio.worker").warning("slow poll")
