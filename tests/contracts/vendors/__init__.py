"""Adapters held to the vendors' own API descriptions and published signature examples."""
