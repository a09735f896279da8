"""PostgreSQL: named queries, migrations and the stores built on them. Knows no other vendor."""
