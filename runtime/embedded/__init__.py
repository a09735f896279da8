"""The embedded stack: PostgreSQL, Temporal, the simulator, the API and the worker under one supervisor.

For a laptop, a test or a demo; never for production. Nothing here knows what a lead is.
"""
