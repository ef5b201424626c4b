"""The commands of the canvas: menus, its context menus and its keys are made from them."""

from gui.draw.canvas.declared import adding, blocks, clipboard, finding, states, viewing
from gui.draw.canvas.declared.base import CanvasCommand, canvas_commands

__all__ = ["CanvasCommand", "adding", "blocks", "canvas_commands", "clipboard", "finding", "states", "viewing"]
