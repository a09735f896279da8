"""Policy held against oracles and edges: tables that were written from the requirements, not from the code."""
