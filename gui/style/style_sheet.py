"""The style sheet of the window, generated from the tokens.

Weights are not set here: a style sheet cannot move the axis of a variable font. `TEXT_ROLES` and `CLASS_WEIGHTS` say
them, and `gui.style.style` sets them as fonts.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt, QTemporaryDir
from PySide6.QtGui import QColor, QPainter, QPixmap

from gui.style.appearance import Appearance
from gui.style.theme import COLOURS, Theme


class TextRole(NamedTuple):
    """How a label of one role is written."""

    size: int
    token: str
    weight: int = 400
    mono: bool = False


TEXT_ROLES = {
    "caption": TextRole(11, "muted"),
    "caption-warning": TextRole(11, "warn"),
    "faint": TextRole(11, "faint"),
    "label": TextRole(12, "muted"),
    "small": TextRole(12, "text"),
    "menu-title": TextRole(13, "muted"),
    "heading": TextRole(13, "text", 600),
    "title": TextRole(14, "text", 600),
    "card-title": TextRole(15, "text", 600),
    "large": TextRole(16, "text", 600),
    "figure": TextRole(20, "text", 600),
    "display": TextRole(24, "text", 600),
    "mono": TextRole(11, "text", mono=True),
    "mono12": TextRole(12, "text", mono=True),
    "mono12-strong": TextRole(12, "text", 600, mono=True),
    "mono12-quiet": TextRole(12, "muted", mono=True),
    "shape": TextRole(12, "muted", mono=True),
    "shape-output": TextRole(12, "text", mono=True),
    "formula": TextRole(12, "muted", mono=True),
    "key": TextRole(11, "muted", mono=True),
    "error": TextRole(12, "err"),
    "warning": TextRole(12, "warn"),
    "ok": TextRole(12, "ok"),
    "link": TextRole(12, "link"),
    "badge-error": TextRole(11, "err_text", 600),
    "badge-warning": TextRole(11, "warn", 600),
    "badge-unfinished": TextRole(11, "muted", 600),
}

CLASS_WEIGHTS = {"QPushButton": 500, "QTabBar": 500, "QToolButton": 500}


def style_sheet(look: Appearance) -> str:
    """The whole style sheet for the theme in force."""
    colours = {name: getattr(look.theme, name) for name in COLOURS}
    families = {"sans": look.font().family(), "code": look.font(mono=True).family()}
    sheet = Template(_SHEET).substitute(colours | families | _images(look))
    return sheet + "".join(_label_rule(look, name, text) for name, text in TEXT_ROLES.items())


def _label_rule(look: Appearance, name: str, text: TextRole) -> str:
    family = look.font(mono=text.mono).family()
    colour = getattr(look.theme, text.token)
    return f'QLabel[role="{name}"] {{ font-family: "{family}"; font-size: {text.size}px; color: {colour}; }}\n'


def _images(look: Appearance) -> dict[str, str]:
    """Paths of the few pictures that a style sheet can only take from files."""
    theme = look.theme
    icons = {
        "chevron_down": ("mdi6.chevron-down", "muted"),
        "chevron_up": ("mdi6.chevron-up", "muted"),
        "chevron_right": ("mdi6.chevron-right", "muted"),
        "check": ("mdi6.check-bold", "on_primary"),
        "menu_check": ("mdi6.check", "text"),
        "minus": ("mdi6.minus-thick", "on_primary"),
        "close": ("mdi6.close", "muted"),
    }
    folder = Path(_folder().path())
    paths = {}
    for name, (icon, token) in icons.items():
        file = folder / f"{name}-{theme.name}.png"
        for suffix, scale in (("", 1), ("@2x", 2)):
            target = file.with_stem(file.stem + suffix)
            if not target.exists():
                look.icon(icon, token).pixmap(16 * scale, 16 * scale).save(str(target))
        paths[name] = file.as_posix()
    for name, on in (("switch_on", True), ("switch_off", False)):
        file = folder / f"{name}-{theme.name}.png"
        for suffix, scale in (("", 1), ("@2x", 2)):
            _switch(theme, on=on, scale=scale).save(str(file.with_stem(file.stem + suffix)))
        paths[name] = file.as_posix()
    return paths


def _switch(theme: Theme, *, on: bool, scale: int) -> QPixmap:
    """A 28×16 switch."""
    pixmap = QPixmap(28 * scale, 16 * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.setPen(QColor(theme.primary if on else theme.wire))
        painter.setBrush(QColor(theme.primary if on else theme.field))
        painter.drawRoundedRect(QRectF(0.5, 0.5, 27, 15), 7.5, 7.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.on_primary if on else theme.muted))
        painter.drawEllipse(QRectF(15 if on else 3, 3, 10, 10))
    return pixmap


@cache
def _folder() -> QTemporaryDir:
    return QTemporaryDir()


_SHEET = """
* { font-family: "$sans"; }
QToolTip { background: $raised; color: $text; border: 1px solid $line2; padding: 4px 6px; font-size: 12px; }
QMainWindow, QDialog { background: $panel; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter[role="gap"]::handle { background: transparent; }
QSplitter[role="gap"]::handle:hover { background: $line; }
QScrollArea, QScrollArea > QWidget > QWidget[role="page"] { background: transparent; border: none; }
QStackedWidget, QGraphicsView { border: none; }

QLabel { color: $text; background: transparent; }
QLabel:disabled { color: $faint; }
QLabel[role="link"]:focus { border: 1px solid $accent; border-radius: 4px; }
QLabel[role="heading"][quiet="true"] { color: $muted; }
QLabel[role="key"] { border: 1px solid $line2; border-radius: 4px; padding: 1px 4px; }
QLabel[role="shape"], QLabel[role="shape-output"] { border: 1px solid $line; border-radius: 6px; padding: 3px 9px; }
QLabel[role="shape-output"] { border-color: $line2; background: $raised; }
QLabel[role="shape-output"][state="error"] { color: $err_text; border-color: $err; background: $err_bg; }
QLabel[role^="badge-"] { border-radius: 8px; padding: 0 5px; min-width: 6px; min-height: 16px; max-height: 16px; }
QLabel[role="badge-error"] { background: $err_bg; }
QLabel[role="badge-warning"] { background: $warn_bg; }
QLabel[role="badge-unfinished"] { background: $hover; }

QFrame[role="card"], QWidget[role="card"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QFrame[role="template-card"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QFrame[role="template-card"]:hover { border-color: $wire; }
QFrame[role="template-card"]:focus { border: 1px solid $accent; }
QFrame[role="entry"] { background: transparent; border: none; border-bottom: 1px solid $line; }
QFrame[role="entry"][current="true"] { background: $sel; }
QFrame[role="note"] { background: $warn_bg; border: none; border-radius: 6px; }
QFrame[role="side"] { background: $panel; border: none; border-right: 1px solid $line; }
QFrame[role="recent"] { background: transparent; border: 1px solid transparent; border-radius: 6px; }
QFrame[role="recent"]:hover { background: $hover; }
QFrame[role="recent"]:focus { border-color: $accent; }
QFrame[role="raised"], QWidget[role="raised"] { background: $raised; border: 1px solid $line2; border-radius: 6px; }
QFrame[role="panel"], QWidget[role="panel"] { background: $panel; border: none; }
QFrame[role="window"], QWidget[role="window"] { background: $window; border: none; }
QWidget[role="tool-row"] { background: $panel; border-bottom: 1px solid $line; }
QWidget[role="footer"] { background: $window; border-top: 1px solid $line; }
QWidget[role="menu-row"] { background: $window; border-bottom: 1px solid $line; }
QFrame[role="canvas"], QWidget[role="canvas"] { background: $canvas; border: none; }
QFrame[role="segmented"], QWidget[role="segmented"] { background: $canvas; border: 1px solid $line;
    border-radius: 6px; }
QFrame[role="upright-line"] { background: $line; border: none; min-width: 1px; max-width: 1px; min-height: 24px; }
QFrame[role="line"], QWidget[role="line"] { background: $line; border: none; min-height: 1px; min-width: 1px; }
QFrame[role="bar-error"], QWidget[role="bar-error"] { background: $err_bg; border-bottom: 1px solid $err; }
QFrame[role="bar-warning"], QWidget[role="bar-warning"] { background: $warn_bg; border-bottom: 1px solid $warn; }
QFrame[role="bar-info"], QWidget[role="bar-info"] { background: $sel; border-bottom: 1px solid $accent; }
QWidget[role="remedy-box"] { background: $warn_bg; border: none; border-radius: 6px; }
QWidget[role="bar-error"] QLabel { color: $err_text; }
QWidget[role="bar-warning"] QLabel { color: $text; }

QPushButton { background: $raised; color: $text; border: 1px solid $line2; border-radius: 6px; padding: 0 12px;
    min-height: 30px; max-height: 30px; font-size: 13px; }
QPushButton[scale="small"] { min-height: 26px; max-height: 26px; font-size: 12px; padding: 0 10px; }
QPushButton[scale="large"] { min-height: 34px; max-height: 34px; }
QPushButton:hover { background: $hover; border-color: $wire; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $faint; background: $raised; border-color: $line; }
QPushButton:checked { background: $sel; border-color: $accent; }
QPushButton[role="primary"] { background: $primary; color: $on_primary; border-color: $primary; }
QPushButton[role="primary"]:hover { border-color: $on_primary; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $raised; color: $faint; border-color: $line; }
QPushButton[role="text"] { background: transparent; color: $link; border: 1px solid transparent; padding: 0 4px; }
QPushButton[role="text"]:hover { text-decoration: underline; }
QPushButton[role="text"]:focus { border-color: $accent; }
QPushButton[role="text"]:disabled { color: $faint; }
QPushButton[role="quiet"] { background: transparent; border-color: transparent; }
QPushButton[role="quiet"]:hover { background: $hover; }
QPushButton[role="quiet"]:focus { border-color: $accent; }
QPushButton[role="quiet"]:checked { background: $raised; border-color: $line2; }
QPushButton[role="fix"] { background: $raised; color: $link; border-color: $accent; }
QPushButton[role="fix"]:hover, QPushButton[role="fix"]:focus { background: $sel; }
QPushButton[role="danger"] { color: $err; border-color: $err; }
QPushButton[role="row"] { background: transparent; border-color: transparent; text-align: left; padding: 0 8px;
    }
QPushButton[role="row"]:hover { background: $hover; }
QPushButton[role="row"]:focus { border-color: $accent; }
QPushButton[role="start"] { text-align: left; padding: 0 12px; }
QPushButton[role="chip"], QToolButton[role="chip"] { background: $panel; color: $muted; border: 1px solid $line2;
    border-radius: 6px; padding: 0 7px; min-height: 20px; max-height: 20px; font-size: 11px; }
QPushButton[role="chip"]:hover, QToolButton[role="chip"]:hover { background: $hover; color: $text; }
QPushButton[role="chip"]:checked, QToolButton[role="chip"]:checked { background: $hover; color: $text;
    border-color: $wire; }
QPushButton[role="chip"]:focus, QToolButton[role="chip"]:focus { border-color: $accent; }
QPushButton[role="pick"] { background: $panel; color: $muted; border: 1px solid $line2; border-radius: 4px;
    padding: 0 7px; min-height: 18px; max-height: 18px; font-size: 11px; }
QPushButton[role="pick"]:hover { background: $hover; color: $text; }
QPushButton[role="pick"]:checked { background: $sel; color: $link; border-color: $accent; }
QPushButton[role="pick"]:focus { border-color: $accent; }
QPushButton[role="segment"] { background: transparent; color: $muted; border: 1px solid transparent;
    border-radius: 5px; padding: 0 12px; min-height: 24px; max-height: 24px; }
QPushButton[role="segment"][scale="small"] { min-height: 20px; max-height: 20px; font-size: 12px; padding: 0 8px; }
QPushButton[role="segment"]:hover { color: $text; }
QPushButton[role="segment"]:checked { background: $raised; color: $text; border-color: $line2; }
QPushButton[role="segment"]:focus { border-color: $accent; }
QPushButton[role="segment"]:disabled { color: $faint; }

QPushButton[role="preset"] { border-radius: 8px; border-color: $line2; padding: 0; min-height: 66px; max-height: 66px;
    text-align: left; }
QPushButton[role="preset"][current="true"] { background: $sel; border-color: $accent; }
QPushButton[role="preset"]:focus { border-color: $text; }

QPushButton[role^="count-"] { background: transparent; border: none;
    padding: 0; min-height: 20px; max-height: 20px; font-size: 12px; color: $err; }
QPushButton[role="count-warning"] { color: $warn; }
QPushButton[role="count-unfinished"] { color: $muted; }
QPushButton[role^="count-"]:hover, QPushButton[role^="count-"]:focus { text-decoration: underline; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 3px; color: $text; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $raised; border-color: $line2; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $faint; }
QToolButton[role="toolbar"] { padding: 0 8px; min-height: 30px; max-height: 30px; }
QToolButton[role="toolbar-framed"] { padding: 0 10px; border-color: $line2; min-height: 28px; max-height: 28px; }
QToolButton[role="toolbar-framed"]:focus { border-color: $accent; }
QToolButton[role="toolchip"] { background: $panel; border: 1px solid $line; min-height: 26px; max-height: 26px; }
QToolButton[role="toolchip"]:hover { background: $hover; border-color: $line2; }
QToolButton[role="toolchip"]:focus { border-color: $accent; }
QToolButton[role="fix"] { background: $raised; border-color: $line2; }
QToolButton[role="fix"]:hover, QToolButton[role="fix"]:focus { background: $sel; border-color: $accent; }
QToolButton[role="link"] { padding: 0; }
QToolButton[role="link"]:checked { background: transparent; border-color: transparent; }
QToolButton[role="link"]:focus { border-color: $accent; }
QToolButton[role="disclosure"] { color: $muted; padding: 2px 4px 2px 0; margin-left: -6px; font-size: 12px; }
QToolButton[role="disclosure"]:hover { background: transparent; color: $text; }
QToolButton[role="disclosure"]:checked { background: transparent; border-color: transparent; }
QToolButton[role="disclosure"]:focus { border-color: transparent; color: $accent; text-decoration: underline; }
QToolButton[role="section"] { text-align: left; padding: 0 4px; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { background: $field; color: $text; border: 1px solid $wire;
    border-radius: 4px; padding: 0 7px; min-height: 26px; max-height: 26px; font-size: 12px;
    selection-background-color: $primary; selection-color: $on_primary; }
QLineEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover, QComboBox:hover { border-color: $muted; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus { border: 1px solid $accent; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled { color: $faint;
    border-color: $line2; }
QLineEdit[state="error"], QSpinBox[state="error"], QDoubleSpinBox[state="error"], QComboBox[state="error"] {
    border: 1px solid $err; }
QLineEdit[tight="true"] { padding: 0 4px; }
QLineEdit[role="mono"] { font-family: "$code"; }
QLineEdit[scale="small"] { min-height: 20px; max-height: 20px; padding: 0 4px; font-size: 11px; }
QLineEdit[role="title"] { border-color: transparent; background: transparent; padding: 0 3px;
    margin-left: -4px; min-height: 22px; max-height: 22px; }
QLineEdit[role="title"]:hover { border-color: $line2; }
QLineEdit[role="title"]:read-only { border-color: transparent; }
QLineEdit[role="title"]:focus { border-color: $accent; background: $field; }
QLineEdit[role="bare"] { border: none; background: transparent; padding: 0; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {
    subcontrol-origin: border; width: 16px; border: none; background: transparent; }
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$chevron_up"); width: 12px; height: 12px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url("$chevron_down"); width: 12px; height: 12px; }
QComboBox::drop-down { subcontrol-origin: padding; subcontrol-position: center right; width: 22px; border: none; }
QComboBox::down-arrow { image: url("$chevron_down"); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $line2; padding: 4px; outline: 0;
    selection-background-color: $sel; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 6px; border-radius: 4px; }
QPlainTextEdit, QTextEdit, QTextBrowser { background: $field; color: $text; border: none;
    selection-background-color: $primary; selection-color: $on_primary; }

QPlainTextEdit[role="code"] { background: $canvas; font-family: "$code"; font-size: 12px; }

QCheckBox, QRadioButton { color: $text; font-size: 12px; spacing: 8px; background: transparent; min-height: 20px; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $wire;
    background: $field; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 7px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $muted; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked { background: $primary; border-color: $primary; image: url("$check"); }
QCheckBox::indicator:indeterminate { background: $primary; border-color: $primary; image: url("$minus"); }
QRadioButton::indicator:checked { background: $on_primary; border: 4px solid $primary; width: 8px; height: 8px; }
QCheckBox[role="switch"]::indicator { width: 28px; height: 16px; border: none; background: transparent;
    border-radius: 0; image: url("$switch_off"); }
QCheckBox[role="switch"]::indicator:checked { image: url("$switch_on"); border: none; background: transparent; }
QCheckBox[role="switch"]:focus { text-decoration: underline; }

QSlider { min-height: 20px; background: transparent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -5px 0; border-radius: 7px; background: $on_primary;
    border: 1px solid $wire; }
QSlider::handle:horizontal:focus { border: 2px solid $accent; width: 10px; height: 10px; border-radius: 7px; }
QSlider::groove:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: $line; }
QProgressBar { background: $canvas; border: 1px solid $line; border-radius: 3px; min-height: 4px; max-height: 4px;
    text-align: right; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QProgressBar[role="thin"] { min-height: 2px; max-height: 2px; border: none; border-radius: 0; background: transparent; }

QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; padding: 0; margin: 0 10px; min-height: 33px;
    max-height: 33px; border: none; border-top: 1px solid transparent;
    border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:disabled { color: $faint; }
QTabBar:focus { outline: none; }
QTabBar::tab:focus { border-top-color: $accent; }
QTabBar[folded="true"]::tab { min-height: 25px; max-height: 25px; }
QTabBar[folded="true"]::tab:selected { color: $muted; border-bottom-color: transparent; }
QTabBar::tear { width: 0; }
QTabBar QToolButton { background: $panel; border: none; border-radius: 0; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }

QAbstractItemView { background: $panel; color: $text; border: none; outline: 0; font-size: 12px;
    alternate-background-color: $panel; selection-background-color: $sel; selection-color: $text; }
QListView::item, QTreeView::item { min-height: 26px; border: none; padding: 0 4px; }
QListView::item:hover, QTreeView::item:hover, QTableView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected { background: $sel; color: $text; }
QListView::item:focus, QTableView::item:focus { border: 1px solid $accent; }
QListView::indicator, QTableView::indicator { width: 14px; height: 14px; border: 1px solid $wire;
    border-radius: 4px; background: $field; }
QListView::indicator:checked, QTableView::indicator:checked { background: $primary; border-color: $primary;
    image: url("$check"); }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url("$chevron_right"); }
QTreeView::branch:has-children:open { image: url("$chevron_down"); }
QTableView { gridline-color: $line; }
QTableView::item { padding: 0 8px; border: none; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section { background: $panel; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: 0 8px; min-height: 26px; font-size: 11px; }
QHeaderView::section:hover { color: $text; }
QHeaderView::up-arrow, QHeaderView::down-arrow { subcontrol-origin: padding;
    subcontrol-position: center right; width: 10px; height: 10px; }
QHeaderView::up-arrow { image: url("$chevron_up"); }
QHeaderView::down-arrow { image: url("$chevron_down"); }
QTableCornerButton::section { background: $panel; border: none; }

QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $line2; border: 2px solid transparent; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $wire; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QMenuBar { background: $window; color: $muted; border: none; padding: 0; spacing: 0; }
QMenuBar::item { background: transparent; color: $muted; padding: 7px 10px; border-radius: 4px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; color: $text; }
QMenu { background: $raised; color: $text; border: 1px solid $line2; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 28px; border-radius: 4px; font-size: 13px; }
QMenu::item:selected { background: $sel; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::indicator { width: 16px; height: 16px; left: 6px; }
QMenu::indicator:checked { image: url("$menu_check"); }
QMenu::icon { left: 6px; }
QMenu::right-arrow { image: url("$chevron_right"); width: 14px; height: 14px; }
QStatusBar { background: $window; color: $muted; border-top: 1px solid $line; font-size: 12px; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; font-size: 12px; }
QDockWidget { background: $panel; border: none; }
QGroupBox { border: none; margin-top: 20px; }
QGroupBox::title { subcontrol-origin: margin; left: 0; }
"""
