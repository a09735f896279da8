"""The outside world as Baton meets it: the vendors' HTTP APIs, phones and people. Nothing in Baton may import it."""
