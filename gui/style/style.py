"""The look of every widget: a palette and a style sheet made from the tokens, again on every theme change.

A widget says what it is with the dynamic property ``role``; `role(widget, "primary")` sets it at any time.

======================  =========================================================================================
QPushButton             (none) raised, 32 high · ``primary`` filled · ``text`` link without border · ``quiet`` no
                        border until hovered · ``fix`` accent outline · ``danger`` · ``chip`` small choice, checkable
                        · ``segment`` inside a segmented control · ``row`` a whole row, text left
                        property ``scale``: ``small`` 28 high, ``large`` 36 high
QToolButton             (none) quiet icon button · ``toolbar`` text beside icon, 32 high · ``chip`` · ``section``
QCheckBox               (none) box and label · ``switch``
QLabel                  (none) body 13 · ``caption`` 11 muted · ``faint`` 11 · ``label`` 12 muted · ``small`` 12
                        ``heading`` 13 semibold · ``title`` 14 · ``large`` 16 · ``figure`` 20 · ``display`` 24
                        ``mono`` 11 · ``mono12`` 12 · ``formula`` 12 muted mono · ``key`` a keyboard key
                        ``error`` ``warning`` ``ok`` ``link`` coloured text · ``badge-error`` ``badge-warning`` counts
QFrame, QWidget         ``card`` bordered, radius 8 · ``panel`` · ``canvas`` a well · ``raised`` · ``segmented``
                        ``line`` a 1 px separator · ``bar-error`` ``bar-warning`` ``bar-info`` message bars
QLineEdit, QSpinBox …   28 high, border ``wire``; property ``state`` = ``error`` draws it in ``err``
QTabBar                 36 high, accent underline under the current tab
QAbstractItemView       rows of 26; QTableView: rows of 28 (`TABLE_ROW`), header captions
QProgressBar            6 high track with accent chunk
======================  =========================================================================================

Use `role`, not ``setProperty``: it also sets the weight (a style sheet cannot, see `gui.style.style_sheet`) and, on a
plain QWidget, the attribute that lets a style sheet draw its background.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QStyleFactory, QWidget

from gui.style.appearance import appearance
from gui.style.restyling import Restyling
from gui.style.style_sheet import CLASS_WEIGHTS, TEXT_ROLES, style_sheet
from gui.style.theme import Theme

_FONT_BEFORE = "_q_styleSheetWidgetFont"  # where Qt keeps the font that a widget had before it was styled

FIELD_HEIGHT = 28
SMALL_FIELD_HEIGHT = 22
BUTTON_HEIGHT = 32
LARGE_BUTTON_HEIGHT = 36
TAB_BAR_HEIGHT = 36
FOLDED_TAB_BAR_HEIGHT = 28
LIST_ROW = 26
TABLE_ROW = 28
TOOLBAR_HEIGHT = 44
MENU_HEIGHT = 32
STATUS_HEIGHT = 24


def apply_style(app: QApplication) -> None:
    """Give the application its look and keep it in step with the theme."""
    if app.findChild(_Styler) is None:
        _Styler(app)


@contextmanager
def styled_at_once() -> Iterator[None]:
    """What many widgets are made in: they are styled at its end, not each time that one comes into another."""
    app = QApplication.instance()
    styler = app.findChild(_Styler) if app is not None else None
    with styler.without_sheet() if styler is not None else nullcontext():
        yield


def role(widget: QWidget, name: str) -> None:
    """Set what a widget is, now or later; see the table above."""
    if isinstance(widget, QLabel) and name in TEXT_ROLES:
        text = TEXT_ROLES[name]
        write_in(widget, appearance().font(text.size, weight=text.weight, mono=text.mono))
    elif name == "primary":
        write_in(widget, appearance().font(weight=600))
    mark(widget, "role", name)
    if type(widget) is QWidget:
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


def write_in(widget: QWidget, font: QFont) -> None:
    """Give a widget a font of its own, also one that was styled before: Qt goes back to the one it had then."""
    widget.setFont(font)
    widget.setProperty(_FONT_BEFORE, None)


def mark(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property that the style sheet looks at, and redraw by it."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def palette(theme: Theme) -> QPalette:
    """The colours that Qt draws by itself: text, bases, selections."""
    roles = QPalette.ColorRole
    colours = {
        roles.Window: theme.panel,
        roles.WindowText: theme.text,
        roles.Base: theme.panel,
        roles.AlternateBase: theme.canvas,
        roles.Text: theme.text,
        roles.Button: theme.raised,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.on_primary,
        roles.ToolTipBase: theme.raised,
        roles.ToolTipText: theme.text,
        roles.PlaceholderText: theme.faint,
        roles.Highlight: theme.sel,
        roles.HighlightedText: theme.text,
        roles.Link: theme.link,
        roles.LinkVisited: theme.link,
        roles.Light: theme.hover,
        roles.Midlight: theme.line,
        roles.Mid: theme.line2,
        roles.Dark: theme.wire,
        roles.Shadow: theme.window,
        roles.Accent: theme.accent,
    }
    result = QPalette()
    for colour_role, colour in colours.items():
        result.setColor(colour_role, QColor(colour))
    for colour_role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, colour_role, QColor(theme.faint))
    return result


class _Styler(QObject):
    """Styles the application, and again whenever the appearance changes."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        app.setStyle(QStyleFactory.create("Fusion"))
        self._restyling = Restyling(app)
        appearance().changed.connect(self._restyle)
        self._restyle()

    @contextmanager
    def without_sheet(self) -> Iterator[None]:
        """Style what is made within at its end."""
        try:
            with _no_collection(), self._restyling.without_sheet():
                self._set_fonts()
                yield
        finally:
            self._set_fonts()

    def _restyle(self) -> None:
        with _no_collection():
            self._app.setPalette(palette(appearance().theme))
            self._restyling.set_sheet(style_sheet(appearance()))
            self._set_fonts()

    def _set_fonts(self) -> None:
        """Qt forgets those of classes with every change of the sheet."""
        self._app.setFont(appearance().font(13))
        for widget_class, weight in CLASS_WEIGHTS.items():
            font = appearance().font(13, weight=weight)
            self._app.setFont(font, widget_class)  # type: ignore[arg-type]  # takes str; the stubs say bytes


@contextmanager
def _no_collection() -> Iterator[None]:
    """Qt restyles a list of all widgets; a collection in one of our event handlers could delete some under it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
