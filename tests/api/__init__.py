"""Signatures, replays, errors and their statuses."""
