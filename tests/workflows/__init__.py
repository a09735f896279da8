"""The life of a lead under time skipping."""
