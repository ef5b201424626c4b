"""The node canvas."""

from gui.canvas.canvas import Canvas
from gui.canvas.marks import TrainingMark

__all__ = ["Canvas", "TrainingMark"]
