"""The demo: scripted leads through the real webhooks of an embedded stack, told as they happen, checked at the end."""
