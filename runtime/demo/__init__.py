"""The demo: scripted leads through the real webhooks of an embedded stack, told as they happen and checked at the end."""
