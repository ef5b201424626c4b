"""A small trained network, and Look inside, in a shown window."""

from look_parts import document, inside, runs, seen, trained

__all__ = ["document", "inside", "runs", "seen", "trained"]
