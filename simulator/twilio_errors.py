"""Twilio's refusals in Twilio's words: status, error code and the JSON around them (twilio.com/docs/api/errors)."""

from dataclasses import dataclass

from starlette.responses import JSONResponse


@dataclass(frozen=True, slots=True)
class Refusal:
    """One answer that isn't a success."""

    status: int
    code: int
    message: str

    def response(self) -> JSONResponse:
        return JSONResponse(
            {
                "code": self.code,
                "message": self.message,
                "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
                "status": self.status,
            },
            status_code=self.status,
        )


AUTHENTICATE = Refusal(401, 20003, "Authenticate")
TOO_MANY = Refusal(429, 20429, "Too Many Requests")
INTERNAL = Refusal(500, 20500, "An internal server error has occurred")
NO_TO = Refusal(400, 21604, "A 'To' phone number is required.")
NO_FROM = Refusal(400, 21603, "A 'From' phone number is required.")
NO_BODY = Refusal(400, 21602, "Message body is required.")
TOO_LONG = Refusal(400, 21617, "The concatenated message body exceeds the 1600 character limit")
NOT_CANCELABLE = Refusal(409, 30409, "Message cannot be canceled in its current state")
UNSUBSCRIBED = Refusal(400, 21610, "Attempt to send to unsubscribed recipient")


UNDELIVERED = {"landline": 30006, "unreachable": 30003, "unknown_handset": 30005, "carrier_violation": 30007}
"""By persona: what a text to them that was taken fails with."""

REASONS = {
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
}


def not_found(path: str) -> Refusal:
    return Refusal(404, 20404, f"The requested resource {path} was not found")


def bad_parameter(what: str) -> Refusal:
    return Refusal(400, 20001, what)


def bad_to(number: str) -> Refusal:
    return Refusal(400, 21211, f"Invalid 'To' Phone Number: {number}")


def same_number() -> Refusal:
    return Refusal(400, 21266, "'To' and 'From' number cannot be the same")


def unroutable(to: str, sender: str) -> Refusal:
    """https://www.twilio.com/docs/api/errors/21612"""
    said = f"The 'To' phone number: {to}, is not currently reachable using the 'From' phone number: {sender} via SMS."
    return Refusal(400, 21612, said)


def bad_callback(url: str) -> Refusal:
    return Refusal(400, 21609, f"The 'StatusCallback' URL {url} is not a valid URL.")


def bad_from(number: str) -> Refusal:
    return Refusal(
        400,
        21606,
        f"The 'From' phone number provided ({number}) is not a valid message-capable Twilio phone number for this "
        "destination.",
    )


# ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

NO_CALL_TO = Refusal(400, 21201, "No 'To' number is specified")
NO_CALL_FROM = Refusal(400, 21213, "'From' phone number not provided")
NO_URL = Refusal(400, 21205, "Url parameter is required.")
NOT_IN_PROGRESS = Refusal(400, 21220, "Call is not in-progress. Cannot redirect.")
CONFERENCE_OVER = Refusal(400, 20001, "The conference is over")
NOT_CANCELED = Refusal(400, 21220, "Invalid call state: the call is over, or too far to be canceled")
STILL_ON = Refusal(409, 20009, "Unable to delete record: the call is still in progress")


def wrong_method(method: str) -> Refusal:
    return Refusal(405, 20004, f"Method {method} not allowed")


def bad_call_from(number: str) -> Refusal:
    return Refusal(400, 21212, f"The source phone number, {number}, is not valid")


def foreign_call_from(number: str) -> Refusal:
    return Refusal(400, 21210, f"The source phone number provided, {number}, is not yet verified for your account.")


def bad_call_to(number: str) -> Refusal:
    return Refusal(400, 21211, f"The phone number you are attempting to call, {number}, is not valid.")


def unreachable_to(number: str) -> Refusal:
    return Refusal(400, 21214, f"The phone number you are attempting to call, {number}, cannot be reached.")


def no_permission(number: str) -> Refusal:
    return Refusal(400, 21215, f"Account not authorized to call {number}. Perhaps you need to enable its country.")


def bad_url(name: str, url: str) -> Refusal:
    return Refusal(400, 21205, f"{name} is not a valid URL: {url}")


def conference_refusal(code: int, what: str) -> Refusal:
    """What a conference says no to, with the code of its TwiML error."""
    return Refusal(400, code, what)
