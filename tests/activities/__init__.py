"""Failure classification and requests, with fakes."""
