"""The node canvas."""

from gui.draw.canvas.canvas import Canvas
from gui.draw.canvas.model.marks import TrainingMark

__all__ = ["Canvas", "TrainingMark"]
