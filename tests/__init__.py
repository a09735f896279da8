"""The test suite; see docs/decisions/0011-rules-are-checks.md for the part that reads the code itself."""
