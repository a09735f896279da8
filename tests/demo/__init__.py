"""The demo: its script, its checks, its clockwork, and one whole performance."""
