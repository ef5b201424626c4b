"""The Layers panel: every layer by family, searched, dragged or added with Enter."""

from gui.draw.palette.panel import PalettePanel

__all__ = ["PalettePanel"]
