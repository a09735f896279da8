"""What Prometheus reads at /metrics: counts and times by route and outcome. No label holds a lead's id or a person."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

REGISTRY = CollectorRegistry()
"""Our own, so that only what is named here is shown."""

REQUESTS = Counter("baton_http_requests", "Requests answered", ["method", "route", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "baton_http_request_seconds",
    "Seconds from a request's arrival to the end of its answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0),
    registry=REGISTRY,
)
CAPTURED = Counter("baton_captured", "Messages taken, by what they came to", ["channel", "status"], registry=REGISTRY)
REFUSED = Counter(
    "baton_unauthorised", "Requests with a missing or wrong signature or key", ["scheme"], registry=REGISTRY
)
UNREADABLE = Counter(
    "baton_webhook_events_unreadable", "Events of a batch that could not be read", ["channel"], registry=REGISTRY
)
WEBHOOKS_REFUSED = Gauge(
    "baton_webhooks_refused", "Kept webhooks refused for good since the process began", registry=REGISTRY
)
REPLIES = Counter("baton_replies", "Texts from people, by meaning", ["meaning"], registry=REGISTRY)
FAULTS = Counter(
    "baton_condition_faults",
    "Conditions of a policy that failed on leads and that supervisors were told of, once an hour for a rule",
    ["rule"],
    registry=REGISTRY,
)
UNKNOWN_TOUCHES = Gauge(
    "baton_touches_unknown", "Touches nobody knows the outcome of, as of the last sweep", registry=REGISTRY
)
TEXTS_WAITING = Gauge(
    "baton_texts_waiting",
    "Texts that wait for their turn, by the number of ours that sends them",
    ["sender"],
    registry=REGISTRY,
)
TEXTS_LAST_IN = Gauge(
    "baton_texts_last_in_seconds", "Seconds until the last of them goes", ["sender"], registry=REGISTRY
)
TAKEN_BACK = Counter(
    "baton_texts_taken_back",
    "Texts that the vendor held and that won't go, as the person had replied",
    registry=REGISTRY,
)
CALLS_ANSWERED = Gauge(
    "baton_calls_answered_30d", "Calls of thirty days that a person answered, by source", ["source"], registry=REGISTRY
)
CALLS_ABANDONED = Gauge(
    "baton_calls_abandoned_30d", "Those of them that connected nobody in time", ["source"], registry=REGISTRY
)
BACKGROUND = Gauge("baton_background_tasks", "Work going on after its answer", registry=REGISTRY)


def text() -> tuple[bytes, str]:
    """The exposition and its content type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
