"""Our own people in a policy: who takes leads, where leads wait, where everybody is told."""

from pydantic import Field

from domain.values import Given
from policy.fields import Hours, Name, Phone, Region, SlackChannel, SlackUser, Zone


class Rep(Given):
    """Somebody who takes leads. Territories are regions; none means everywhere. Weight 0: only their own leads."""

    handle: Name
    """What traces and commands call them."""
    name: str
    """Their name; texts call it {{ rep }}."""
    slack: SlackUser
    """Their member id in Slack."""
    email: str
    """Their e-mail address."""
    phone: Phone
    """Their phone, which rings."""
    hubspot_owner: str | None = None
    """Their owner id in HubSpot."""
    territories: tuple[Region, ...] = ()
    """States they take leads from; none means everywhere."""
    weight: int = Field(default=1, ge=0, le=1)
    """0 takes only their own leads."""
    max_open: int | None = Field(default=None, ge=1)
    """How many open leads they may have."""
    hours: Hours | None = None
    """Their working hours, where they differ from the business's."""
    zone: Zone | None = None
    """The time zone of their hours, where it differs from the business's."""


class Queue(Given):
    """A place where a lead waits for the first to claim it."""

    name: Name
    """What traces and fallback_queue call it."""
    channel: SlackChannel
    """Its channel in Slack."""


class Channels(Given):
    """Where our own people are told."""

    leads: SlackChannel
    """Every lead and reply."""
    supervisors: SlackChannel
    """What a supervisor should see."""
