"""Speed and fault suites against the embedded stack, driven from outside. The simulator's log is the only judge."""
