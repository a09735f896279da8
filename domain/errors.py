"""One small hierarchy of errors. Adapters translate into it; activities decide what is retried; the API decides the
status."""

from datetime import timedelta


class BatonError(Exception):
    """Base of everything Baton raises on purpose. `code` is stable and names the kind."""

    code = "error"


class BadInput(BatonError):
    """What came in can't be read. `problems` pairs the place with what is wrong and what to do."""

    code = "bad_input"

    def __init__(self, message: str, problems: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class Unauthorised(BatonError):
    """A signature or key is missing or wrong; never says which part."""

    code = "unauthorised"


class NotFound(BatonError):
    """No such lead, person or row in this tenant."""

    code = "not_found"


class Refused(BatonError):
    """The lead can't take this message now; the text says why, for the person who sent it."""

    code = "refused"


class Superseded(BatonError):
    """Another policy has become active since the judge was chosen; nothing was written; choose again."""

    code = "superseded"


class Unavailable(BatonError):
    """A part we need doesn't answer (PostgreSQL, Temporal); nothing was accepted; try again."""

    code = "unavailable"


class VendorError(BatonError):
    """A vendor call that didn't succeed. `detail` is a code or status, never a body: it reaches Temporal."""

    code = "vendor_error"

    def __init__(self, vendor: str, detail: str) -> None:
        super().__init__(f"{vendor}: {detail}")
        self.vendor = vendor
        self.detail = detail


class NotSent(VendorError):
    """Proven not sent (connection refused, no free connection): safe to try again."""

    code = "not_sent"


class Throttled(VendorError):
    """The vendor said wait (429). `after` is its delay, None when it named none."""

    code = "throttled"

    def __init__(self, vendor: str, detail: str, after: timedelta | None = None) -> None:
        super().__init__(vendor, detail)
        self.after = after


class NotAuthorised(VendorError):
    """The vendor refuses us: credentials (401, 403, a revoked token), account or sender. Nothing was sent, all waits
    for an operator."""

    code = "not_authorised"


class Ambiguous(VendorError):
    """The request may have been carried out (timeout, reset, 5xx): reconcile before anything else."""

    code = "ambiguous"


class Rejected(VendorError):
    """The vendor said no for good (4xx): recorded, not retried; the next step is taken."""

    code = "rejected"


class BadRecipient(Rejected):
    """The vendor can't reach this number at all; nothing more is sent there by this channel."""

    code = "bad_recipient"


class OptedOut(Rejected):
    """The vendor won't reach this person: they told it to stop."""

    code = "opted_out"
