"""The Data panel: which images the network learns from."""

from gui.data.panel import DataPanel

__all__ = ["DataPanel"]
