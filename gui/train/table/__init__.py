"""All runs as a table."""
