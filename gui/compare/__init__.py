"""Two networks side by side in a window of their own."""

from gui.compare.window import CompareWindow

__all__ = ["CompareWindow"]
