"""Slack: messages to our own people, their buttons, and the signatures of what comes back. Knows no other vendor."""
