"""The commands of the window: its own, and with this package those of all features are in `COMMANDS`."""

from gui.compare import declared as compare
from gui.data import declared as data
from gui.draw import declared as draw
from gui.draw.canvas import declared as canvas
from gui.evaluate import declared as evaluate
from gui.look import declared as look
from gui.registry.commands import COMMANDS
from gui.shell.commands import about, edit, file, view
from gui.train import declared as train
from gui.train import queue_declared as queue

__all__ = [
    "COMMANDS",
    "about",
    "canvas",
    "compare",
    "data",
    "draw",
    "edit",
    "evaluate",
    "file",
    "look",
    "queue",
    "train",
    "view",
]
