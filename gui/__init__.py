"""The window. It never imports torch: it gets numpy arrays and frozen values."""
