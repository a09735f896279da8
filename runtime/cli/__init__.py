"""The `baton` command: one module a group of commands, put together in main.py. No decision is taken here."""
