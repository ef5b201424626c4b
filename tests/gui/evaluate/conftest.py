"""A small trained network, and Evaluate, in a shown window."""

from look_parts import document, evaluate, runs, trained

__all__ = ["document", "evaluate", "runs", "trained"]
