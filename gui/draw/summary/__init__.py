"""The Summary panel: the network as a table, the canvas's equal without a mouse."""

from gui.draw.summary.panel import SummaryPanel

__all__ = ["SummaryPanel"]
