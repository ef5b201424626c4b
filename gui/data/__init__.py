"""Data: which images the network learns from, and what it receives of them."""
