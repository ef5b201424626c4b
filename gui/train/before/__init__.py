"""Train before a run: what is known of it, and what should be."""
