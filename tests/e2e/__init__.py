"""The embedded stack, from capture to close, over HTTP."""
