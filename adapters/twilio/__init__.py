"""Twilio: messages, calls and the signatures of its callbacks. Knows no other vendor."""
