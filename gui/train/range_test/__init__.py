"""The learning-rate range test in the window."""
