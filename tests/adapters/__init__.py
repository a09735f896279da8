"""Adapters against faults on the wire and hostile requests. What vendors accept is in tests/contracts."""
