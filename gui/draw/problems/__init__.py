"""The Problems panel: what is wrong, where, and what mends it."""

from gui.draw.problems.panel import ProblemsPanel

__all__ = ["ProblemsPanel"]
