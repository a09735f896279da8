"""The house rules as failing tests: this part reads the code, it does not run it."""
