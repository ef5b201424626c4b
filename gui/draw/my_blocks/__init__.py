"""The My blocks panel: parts of networks kept for other networks."""

from gui.draw.my_blocks.panel import MyBlocksPanel

__all__ = ["MyBlocksPanel"]
