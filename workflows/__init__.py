"""When things happen: the life of one lead. Orchestrates only; judgement and touches are activities."""
