"""Recorded histories still replay."""
