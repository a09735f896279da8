"""Port error -> Temporal failure: one table says what is retried and after how long. Nothing personal leaves an
activity.

An error nobody foresaw is reduced to its type's name before Temporal sees it: a database or library error may quote a
person.
"""

from datetime import timedelta
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from domain.errors import (
    Ambiguous,
    BadInput,
    BadRecipient,
    BatonError,
    NotAuthorised,
    NotFound,
    NotSent,
    OptedOut,
    Refused,
    Rejected,
    Throttled,
    Unavailable,
)

RETRIED: dict[type[BatonError], bool] = {
    NotSent: True,
    Throttled: True,
    NotAuthorised: True,
    Ambiguous: True,  # the next attempt reconciles before anything else
    Unavailable: True,
    Rejected: False,
    BadRecipient: False,
    OptedOut: False,
    BadInput: True,  # a lead is never lost to a fault that somebody can still mend: it waits, and is seen waiting
    NotFound: True,
    Refused: True,
}

log = structlog.get_logger()


def failure_of(error: BatonError) -> ApplicationError:
    """The failure Temporal records for one of our own errors: its code and detail, its delay, retried or not."""
    delay: timedelta | None = error.after if isinstance(error, Throttled) else None
    retried = RETRIED.get(type(error), True)
    return ApplicationError(str(error), type=error.code, non_retryable=not retried, next_retry_delay=delay)


class FailureInterceptor(Interceptor):
    """Translates every activity's errors."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK names it
        return _Translating(next)


class _Translating(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 - the SDK's own signature
        try:
            return await super().execute_activity(input)
        except ApplicationError:
            raise
        except BatonError as error:
            raise failure_of(error) from None
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not reach Temporal with its words
            info = activity.info()
            log.error(
                "activity_failed", activity=info.activity_type, workflow=info.workflow_id, error=type(error).__name__
            )
            raise ApplicationError(f"unforeseen {type(error).__name__}", type="unforeseen") from None
