"""The field's own words as types: sources, motions, stages, reasons. No behaviour beyond what a word means."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Stored(BaseModel):
    """A value kept in Temporal history or in PostgreSQL: frozen; unknown fields of a newer writer are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Given(BaseModel):
    """A value somebody hands us: frozen; an unknown field is an error, so a typo is never silently dropped.

    What is written below a field describes it in the published schema.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Source(StrEnum):
    """The default sources of leads; any other name is kept as given and routed by the policy's
    default."""

    DEMO_REQUEST = "demo_request"
    CONTACT_SALES = "contact_sales"
    PRICING_PAGE = "pricing_page"
    MISSED_CALL = "missed_call"
    INBOUND_SMS = "inbound_sms"
    INBOUND_CALL = "inbound_call"
    PAID_LEAD_FORM = "paid_lead_form"
    CONTENT_DOWNLOAD = "content_download"
    WEBINAR = "webinar"
    NEWSLETTER = "newsletter"
    REFERRAL = "referral"
    CRM_STAGE = "crm_stage"
    IMPORT = "import"


KINDS = ("page_view", "email_click", "event_attended", "meeting_request", "form_submit", "reply")
"""The kinds of behaviour that are known by name; any other is kept as given."""


class Motion(StrEnum):
    """The first move made for a lead."""

    LIVE_TRANSFER = "live_transfer"
    WHISPER_CALL = "whisper_call"
    TEXT_BACK = "text_back"
    NURTURE = "nurture"
    APPOINTMENT = "appointment"
    HUMAN_TASK = "human_task"


class Cue(StrEnum):
    """What a rep is told to begin with before they speak with the person."""

    PAGE = "page"  # the page they came from (R11)
    APOLOGETIC = "apologetic"  # we missed their call (R13)
    REFERRER = "referrer"  # who introduced them (R17)
    REPLY = "reply"  # they answered, and want to go on


class Stage(StrEnum):
    """Where a lead stands; shown as the search attribute LeadStage."""

    TRIAGE = "triage"
    HANDOFF = "handoff"
    WAITING = "waiting_for_contact"
    WORKING = "working"
    RESTING = "resting"
    CLOSED = "closed"


class Band(StrEnum):
    """Score band; A is the assist threshold (R4)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Code(StrEnum):
    """Disposition reason codes: the seven of R53, and those that people or the system set besides."""

    CONNECTED = "connected"
    MEETING_SET = "meeting_set"
    NO_RESPONSE = "no_response"
    NOT_ICP = "not_icp"
    NOT_NOW = "not_now"
    COMPETITOR = "competitor"
    DUPLICATE = "duplicate"
    WON = "won"
    LOST = "lost"
    BAD_NUMBER = "bad_number"
    OPTED_OUT = "opted_out"


class ClosedReason(StrEnum):
    """Every way a lead's life ends. All but the last complete the workflow; none of those is a failure."""

    WON = "won"
    LOST = "lost"
    NOT_ICP = "not_icp"
    DUPLICATE = "duplicate"
    OPTED_OUT = "opted_out"
    ERASED = "erased"
    EXHAUSTED = "exhausted"
    TEST = "test"
    ABANDONED = "abandoned"  # its workflow was terminated or failed; found out by the next message


class Flag(StrEnum):
    """What validation noticed of a person's number or address."""

    INVALID_PHONE = "invalid_phone"
    TOLL_FREE = "toll_free"
    PREMIUM_RATE = "premium_rate"
    SHARED_COST = "shared_cost"
    PERSONAL_NUMBER = "personal_number"
    VOIP = "voip"
    UAN = "uan"  # one number for a whole organisation
    INVALID_EMAIL = "invalid_email"
    TYPO_EMAIL = "typo_email"
    DISPOSABLE_EMAIL = "disposable_email"


class Channel(StrEnum):
    """What a touch goes through. Sms reaches the person; chat and crm reach our own people and systems."""

    SMS = "sms"
    CHAT = "chat"
    CRM = "crm"
    CALL = "call"
    EMAIL = "email"


class Purpose(StrEnum):
    """Why a touch is made; the law and the caps treat them differently."""

    RESPONSIVE = "responsive"  # answers what the person just did
    SOLICITATION = "solicitation"  # our own initiative
    INTERNAL = "internal"  # our own people and systems


class Action(StrEnum):
    """What an agenda item does when it is due. The first nine are the ladder's names in `explain --json`."""

    OFFER = "offer"
    WARN = "warn"
    RESCUE = "rescue"
    REOFFER = "reoffer"
    POOL = "pool"
    REMIND = "remind"
    SUPERVISOR = "supervisor"
    NURTURE = "nurture"
    TEXT = "text"
    CRM = "crm"
    ALERT_REPLY = "alert_reply"
    CALL = "call"
    TELL = "tell"
    REVIEW = "review"


class Until(StrEnum):
    """What makes an agenda item pointless: it is dropped once that has happened."""

    ACCEPTED = "accepted"
    CONTACTED = "contacted"
    DISPOSED = "disposed"
    NEVER = "never"


class CallList(StrEnum):
    """Whose do-not-call list a number is on."""

    FEDERAL = "federal"
    OWN = "own"


class Refusal(StrEnum):
    """Every "no" has a name: the same in trace, ledger, metric, HTTP body and page."""

    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    NO_NUMBER = "no_number"
    BAD_NUMBER = "bad_number"
    OUTSIDE_WINDOW = "outside_window"
    PLACE_UNKNOWN = "place_unknown"
    CAP_REACHED = "cap_reached"
    ACTIVE_DEAL = "active_deal"
    ACTIVE_SEQUENCE = "active_sequence"
    RECENT_CONTACT = "recent_contact"
    KILL_SWITCH = "kill_switch"
    TEST_LEAD = "test_lead"
    SANDBOX = "sandbox"
    REPLIED = "replied"
    NO_ADDRESS = "no_address"
    VENDOR_REFUSED = "vendor_refused"
    BAD_TEMPLATE = "bad_template"
    DO_NOT_CALL = "do_not_call"
    DO_NOT_CALL_STALE = "do_not_call_stale"  # the federal registry has to be asked, and no fresh extract is here
    OWN_NUMBER = "own_number"  # the number is one of ours: nobody is there
    REFUSED = "refused"  # they said no to this channel


A_PERSON_MUST_LOOK = (
    Refusal.VENDOR_REFUSED,
    Refusal.BAD_NUMBER,
    Refusal.NO_NUMBER,
    Refusal.OWN_NUMBER,
    Refusal.BAD_TEMPLATE,
)
"""Refusals of a text that leave the person unreached for want of a working way, not because policy says no."""
