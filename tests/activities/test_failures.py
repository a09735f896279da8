"""What Temporal is told of an error: retried or not, after how long, and not a word of a person."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities.failures import RETRIED, FailureInterceptor, failure_of
from domain import errors
from domain.errors import (
    Ambiguous,
    BadInput,
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

ERRORS: list[tuple[BatonError, bool]] = [
    (NotSent("twilio", "ConnectError"), True),
    (Throttled("twilio", "20429", timedelta(seconds=7)), True),
    (Ambiguous("twilio", "ReadTimeout"), True),
    (Unavailable("PostgreSQL does not answer"), True),
    (Rejected("twilio", "21211"), False),
    (OptedOut("twilio", "21610"), False),
    (NotAuthorised("twilio", "20003"), True),
    (BadInput("a value can't be stored"), True),
    (NotFound("no such lead"), True),
    (Refused("the lead is closed"), True),
]


@pytest.mark.parametrize(("error", "retried"), ERRORS, ids=[type(error).__name__ for error, _ in ERRORS])
def test_each_error_is_retried_or_not_and_keeps_its_code(error: BatonError, retried: bool) -> None:
    failure = failure_of(error)
    assert failure.non_retryable is not retried
    assert failure.type == error.code
    assert failure.message == str(error)


def test_a_throttled_touch_comes_back_after_the_vendors_own_delay() -> None:
    assert failure_of(Throttled("twilio", "20429", timedelta(seconds=7))).next_retry_delay == timedelta(seconds=7)
    assert failure_of(Throttled("twilio", "20429")).next_retry_delay is None  # named none: the back-off grows
    assert failure_of(NotSent("twilio", "ConnectError")).next_retry_delay is None


def test_no_error_that_an_activity_can_meet_is_left_to_chance() -> None:
    own = {each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, BatonError)}
    never_in_activities = {errors.BatonError, errors.VendorError, errors.Unauthorised, errors.Superseded}
    assert own - never_in_activities == set(RETRIED)


class Fails(ActivityInboundInterceptor):
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's own signature
        raise self.error


async def failure(error: Exception) -> ApplicationError:
    """What Temporal is told when an activity raises `error`."""
    chain = FailureInterceptor().intercept_activity(Fails(error))
    given = ExecuteActivityInput(fn=failure, args=(), executor=None, headers={})
    with pytest.raises(ApplicationError) as raised:
        await ActivityEnvironment().run(chain.execute_activity, given)
    return raised.value


async def test_an_error_nobody_foresaw_is_reduced_to_its_name() -> None:
    told = await failure(ValueError("Dana Ortiz, +15125550142"))
    assert told.message == "unforeseen ValueError"
    assert told.__cause__ is None
    assert told.__suppress_context__
    assert not told.non_retryable


async def test_what_was_translated_already_passes_as_it_is() -> None:
    original = ApplicationError("wait", type="throttled")
    assert await failure(original) is original
    assert (await failure(NotFound("no such lead"))).type == "not_found"
