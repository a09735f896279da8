"""Every judgement, as tables."""
