import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gui.widgets.figure_table import Cell, FigureTable, TableLine


class Paints(QObject):
    """What of a widget was painted."""

    def __init__(self):
        super().__init__()
        self.areas = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.areas.append(event.rect())
        return False


@pytest.fixture
def table(qtbot):
    table = FigureTable(("Layer", "Norm"), (50, 50))
    qtbot.addWidget(table)
    table.resize(200, 140)
    table.show_lines([line("conv", "1"), line("fc", "2", "sel"), line("out", "3")])
    with qtbot.waitExposed(table):
        table.show()
    QApplication.processEvents()
    return table


def line(name, figure, surface=""):
    return TableLine((Cell(name), Cell(figure)), surface)


def on_screen(table):
    """What stands on the screen, which is not painted anew for this."""
    return table.screen().grabWindow(table.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)


@pytest.mark.parametrize("changed", range(3))
def test_only_the_row_that_changed_is_painted_and_all_stay_whole(table, changed):
    paints = Paints()
    table.installEventFilter(paints)
    lines = list(table.lines)
    lines[changed] = line(*(cell.text for cell in lines[changed].cells[:1]), "42", lines[changed].surface)
    table.show_lines(lines)
    QApplication.processEvents()
    assert [(area.top(), area.height()) for area in paints.areas] == [(28 * (changed + 1), 28)]
    assert on_screen(table) == table.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def test_the_same_rows_are_not_painted_again(table):
    paints = Paints()
    table.installEventFilter(paints)
    table.show_lines(list(table.lines))
    QApplication.processEvents()
    assert not paints.areas


def test_the_tooltip_has_what_is_cut_and_nothing_else(table):
    assert table.toolTip() == ""
    long = "a_convolution_of_a_very_long_name_indeed"
    table.show_lines([line(long, "1"), line("fc", "2")])
    assert table.toolTip() == long
    table.resize(1200, 140)
    assert table.toolTip() == ""
