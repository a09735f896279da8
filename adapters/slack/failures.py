"""What a Slack call that went wrong means: not sent, throttled, ambiguous or rejected. Reads codes, never texts."""

import contextlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from domain.errors import Ambiguous, NotAuthorised, NotSent, Rejected, Throttled, VendorError

VENDOR = "slack"
LONGEST_WAIT = timedelta(hours=1)
CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
THROTTLED = {"ratelimited", "rate_limited"}
# About our token or the app's rights, not about this message: https://docs.slack.dev/reference/methods/chat.postMessage.
UNAUTHORISED = {
    "not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "no_permission",
    "missing_scope", "not_allowed_token_type", "org_login_required", "ekm_access_denied", "access_denied",
    "team_access_not_granted", "accesslimited", "two_factor_setup_required",
}  # fmt: skip
# Slack says of these that some part of the operation may have succeeded.
AMBIGUOUS = {"fatal_error", "internal_error", "service_unavailable", "request_timeout", "timeout"}
# All that slack_sdk and aiohttp raise on a broken connection or on an answer that isn't what it should be.
RAISED = (aiohttp.ClientError, SlackApiError, TimeoutError, AttributeError, LookupError, TypeError, ValueError)


class Redirected(aiohttp.ClientError):
    """Slack's API never redirects; following one could lead anywhere."""


def classify(error: Exception) -> VendorError:
    """One of the four, whatever was raised."""
    if isinstance(error, SlackApiError):
        return _answered(error.response)
    name = type(error).__name__
    if isinstance(error, Redirected):
        return Rejected(VENDOR, "redirected")
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return NotSent(VENDOR, name)
    if isinstance(error, aiohttp.ClientError | TimeoutError):
        return Ambiguous(VENDOR, name)
    return Ambiguous(VENDOR, "garbled_answer")


def _answered(response: object) -> VendorError:
    """Slack answered, but not with ok. The response is slack_sdk's own, or aiohttp's when the body was no JSON."""
    if isinstance(response, aiohttp.ClientResponse):
        return _judge(response.status, None, response.headers)
    if isinstance(response, AsyncSlackResponse):
        body = response.data if isinstance(response.data, dict) else {}
        return _judge(response.status_code, body.get("error"), response.headers)
    return Ambiguous(VENDOR, "garbled_answer")


def _judge(status: int, error: object, headers: Mapping[str, str]) -> VendorError:
    code = error if isinstance(error, str) and CODE.fullmatch(error) else None
    if status == 429 or code in THROTTLED:
        return Throttled(VENDOR, code or "ratelimited", wait(headers.get("Retry-After"), datetime.now(UTC)))
    if status >= 500 or status == 408 or code in AMBIGUOUS:
        return Ambiguous(VENDOR, code or f"http_{status}")
    if status == 200 and code is None:
        return Ambiguous(VENDOR, "garbled_answer")
    ours = code in UNAUTHORISED or status in {401, 403}
    return (NotAuthorised if ours else Rejected)(VENDOR, code or f"http_{status}")


def wait(retry_after: str | None, now: datetime) -> timedelta | None:
    """Retry-After as seconds or as a date (RFC 9110, 10.2.3), an hour at most; None when absent or unreadable."""
    seconds: float | None = None
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text[:9])
    elif text:
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            seconds = (parsedate_to_datetime(text) - now).total_seconds()
    return None if seconds is None else min(max(timedelta(seconds=seconds), timedelta(0)), LONGEST_WAIT)
