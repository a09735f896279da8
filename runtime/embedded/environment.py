"""What the simulator, the API and the worker are told by their environment: the stack's own addresses and secrets.

Nothing of the person's own BATON_* variables gets through but real vendors and the public address.
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from runtime.embedded import addresses
from runtime.embedded.ports import LOOPBACK, Ports
from runtime.embedded.state import Secrets
from runtime.embedded.temporal import NAMESPACE

VENDORS = ("TWILIO", "SLACK", "HUBSPOT")
ENRICHMENT = "ENRICHMENT"
"""Optional: set by the person, or no lead ever waits for it."""

PREFIX = "BATON_"


def real_vendors(outer: Mapping[str, str]) -> list[str]:
    """Vendors for which the person set variables of their own; the simulator stands in for the others."""
    return [vendor.lower() for vendor in VENDORS if _own(vendor, outer)]


def of_children(ports: Ports, secrets: Secrets, policy: Path, outer: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of the API and the worker."""
    api = f"http://{LOOPBACK}:{ports.api}"
    told = {
        "DATABASE_URL": addresses.database_url(ports, secrets),
        "TEMPORAL_ADDRESS": addresses.temporal_address(ports),
        "TEMPORAL_NAMESPACE": NAMESPACE,
        "TENANT": "main",
        "EMBEDDED": "1",
        "API_HOST": LOOPBACK,
        "API_PORT": str(ports.api),
        "PUBLIC_URL": outer.get(f"{PREFIX}PUBLIC_URL", api),
        "API_KEY": secrets.api_key,
        "WEBHOOK_SECRET": secrets.webhook_secret,
        "POLICY": str(policy),
    }
    vendors: dict[str, str] = {}
    for vendor, simulated in _simulated(ports, secrets).items():
        vendors |= _own(vendor, outer) or {f"{PREFIX}{vendor}_{name}": value for name, value in simulated.items()}
    vendors |= _own(ENRICHMENT, outer)
    return {**_plain(outer), **{PREFIX + name: value for name, value in told.items()}, **vendors}


def of_simulator(
    ports: Ports, secrets: Secrets, offset: timedelta, log: Path, call_pace: float = 1.0
) -> dict[str, str]:
    """The environment of the simulator: always the stack's own secrets, since it plays the vendors that share them."""
    told = {"SIM_PORT": str(ports.simulator), "SIM_HOST": LOOPBACK, "SIM_LOG": str(log)}
    told |= {"SIM_OFFSET": str(offset.total_seconds()), "PUBLIC_URL": f"http://{LOOPBACK}:{ports.api}"}
    told |= {"SIM_CALL_PACE": str(call_pace)}
    for vendor, simulated in _simulated(ports, secrets).items():
        told |= {f"{vendor}_{name}": value for name, value in simulated.items()}
    return {**_plain(os.environ), **{PREFIX + name: value for name, value in told.items()}}


def _simulated(ports: Ports, secrets: Secrets) -> dict[str, dict[str, str]]:
    url = f"http://{LOOPBACK}:{ports.simulator}"
    return {
        "TWILIO": {
            "ACCOUNT_SID": secrets.twilio_account_sid,
            "AUTH_TOKEN": secrets.twilio_auth_token,
            "FROM": secrets.twilio_from,
            "BASE_URL": url,
        },
        "SLACK": {
            "TOKEN": secrets.slack_token,
            "SIGNING_SECRET": secrets.slack_signing_secret,
            "BASE_URL": f"{url}/api/",
        },
        "HUBSPOT": {"TOKEN": secrets.hubspot_token, "CLIENT_SECRET": secrets.hubspot_client_secret, "BASE_URL": url},
    }


def _own(vendor: str, outer: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in outer.items() if name.startswith(f"{PREFIX}{vendor}_")}


def _plain(outer: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in outer.items() if not name.startswith(PREFIX)}
    return {**kept, "PYTHONUNBUFFERED": "1"}
