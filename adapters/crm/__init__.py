"""The CRMs, one module each. None knows another."""
