"""The training loop, what it tells, and how it is steered."""
