"""Pages that scroll: they come to rest, whatever is shown and placed by their width."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLabel, QScrollArea, QWidget
from train_parts import tiny_network

from engine.data.settings import DataSettings
from engine.layers.merge import Add
from engine.project import Project
from gui.data.received.grid import ReceivedGrid
from gui.data.received.receipt import Cell, Column, Receipt, Row
from gui.data.sheet.grid import Grid
from gui.data.steps.panel import StepsPanel
from gui.document import Document
from gui.draw.problems.panel import ProblemsPanel
from gui.evaluate.cards import Card, CardGrid
from gui.look.mosaic import Mosaic, Tile
from gui.style.style import apply_style
from gui.widgets import layouts
from gui.widgets.image_grid import ImageGrid
from gui.widgets.steady import steady_width
from gui.widgets.tile_pictures import TilePictures

MOST_FITS = 12  # of a page for one resize of what it scrolls in; it is endless where it goes to and fro


class Fits(QObject):
    """Counts how often the page of a scroll area is resized, or the view of one without, and ends what is endless."""

    def __init__(self, area):
        super().__init__(area)
        self.count = 0
        (area.widget() if isinstance(area, QScrollArea) else area.viewport()).installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() is QEvent.Type.Resize
        return self.count > 10 * MOST_FITS

    def after(self, widget, width, height):
        """How often, until the widget has come to rest in another size."""
        self.count, before = 0, -1
        widget.resize(width, height)
        while before < self.count < 10 * MOST_FITS:
            before = self.count
            QApplication.processEvents()
        return self.count


class Half(QWidget):
    """A page that hides half of itself where it is not ``wide``, or narrow, from 300 px on.

    ``steady`` looks past the scroll bar.
    """

    def __init__(self, *, steady=True, wide=True):
        super().__init__()
        self.part, self.steady, self.wide = QLabel("seen"), steady, wide
        self.part.setFixedHeight(100)
        above = QLabel("always")
        above.setFixedHeight(100)
        layouts.column(self, above, self.part)

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self.part.setVisible(((steady_width(self) if self.steady else self.width()) >= 300) is self.wide)


def beside_each_other():
    page = QWidget()
    layouts.row(page, Half(wide=False), Half(wide=False))
    return layouts.scrolling(page)


def problems():
    network = tiny_network()
    network.remove("relu")
    for number in range(2):
        network.add(Add(), f"add{number}")
    return ProblemsPanel(Document(Project(network)))


def steps():
    panel = StepsPanel(Document(Project(tiny_network())))
    panel.take_preset("photos")
    return panel


def cards():
    grid = CardGrid("One image", usual=220)
    grid.show_cards(None, [Card(0, "3")])
    return grid


def sheet():
    grid = Grid(TilePictures(QApplication.instance()))
    grid.show_places(DataSettings().source.listed(), np.arange(1))
    grid.show_edge(160)
    return grid


def received():
    pixels, grid = np.zeros((3, 8, 8), np.uint8), ReceivedGrid()
    rows = [Row(image, "3", str(image), pixels, np.zeros((0, 2)), (Cell(pixels),) * 3) for image in range(8)]
    columns = tuple(Column("Step", "mdi6.crop", place) for place in range(3))
    grid.show_receipt(Receipt(columns, tuple(rows), (0.0,), (1.0,), {}, DataSettings().source), "")
    return grid


def maps():
    mosaic = Mosaic()
    mosaic.show_maps(np.zeros((5, 8, 8), np.float32), [Tile(index, "map", "1") for index in range(5)])
    return mosaic


def images():
    grid = ImageGrid()
    grid.show_images(np.zeros((12, 3, 8, 8), np.uint8))
    return grid


@pytest.mark.parametrize(
    ("make", "widths", "heights"),
    [
        (lambda: layouts.scrolling(Half()), range(294, 318, 2), range(80, 220, 4)),
        (beside_each_other, range(594, 624, 2), range(80, 220, 6)),
        (problems, (700, 704, 708), range(60, 240, 6)),
        (steps, (352,), range(600, 960, 60)),
        (cards, (250, 270, 290), range(240, 320, 4)),
        (sheet, (150, 160), range(130, 190, 4)),
        (received, (642, 653), range(600, 640, 4)),
        (maps, (400, 413), range(80, 400, 20)),
        (images, (240, 251), range(60, 300, 20)),
    ],
    ids=["page", "columns", "problems", "steps", "cards", "sheet", "received", "maps", "images"],
)
def test_a_page_comes_to_rest_at_every_size(qapp, qtbot, make, widths, heights):
    apply_style(qapp)
    widget = make()
    qtbot.addWidget(widget)
    area = widget if isinstance(widget, QAbstractScrollArea) else widget.findChild(QScrollArea)
    fits = Fits(area)
    widget.show()
    restless = [
        (width, height) for width in widths for height in heights if fits.after(widget, width, height) > MOST_FITS
    ]
    assert restless == []
    for ended in (getattr(widget, "preview", None), getattr(widget, "pictures", None)):
        if ended is not None:
            ended.close()


def test_a_page_that_is_lower_beside_a_scroll_bar_does_not_fill_the_stack(qapp, qtbot):
    area = layouts.scrolling(Half(steady=False))
    qtbot.addWidget(area)
    fits = Fits(area)
    area.show()
    for width in range(290, 316):
        fits.after(area, width, 150)  # it goes to and fro, a turn at a time
    area.resize(400, 400)
    assert area.widget().part.isVisible()
