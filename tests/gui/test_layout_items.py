"""No layout is asked for its items.

PySide keeps such an item for valid after Qt deleted it with what it places. Whatever comes to lie at its address later
is then taken for alive when it is deleted, and the program ends.
"""

import ast
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QLayout, QLayoutItem, QVBoxLayout, QWidget

GUI = Path(__file__).parents[2] / "gui"
SOURCES = sorted(GUI.rglob("*.py"))


def items_at_hand():
    """Items of layouts that PySide takes for alive."""
    alive = shiboken6.getAllValidWrappers()
    return [item for item in alive if isinstance(item, QLayoutItem) and not isinstance(item, QLayout)]


def asked(text):
    """Where a source asks something else than itself for an item."""
    for node in ast.walk(ast.parse(text)):
        called = node.func if isinstance(node, ast.Call) else None
        asks = isinstance(called, ast.Attribute) and called.attr in {"itemAt", "itemAtPosition"}
        if asks and ast.unparse(called.value) != "self":
            yield called.lineno


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(GUI)))
def test_no_layout_is_asked(path):
    assert list(asked(path.read_text("utf-8"))) == []


def test_the_search_finds_layouts_that_are_asked():
    assert list(asked("grid.itemAtPosition(0, 1)\nself.box.itemAt(0)\nself.itemAt(0)")) == [1, 2]


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
