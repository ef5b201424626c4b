"""The centre of Look inside: a strip of layers, the maps of one of them, and the epochs to go through."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.inspection import View
from engine.inspection.results import Kernels, Maps
from engine.network.receptive_field import ReceptiveField
from engine.words import counted, signed_text
from gui.guard import border
from gui.look.altered_bar import AlteredBar
from gui.look.chosen_view import ChosenView
from gui.look.kernel_strip import KernelStrip
from gui.look.layer_strip import Card, LayerStrip
from gui.look.look import Look
from gui.look.maps_view import SPACING, MapsView, caption
from gui.look.mosaic import Place
from gui.look.other_drawing import OtherDrawing
from gui.look.scrubber import Scrubber
from gui.look.unit_commands import Unit, command_of, open_menu
from gui.look.view_page import ViewPage
from gui.look.view_settings import ViewSettings
from gui.look.view_tabs import ViewTabs
from gui.look.why.page import WhyPage
from gui.look.why.why import Why
from gui.style.colour_maps import image_of_pixels
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.pages import Pages
from gui.widgets.section import separator

MARGIN = 16
_WIDEST_CHOICE = 220  # px
_KEYS = 9  # tabs that Alt and a digit reach
WHY = "Why"
WHY_HELP = "What speaks for a class: several methods side by side, and whether they are to be trusted."


class MapsPanel(QWidget):
    """Feature maps of the chosen layer for the chosen image, or what another view gives that is in front.

    ``focused`` carries a receptive field in image pixels.
    """

    focused = Signal(object)
    said = Signal(str)  # the value below the pointer, for the status bar
    unsaid = Signal(str)  # what was said is over
    pinned = Signal(object)  # the Place of a value that was clicked
    explains = Signal(bool)  # whether Why is in front
    turned = Signal(object)  # the View whose tab is in front now, None for the feature maps

    def __init__(self, look: Look, chosen: ChosenView, why: Why, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "canvas")
        self.look = look
        self.chosen = chosen
        self.why = WhyPage(why)
        self._pointed = ""  # what is said of the value below the pointer
        self._own: dict[type[View], QWidget] = {}  # the pages of views that have their own
        self._make_widgets()
        self._lay_out()
        self._listen()
        self._show_node()

    def _make_widgets(self) -> None:
        self.other_drawing = OtherDrawing(self.look)
        self.altered = AlteredBar(self.look.alterations)
        self.strip = LayerStrip()
        self.title = ElidedLabel(elide=Qt.TextElideMode.ElideMiddle)
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        role(self.title, "title")
        self.about = ElidedLabel()
        role(self.about, "label")
        self.layers = _Layers()
        self.layers.setAccessibleName("Layer")
        self.layers.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.layers.setMaximumWidth(_WIDEST_CHOICE)
        self.tabs = ViewTabs(self.look.others, pages={WHY: WHY_HELP})
        for number in range(min(_KEYS, self.tabs.bar.count())):
            keys = QShortcut(QKeySequence(f"Alt+{number + 1}"), self)
            keys.activated.connect(partial(self.tabs.show_tab, number))
        self.view = MapsView()
        self.settings, self.page = ViewSettings(self.chosen), ViewPage(self.chosen)
        self.kernels = KernelStrip()
        self.scrubber = Scrubber()

    def _lay_out(self) -> None:
        self._maps = QWidget()
        maps = layouts.column(self._maps, spacing=SPACING)
        maps.addWidget(self.view, 1)
        maps.addWidget(self.kernels)
        self._fronts = Pages()
        self._fronts.addWidget(self._maps)
        self._fronts.addWidget(self.page)
        self._fronts.addWidget(self.why)
        body = QVBoxLayout()
        body.setContentsMargins(MARGIN, 8, MARGIN, 8)
        body.setSpacing(SPACING)
        self._above = QWidget()
        above = layouts.column(self._above, self.strip, separator(), spacing=SPACING)
        above.addLayout(self._head())
        body.addWidget(self._above)
        body.addWidget(self.settings)
        body.addWidget(self._fronts, 1)
        layout = layouts.column(self, self.tabs, self.other_drawing, self.altered)
        layout.addLayout(body, 1)
        layout.addWidget(separator())
        self._foot = QWidget()
        role(self._foot, "panel")
        layouts.column(self._foot, self.scrubber)
        layout.addWidget(self._foot)

    def add_page(self, kinds: Iterable[type[View]], page: QWidget) -> None:
        """Let a page of its own be in front for some views, below the tabs alone, that works by itself."""
        self._own |= dict.fromkeys(kinds, page)
        self._fronts.addWidget(page)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.title)
        row.addWidget(self.about, 1)
        row.addWidget(caption("Layer"))
        row.addWidget(self.layers)
        return row

    def _listen(self) -> None:
        look = self.look
        look.reset.connect(self._show_network)
        look.epochs_changed.connect(self._show_epochs)
        look.node_changed.connect(self._show_node)
        look.seen.connect(self._show_cards)
        look.failed.connect(self._say)
        self.strip.chosen.connect(look.choose_node)
        self.layers.activated.connect(self._choose_layer)
        self.scrubber.chosen.connect(look.choose_epoch)
        self.tabs.chosen.connect(self._choose_view)
        self.chosen.chosen.connect(self._keep_view)
        mosaic = self.view.mosaic
        mosaic.hovered.connect(self._point)
        mosaic.pinned.connect(self.pinned)
        mosaic.pinned.connect(self._point)
        self.view.marked.connect(self.kernels.mark)
        self.view.marked.connect(self._mark)
        self.view.menu_asked.connect(self._open_menu)

    def _keep_view(self) -> None:
        self.tabs.keep(self.chosen.view)

    # Following

    def _show_network(self) -> None:
        names = [n for n in self.look.network.topological() if self.look.network.layer(n).has_output]
        self.layers.clear()
        self.layers.addItems(names)
        self._show_node()
        errors, unfinished = len(self.look.analysis.errors), self.look.analysis.unfinished
        if not names:
            self._say("The maps show as you draw. Add an input first.")
        elif errors:
            self._say(f"Maps need a network without errors; there {'is' if errors == 1 else 'are'} {errors}.")
        elif unfinished:
            self._say(f"Maps need a network that is finished. {unfinished[0].message} {unfinished[0].hint}")
        elif self.look.sight is None:
            self._say("Draw a digit or open an image.")

    def _show_epochs(self) -> None:
        look = self.look
        self._foot.setVisible(look.trained and not self.explaining)
        if look.trained and look.run:
            scores = [look.score(epoch) for epoch in look.epochs]
            self.scrubber.show_epochs(look.epochs, scores, look.epoch, metric=look.run.judged_by)
            self.scrubber.show_run(f"Run {look.run.number}")

    def _show_node(self) -> None:
        node = self.look.node
        self.view.mosaic.tiles.pin = None
        self.layers.setCurrentText(node)
        self._show_values(self.look.sight.maps.get(node) if self.look.sight else None)

    def show_maps(self, maps: Maps | None) -> None:
        """Show what the chosen layer gives, None where it leads to no output."""
        self._show_values(None if maps is None else maps.values)

    def show_kernels(self, kernels: Kernels | None) -> None:
        """Show the kernels that the maps come from, if they come from some."""
        self.kernels.show_kernels(kernels, self.view.mosaic.tiles.current)

    def _show_cards(self) -> None:
        look = self.look
        cards = [self._card(node) for node in look.cards]
        self.strip.show_cards(cards, look.card_of(look.node))

    def _card(self, node: str) -> Card:
        look = self.look
        layer, shape = look.network.layer(node), look.analysis[node].output
        block = node.partition(".")[0] if "." in node and len(look.cards) < len(look.network.topological()) else ""
        collapsed = block and look.network.is_block(block) and len(look.network) > len(look.cards) + 1
        values = look.sight.maps.get(node) if look.sight else None
        image = (
            image_of_pixels(look.sight.shown) if look.sight and not layer.input_ports and not layer.variadic else None
        )
        title = block if collapsed else node
        return Card(node, title, str(shape), None if collapsed else layer.family, values, image)

    def _show_values(self, values: NDArray[np.float32] | None) -> None:
        look, count = self.look, 0 if values is None else len(values)
        by = {unit: look.alterations.value.changing(look.node, unit) for unit in range(count)}
        self.view.show_values(values, look.classes, {unit: one.brief for unit, one in by.items() if one})
        self._point(None)
        self._show_about()

    def _show_about(self) -> None:
        view, values = self.chosen.view, self.view.values
        self.title.setText(self.look.node if view is None or view.needs_node else "Whole network")
        facts = [] if view or values is None else _facts(values)
        if not self.look.trained:
            facts.append("untrained")
        self.about.setText(" · ".join(facts))

    def _say(self, sentence: str) -> None:
        self.view.say(sentence)
        self._point_nowhere()
        self.page.say(sentence)
        self.kernels.show_kernels(None, 0)
        self._show_cards()

    # Choosing

    def _choose_layer(self) -> None:
        self.look.choose_node(self.layers.currentText())

    @property
    def explaining(self) -> bool:
        """Whether Why is in front."""
        return self._fronts.currentWidget() is self.why

    def _choose_view(self, tab: View | str | None) -> None:
        explains, view = tab == WHY, None if isinstance(tab, str) else tab
        own = self.why if explains else self._own.get(type(view)) if view else None
        tiles = self.view.mosaic.tiles
        if tab is None and self.look.unit in tiles.order:
            tiles.choose(self.look.unit)
        self._fronts.setCurrentWidget(own or (self.page if view else self._maps))
        self._above.setVisible(own is None)
        self._foot.setVisible(self.look.trained and not explains)
        self.setFocusProxy(self.why.cards if explains else self.view.mosaic)
        self.explains.emit(explains)
        self._point_nowhere()
        self.chosen.choose(None if own else view)
        self._show_about()
        self.turned.emit(view)

    def _mark(self, unit: int) -> None:
        if self._fronts.currentWidget() is self._maps:
            self.look.unit = unit

    def _unit(self, number: int) -> Unit:
        values = self.view.values
        assert values is not None  # there is a unit to do something with
        return Unit(self.look.alterations, self.look.node, number, len(values), is_map=values.ndim == 3)

    def _open_menu(self, number: int, where: QPoint) -> None:
        open_menu(self, self._unit(number), where)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do to the current map what the keys say."""
        if self._fronts.currentWidget() is self._maps and self.view.values is not None:
            unit = self._unit(self.look.unit)
            command = command_of(QKeySequence(event.keyCombination()), unit)
            if command is not None:
                border().do(lambda: command.act(unit))
                return
        super().keyPressEvent(event)

    def _point(self, place: Place | None) -> None:
        values = self.view.values
        place = place or self.view.mosaic.tiles.pin
        if place is None or values is None or values.ndim != 3 or place.index >= len(values):
            self._point_nowhere()
            return
        value = signed_text(f"{values[place.index, place.row, place.column]:.4g}")
        self._say_value(f"Map {place.index}, row {place.row}, column {place.column} = {value}")
        self.focused.emit(self._field(place, values.shape))

    def _point_nowhere(self) -> None:
        self._say_value("")
        self.focused.emit(None)

    def _say_value(self, words: str) -> None:
        """Say the value below the pointer in place of the one before; "" where there is none any more."""
        if words != self._pointed:
            self.unsaid.emit(self._pointed)
        self._pointed = words
        if words:
            self.said.emit(words)

    def _field(self, place: Place, shape: tuple[int, ...]) -> QRectF | None:
        """What the value at a place of maps of this shape depends on; None while these are of another layer."""
        found = self.look.analysis[self.look.node]
        if found.receptive_field is None or found.output != shape:
            return None
        return receptive_box(found.receptive_field, place)


def receptive_box(field: ReceptiveField, place: Place) -> QRectF | None:
    """The receptive field of a value, in image pixels; None if it depends on none of them."""
    seen = field.at(place.row, place.column)
    if seen is None:
        return None
    (top, bottom), (left, right) = seen
    return QRectF(left, top, right - left + 1, bottom - top + 1)


def _facts(values: NDArray[np.float32]) -> list[str]:
    if values.ndim != 3:
        return [counted(len(values), "value")]
    _, rows, columns = values.shape
    dead = int((~values.any(axis=(1, 2))).sum())
    return [f"{counted(len(values), 'map')} of {rows}×{columns}", *([f"{dead} all zero"] if dead else [])]


class _Layers(QComboBox):
    """As wide as the names that there are now; Qt goes by those that it was first asked for."""

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
