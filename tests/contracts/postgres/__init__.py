"""The stores, on a real PostgreSQL."""
