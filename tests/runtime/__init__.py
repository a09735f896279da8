"""Assembly, the command line and the embedded stack's parts."""
