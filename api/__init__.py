"""HTTP in: verify, parse, hand over, answer. Holds no judgement and no vendor."""
