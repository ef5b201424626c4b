"""The options of a template as a form, with what the network would cost while choosing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from engine.errors import LayerloomError
from engine.words import shape_text, si, thousands
from gui.start.error_text import error_text
from gui.start.gallery import Choice, Figures, Gallery
from gui.start.silhouette_view import SilhouetteView
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.figure_row import FigureRow
from gui.widgets.form import FormRow
from gui.widgets.keyboard import Keyboard
from gui.widgets.option_kind import kind_of
from gui.widgets.section import separator
from gui.widgets.stay import Stay

if TYPE_CHECKING:
    from templates import Template  # they take a while to import
    from templates.options import Option

_SIZE = QSize(420, 560)
_REASON = 36  # px kept free for a refusal below a field


class TemplateOptions(QDialog):
    """Enter opens the template with the options shown; options that do not go together say why below a field."""

    chosen = Signal(dict)  # the options that differ from their defaults

    def __init__(
        self, template: Template, gallery: Gallery, options: dict[str, Any], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.template = template
        self._gallery = gallery
        self._taken = dict(options)
        self._last = next(iter(template.options), "")  # the field that was edited last
        self._stay = Stay()
        self._refused: set[str] = set()  # the fields whose text is no option
        self._at_odds = False  # whether the options taken do not go together
        self._waits_to_open = False
        self.setWindowTitle(f"{template.title} options")
        Keyboard(self, lambda: self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.picture = SilhouetteView(QSize(_SIZE.width(), 112), radius=7, top=True)
        self.rows = {option.name: self._row(option) for option in template.options.values()}
        titles = ("Parameters", "MACs", "Layers", "Input", "Output")
        self.figures = {title: FigureRow(title) for title in titles}
        self.open_button, self.cancel_button = QPushButton("Open"), QPushButton("Cancel")
        self._lay_out()
        gallery.measured.connect(self._take_figures)
        gallery.failed.connect(self._take_refusal)
        self._show_values()
        self._ask()

    @property
    def choice(self) -> Choice:
        """The options taken, where they differ from what the template does without them."""
        usual = self._usual()
        return tuple(sorted((name, value) for name, value in self._taken.items() if value != usual[name]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self._open()
            return True
        return super().eventFilter(watched, event)

    # Choosing

    def _usual(self) -> dict[str, Any]:
        """What each option is by itself; a variant has its own."""
        usual = {name: option.default for name, option in self.template.options.items()}
        return usual | dict(self.template.defaults.get(str(self._taken.get("variant", usual.get("variant"))), {}))

    def _take(self, name: str, value: Any) -> None:
        self._last = name
        try:
            taken = self.template.options[name].check(value)
        except LayerloomError as error:
            self._refuse(name, str(error))
            return
        self._stay.begin(self.rows[name].gesture, self._taken)
        self._taken[name] = taken
        self._mend(name)

    def _mend(self, name: str) -> None:
        """Show what the options taken come to, now that the text of a field is one."""
        self._refused.discard(name)
        self._at_odds = False
        for other in self.rows.keys() - self._refused:
            self.rows[other].show_reason("")
        self._show_values()
        self._ask()

    def _refuse(self, name: str, why: str) -> None:
        """Say why a field's text is no option and go back to the one from before; nothing opens while it stands."""
        if not why:
            self._mend(name)
            return
        self._taken = self._stay.before(self.rows[name].gesture, self._taken)
        self._refused.add(name)
        self.rows[name].editor.hold((self._usual() | self._taken)[name])
        self._say_no(name, why)

    def _say_no(self, name: str, why: str) -> None:
        self._waits_to_open = False
        self.rows[name].show_reason(why)
        self._show_figures(None)

    def _show_values(self) -> None:
        for name, value in (self._usual() | self._taken).items():
            self.rows[name].editor.set_value(value)

    def _open(self) -> None:
        """Open, or as soon as it is known that the options go together."""
        self._waits_to_open = not self._blocked
        if self._waits_to_open:
            self._ask()

    # Figures

    @property
    def _blocked(self) -> bool:
        """Whether something stands in the way of opening."""
        return self._at_odds or bool(self._refused)

    def _ask(self) -> None:
        figures = self._gallery.figures_first(self.template.name, self.choice)
        self._show_figures(figures)
        if figures is not None and self._waits_to_open:
            self.chosen.emit(dict(self.choice))
            self.accept()

    def _take_figures(self, name: str, choice: Choice) -> None:
        if (name, choice) == (self.template.name, self.choice) and not self._blocked:
            self._ask()

    def _take_refusal(self, name: str, choice: Choice, why: str) -> None:
        if (name, choice) == (self.template.name, self.choice) and self._last and not self._refused:
            self._at_odds = True
            self._say_no(self._last, why)

    def _show_figures(self, figures: Figures | None) -> None:
        """Show figures, or dots while there are none; the picture before stays."""
        self.open_button.setEnabled(not self._blocked)
        texts = dict.fromkeys(self.figures, "–" if self._blocked else "…")
        if figures is not None:
            self.picture.show_picture(figures.silhouette)
            texts = {
                "Parameters": thousands(figures.parameters),
                "MACs": si(figures.multiply_adds),
                "Layers": thousands(figures.layers),
                "Input": shape_text(figures.input),
                "Output": shape_text(figures.output),
            }
        for title, text in texts.items():
            self.figures[title].show_figure(text)

    # Parts

    def _row(self, option: Option) -> FormRow:
        row = FormRow(kind_of(option), self)
        row.editor.edited.connect(partial(self._take, option.name))
        if hasattr(row.editor, "refused"):
            row.editor.refused.connect(partial(self._refuse, option.name))
        row.editor.installEventFilter(self)
        return row

    def _lay_out(self) -> None:
        column = layouts.column(self, self.picture, self._about(), separator())
        column.addWidget(self._form(), 1)
        column.addWidget(separator())
        figures = QVBoxLayout()
        figures.setContentsMargins(20, 8, 20, 8)
        figures.setSpacing(0)
        for row in self.figures.values():
            figures.addWidget(row)
        column.addLayout(figures)
        column.addWidget(separator())
        column.addLayout(self._buttons())
        self.setMinimumWidth(_SIZE.width())
        self.resize(_SIZE.width(), max(_SIZE.height(), self.sizeHint().height()))

    def _about(self) -> QVBoxLayout:
        template = self.template
        lines = ((template.title, "large"), (f"{template.year} · {template.authors}", "label"))
        about = QVBoxLayout()
        about.setContentsMargins(20, 14, 20, 14)
        about.setSpacing(4)
        for text, kind in (
            *lines,
            (template.paper, "caption"),
            (template.idea, "label"),
            (error_text(template), "caption"),
        ):
            label = QLabel(text)
            label.setWordWrap(True)
            label.setVisible(bool(text))
            role(label, kind)
            about.addWidget(label)
        return about

    def _form(self) -> QScrollArea:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(20, 8, 20, 8)
        rows.setSpacing(0)
        for row in self.rows.values():
            rows.addWidget(row)
        rows.addStretch(1)
        area = layouts.scrolling(page)
        area.setMinimumHeight(min(page.sizeHint().height() + _REASON, 320))
        return area

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(8)
        row.addStretch(1)
        role(self.open_button, "primary")
        self.open_button.setDefault(True)
        self.open_button.clicked.connect(self._open)
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.reject)
        for button in (self.cancel_button, self.open_button):
            mark(button, "scale", "small")
            row.addWidget(button)
        return row
