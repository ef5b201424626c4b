"""The style sheet: complete, made of tokens, and in step with the theme."""

import re
from contextlib import nullcontext
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTabBar, QWidget

import gui
from gui.style.appearance import ThemeChoice, appearance
from gui.style.style import apply_style, mark, role, styled_at_once
from gui.style.style_sheet import CLASS_WEIGHTS, TEXT_ROLES, style_sheet
from gui.widgets.layouts import column

WEIGHT = QFont.Tag("wght")


@pytest.fixture(autouse=True)
def _styled(qapp):
    apply_style(qapp)
    yield
    appearance().choose(ThemeChoice.SYSTEM)


@pytest.mark.parametrize("choice", [ThemeChoice.DARK, ThemeChoice.LIGHT])
def test_the_sheet_holds_no_colour_that_is_no_token(choice):
    appearance().choose(choice)
    theme = appearance().theme
    tokens = {value for value in (getattr(theme, name) for name in theme.__slots__) if isinstance(value, str)}
    assert set(re.findall("#[0-9A-Fa-f]{6}", style_sheet(appearance()))) <= tokens
    assert "$" not in style_sheet(appearance())


def test_no_colour_literal_outside_the_theme():
    root = Path(gui.__file__).parent
    literal = re.compile(r"[\"']#[0-9A-Fa-f]{3,8}[\"']")
    found = [str(p) for p in root.rglob("*.py") if p.name != "theme.py" and literal.search(p.read_text())]
    assert found == []


def test_the_palette_follows_the_theme(qapp):
    appearance().choose(ThemeChoice.DARK)
    dark = qapp.palette().window().color()
    appearance().choose(ThemeChoice.LIGHT)
    assert qapp.palette().window().color() == appearance().colour("panel") != dark


@pytest.mark.parametrize("name", TEXT_ROLES)
def test_a_label_takes_size_weight_and_colour_of_its_role(qtbot, name):
    label = QLabel("W")
    qtbot.addWidget(label)
    role(label, name)
    label.show()
    text = TEXT_ROLES[name]
    assert label.font().pixelSize() == text.size
    assert label.font().variableAxisValue(WEIGHT) == text.weight
    assert label.palette().color(label.foregroundRole()) == appearance().colour(text.token)
    appearance().choose(ThemeChoice.LIGHT)
    assert label.font().variableAxisValue(WEIGHT) == text.weight
    assert label.palette().color(label.foregroundRole()) == appearance().colour(text.token)


def test_control_heights(qtbot):
    box = QWidget()
    qtbot.addWidget(box)
    heights = {}
    for name, size, widget in (
        ("field", None, QLineEdit(box)),
        ("button", None, QPushButton("a", box)),
        ("small", "small", QPushButton("a", box)),
        ("large", "large", QPushButton("a", box)),
        ("tabs", None, QTabBar(box)),
    ):
        if size:
            mark(widget, "scale", size)
        if isinstance(widget, QTabBar):
            widget.addTab("One")
        box.show()
        heights[name] = widget.sizeHint().height()
    assert heights == {"field": 28, "button": 32, "small": 28, "large": 36, "tabs": 36}


def test_a_plain_widget_with_a_role_paints_its_background(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    role(widget, "canvas")
    widget.resize(20, 20)
    widget.show()
    assert widget.testAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    assert widget.grab().toImage().pixelColor(10, 10) == appearance().colour("canvas")


def test_a_label_that_takes_another_role_once_it_was_seen_is_written_so(qtbot):
    label = QLabel("W")
    qtbot.addWidget(label)
    role(label, "heading")
    label.show()
    for name in ("small", "heading", "small"):
        role(label, name)
        assert label.font().variableAxisValue(WEIGHT) == TEXT_ROLES[name].weight


def test_what_is_hidden_while_the_theme_changes_has_its_colours_once_it_is_shown(qtbot):
    appearance().choose(ThemeChoice.DARK)
    window = QWidget()
    qtbot.addWidget(window)
    page = QWidget(window)
    role(label := QLabel("W", page), "error")
    window.show()
    page.hide()
    appearance().choose(ThemeChoice.LIGHT)
    page.show()
    assert label.palette().color(label.foregroundRole()) == appearance().colour("err")


def test_what_is_hidden_by_itself_on_a_hidden_page_has_its_colours_once_it_is_shown_later(qtbot):
    appearance().choose(ThemeChoice.DARK)
    window = QWidget()
    qtbot.addWidget(window)
    page = QWidget(window)
    role(label := QLabel("W", page), "error")
    window.show()
    page.hide()
    appearance().choose(ThemeChoice.LIGHT)
    label.hide()
    page.show()
    label.show()
    assert label.palette().color(label.foregroundRole()) == appearance().colour("err")


@pytest.mark.parametrize("fails", [False, True])
def test_what_is_made_while_there_is_no_sheet_looks_as_anything_else_and_so_does_what_was_seen(qtbot, qapp, fails):
    appearance().choose(ThemeChoice.DARK)

    def made(parent):
        box = QWidget(parent)
        role(label := QLabel("W"), "error")
        role(button := QPushButton("Train"), "primary")
        column(box, label, button)
        box.sizeHint(), button.sizeHint()  # which has Qt style them as it can then
        return box, label, button

    def looks(box, label, button):
        box.show()
        box.resize(box.sizeHint())
        axes = [widget.font().variableAxisValue(WEIGHT) for widget in (label, button)]
        return axes, button.sizeHint(), label.palette().color(label.foregroundRole()), button.grab().toImage()

    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    seen = made(window)
    expected, sheet = looks(*seen), qapp.styleSheet()
    fonts = [qapp.font(kind) for kind in CLASS_WEIGHTS]
    with pytest.raises(RuntimeError) if fails else nullcontext(), styled_at_once():
        assert not qapp.styleSheet()
        new = made(window)
        if fails:
            raise RuntimeError
    assert qapp.styleSheet() == sheet
    assert [qapp.font(kind) for kind in CLASS_WEIGHTS] == fonts
    assert looks(*seen) == looks(*new) == looks(*made(window)) == expected
    assert expected[0] == [TEXT_ROLES["error"].weight, 600]
