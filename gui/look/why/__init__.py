"""The tab Why: what speaks for a class, by several methods side by side."""
