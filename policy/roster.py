"""Our own people in a policy: who takes leads, where leads wait, where everybody is told."""

from pydantic import Field

from domain.values import Given
from policy.fields import Hours, Name, Phone, Region, SlackChannel, SlackUser, Zone


class Rep(Given):
    """Somebody who takes leads. Territories are regions; none means everywhere. Weight 0: only their own leads."""

    handle: Name
    name: str
    slack: SlackUser
    email: str
    phone: Phone
    hubspot_owner: str | None = None
    territories: tuple[Region, ...] = ()
    weight: int = Field(default=1, ge=0, le=1)
    max_open: int | None = Field(default=None, ge=1)
    hours: Hours | None = None
    zone: Zone | None = None


class Queue(Given):
    """A place where a lead waits for the first to claim it."""

    name: Name
    channel: SlackChannel


class Channels(Given):
    """Where our own people are told."""

    leads: SlackChannel
    supervisors: SlackChannel
