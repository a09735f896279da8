"""What a policy would have done with many leads: pure, on the same judgements that running leads get."""
