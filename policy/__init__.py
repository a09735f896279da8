"""What we decide: pure functions of (facts, policy, now). No clock, id, randomness or input and output."""
