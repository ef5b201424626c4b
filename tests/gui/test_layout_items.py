"""Nobody asks Qt for what PySide keeps for valid after Qt deleted it: items of layouts, and others that Qt made.

Whatever comes to lie at the address of such a thing later is then taken for alive when it is deleted, and the program
ends. A layout keeps hold of its items once it was asked for them; others last as long as somebody holds them.
"""

import ast
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QTableWidget,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)
from stale_items import items_at_hand, stale_items

ASKS = {"itemAt", "itemAtPosition", "horizontalHeaderItem", "verticalHeaderItem", "headerItem", "invisibleRootItem"}
GUI = Path(__file__).parents[2] / "gui"
SOURCES = sorted(GUI.rglob("*.py"))


def asked(text):
    """Where a source asks something else than itself for an item."""
    for node in ast.walk(ast.parse(text)):
        called = node.func if isinstance(node, ast.Call) else None
        asks = isinstance(called, ast.Attribute) and called.attr in ASKS
        if asks and ast.unparse(called.value) != "self":
            yield called.lineno


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(GUI)))
def test_nobody_asks(path):
    assert list(asked(path.read_text("utf-8"))) == []


def test_the_search_finds_who_asks():
    text = "grid.itemAtPosition(0, 1)\nself.box.itemAt(0)\nself.itemAt(0)\ntable.horizontalHeaderItem(0)"
    assert list(asked(text)) == [1, 2, 4]


def test_an_item_outlives_its_layout_once_it_was_asked_for(qapp):
    """The reason of it all: where this fails, PySide no longer needs it."""
    page, part = QWidget(), QWidget()
    box = QVBoxLayout(page)
    box.addWidget(part)
    before = len(items_at_hand())
    box.itemAt(0)
    shiboken6.delete(part)
    assert box.count() == 0
    assert len(items_at_hand()) == before + 1
    assert len(stale_items()) == 1


def test_an_item_outlives_its_layout_if_that_was_filled_before_it_was_added(qapp):
    """PySide asks it for its items then. No part of such a layout may go before its page."""
    page, part, inner = QWidget(), QWidget(), QHBoxLayout()
    outer = QVBoxLayout(page)
    inner.addWidget(part)
    outer.addLayout(inner)
    shiboken6.delete(part)
    assert len(stale_items()) == 1


def of_a_list():
    made = QListWidget()
    made.addItems(["a"])
    item = made.item(0)
    made.model().removeRow(0)
    return item


def of_a_list_that_goes():
    made = QListWidget()
    made.addItems(["a"])
    item = made.item(0)
    shiboken6.delete(made)
    return item


def of_a_table():
    made = QTableWidget(1, 1)
    made.setHorizontalHeaderLabels(["a"])
    item = made.horizontalHeaderItem(0)
    made.setColumnCount(0)
    return item


def of_a_tree():
    made = QTreeWidget()
    item = made.headerItem()
    shiboken6.delete(made)
    return item


def of_a_combo_box():
    made = QComboBox()
    made.addItems(["a"])
    item = made.model().item(0)
    made.clear()
    return item


def of_a_model_that_is_cleared():
    made, item = QStandardItemModel(), QStandardItem("a")
    made.appendRow(item)
    made.clear()
    return item


def of_a_document():
    made = QPlainTextEdit("a")
    layout = made.document().firstBlock().layout()
    made.clear()
    return layout


OUTLIVING = (
    *(of_a_list, of_a_list_that_goes, of_a_table, of_a_tree, of_a_combo_box),
    *(of_a_model_that_is_cleared, of_a_document),
)


@pytest.mark.parametrize("held", OUTLIVING, ids=lambda held: held.__name__)
def test_what_qt_made_is_kept_for_valid_while_it_is_held(held, qapp):
    assert shiboken6.isValid(held())


def test_an_item_that_we_made_goes_with_its_list(qapp):
    made, item = QListWidget(), QListWidgetItem("a")
    made.addItem(item)
    made.model().removeRow(0)
    assert not shiboken6.isValid(item)
