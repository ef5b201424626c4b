"""The weights of a node in a mosaic, signed around 0."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.inspection.results import Kernels
from gui.look.colour_legend import ColourLegend
from gui.look.mosaic import Mosaic, Tile
from gui.look.vector_bars import VectorBars
from gui.style.colour_maps import ColourMap, Normalise, short
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.pages import Pages

MOST = 512  # kernels, and rows and columns of one; beyond this many nobody can tell them apart


class KernelsView(QWidget):
    """A tile for each output map, the mean over several input maps; factors as bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel()
        role(self.title, "label")
        self.mosaic, self.bars, self.legend = Mosaic(), VectorBars(), ColourLegend()
        self.mosaic.tiles.pins = False
        self.mosaic.tiles.setAccessibleName("Kernels")
        self.mosaic.tiles.restyle(colours=ColourMap.SIGNED, normalise=Normalise.LAYER)
        self.pages = Pages()
        self.pages.addWidget(self.mosaic)
        self.pages.addWidget(self.bars)
        column = layouts.column(self, self.title, spacing=8)
        column.addWidget(self.pages, 1)
        column.addWidget(self.legend)

    def show_kernels(self, kernels: Kernels) -> None:
        """Show weights of any shape that a node may have."""
        flat = kernels.values.ndim == 1
        self.title.setText(_title(kernels))
        self.legend.setVisible(not flat)
        self.pages.setCurrentWidget(self.bars if flat else self.mosaic)
        if flat:
            self.bars.show_values(kernels.values)
            return
        tiles = kernels.tiles[:MOST, :MOST, :MOST].astype(np.float32)
        captions = [Tile(at, f"{at}", f"max {short(float(np.abs(tile).max()))}") for at, tile in enumerate(tiles)]
        self.mosaic.show_maps(tiles, captions)
        self.legend.show_span(ColourMap.SIGNED, self.mosaic.tiles.span(0), "All share one scale around 0.")


def _title(kernels: Kernels) -> str:
    shape = kernels.values.shape
    over = f", mean over {shape[1]} input maps" if len(shape) == 4 and shape[1] > 1 else ""
    cut = f", the first {MOST}" if max(shape) > MOST else ""
    return f"{kernels.node} · weights of {'×'.join(map(str, shape))}{over}{cut}"
