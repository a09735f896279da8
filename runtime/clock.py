"""Real time, and the embedded stack's offset to it. The only place besides adapters that reads the machine's clock."""

from datetime import UTC, datetime


def real_now() -> datetime:
    """Aware UTC."""
    return datetime.now(UTC)
