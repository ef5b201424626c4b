"""The scene and its items."""
