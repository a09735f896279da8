"""What a lead may become, as tables."""
