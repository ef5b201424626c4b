"""The node canvas: the network as a drawing, with what floats over it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from engine.layers import Layer
from engine.layers.input_output import Input
from engine.network import Fix
from engine.network.names import leaf
from gui.document import Document
from gui.draw.canvas.accessibility import Announcer
from gui.draw.canvas.adding import Adding
from gui.draw.canvas.commands import Commands
from gui.draw.canvas.declared import canvas_commands
from gui.draw.canvas.declared.base import BLOCK, CANVAS, ENTRY
from gui.draw.canvas.floating.overlays import Breadcrumb, EmptyState, Legend, StatusChip, ZoomControl, take_room
from gui.draw.canvas.floating.preview import PreviewItem, previews
from gui.draw.canvas.floating.rename import RenameField
from gui.draw.canvas.floating.repeat_popup import RepeatPopup
from gui.draw.canvas.items.scene import CanvasScene
from gui.draw.canvas.keys import Keys
from gui.draw.canvas.minimap import Minimap
from gui.draw.canvas.model.marks import TrainingMark
from gui.draw.canvas.navigation import RIGHTWARDS, Step, first, step_from
from gui.draw.canvas.view import CanvasView
from gui.guard import Guard
from gui.widgets import layouts
from gui.widgets.context_menu import context_menu

_EDGE = 12
_MAP_GAP = 20
_MAP_NEEDS = 1100  # narrower windows have no room for the map
LEAVING = "Tab adds a layer here. F6 moves on to the next panel."


class Canvas(QWidget):
    """Draws ``document.network``; ``read_only`` shows without changing, as in Train.

    ``commands`` holds what can be done to the selection.
    """

    open_template_requested = Signal()
    image_folder_requested = Signal()
    image_folder_dropped = Signal(str)
    settings_requested = Signal()  # Enter: the inspector takes the keyboard
    errors_clicked = Signal()
    full_screen_requested = Signal()
    wanted = Signal()  # something opens on the canvas, which cannot be seen
    keep_requested = Signal()  # the selection shall go into My blocks
    status_message = Signal(str)

    def __init__(self, document: Document, *, read_only: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.read_only = read_only
        self.scene = CanvasScene(document, self)
        self.view = CanvasView(self.scene, read_only=read_only, parent=self)
        self.commands = Commands(document, self.view, self)
        self.commands.refused.connect(self.status_message)
        self._previews: list[PreviewItem] = []
        self._told_how_to_leave = False
        self._guard = Guard()
        self._fit_wanted = True
        layouts.column(self, self.view)
        self.setFocusProxy(self.view)
        self.view.setAccessibleName("Network canvas")
        self.announcer = Announcer(document, self.view)
        self._float()
        self._keys = Keys(self)
        self._connect()
        self._arrange()

    def _float(self) -> None:
        """Make what floats over the view."""
        self.chip = StatusChip(self.document, self)
        self.zoom_control = ZoomControl(self)
        self.minimap = Minimap(self.view, self)
        self.breadcrumb = Breadcrumb(self.document, self)
        self.legend = Legend(self)
        self.empty_state = EmptyState(self)
        self.adding = Adding(self.document, self.view, self.commands, self)
        self.rename_field = RenameField(self, self.commands.rename)
        self.repeat_popup = RepeatPopup(self, self.commands.repeat)

    def _connect(self) -> None:
        view = self.view
        view.zoomed.connect(self._show_zoom)
        view.moved.connect(self._arrange)
        view.layer_wanted.connect(self.adding.open_at)
        view.toggle_requested.connect(self.commands.toggle_block)
        view.rename_requested.connect(self._rename)
        view.menu_requested.connect(self.show_menu)
        view.image_folder_dropped.connect(self.image_folder_dropped)
        view.status_message.connect(self.status_message)
        view.installEventFilter(self)
        self.scene.emptied.connect(self._previews.clear)
        self.scene.settled.connect(self._arrange)
        self.document.replaced.connect(self._open_network)
        for change in (self.document.analysed, self.document.replaced):
            change.connect(self._close_popups)  # what they offer is out of date
        self.zoom_control.stepped.connect(view.step)
        self.zoom_control.reset.connect(self.zoom_100)
        self.zoom_control.fit.connect(self.commands.fit_selection)
        self.zoom_control.full_screen.connect(self.full_screen_requested)
        self.chip.errors_clicked.connect(self.errors_clicked)
        self.breadcrumb.opened.connect(self._show_block)
        self.empty_state.add_input.connect(self._add_input)
        self.empty_state.open_template.connect(self.open_template_requested)
        self.empty_state.open_folder.connect(self.image_folder_requested)
        self.rename_field.closed.connect(self._take_back)
        self.rename_field.refused.connect(self.status_message)
        self.adding.closed.connect(self._take_back)
        self.adding.found.connect(self.focus_node)
        self.repeat_popup.closed.connect(self._take_back)

    # What others ask of the canvas

    def fit(self, names: Iterable[str] = ()) -> None:
        """Show these nodes and blocks, or everything."""
        self.view.fit(names)

    def later(self, act: Callable[[], object]) -> QTimer:
        """A timer that does something with the view once its size is settled; it ends with the canvas."""
        timer = QTimer(self, singleShot=True, interval=0)
        timer.timeout.connect(act)
        return timer

    def zoom_to(self, factor: float) -> None:
        """Zoom at the middle; 1.0 is 100 %."""
        self.view.zoom_at(factor)

    def zoom_in(self) -> None:
        """One step larger."""
        self.view.step(1)

    def zoom_out(self) -> None:
        """One step smaller."""
        self.view.step(-1)

    def zoom_100(self) -> None:
        """A px of the drawing is a px of the screen."""
        self.view.zoom_at(1.0)

    def show_preview(self, fix: Fix | None) -> None:
        """Draw what a fix would add or change, without doing it; None ends the preview."""
        for item in self._previews:
            self.scene.removeItem(item)
        self._previews[:] = previews(self.scene, fix) if fix is not None else []
        for item in self._previews:
            self.scene.addItem(item)

    def add_layer(self, layer: Layer) -> None:
        """Add a layer after the selected one, connected to it, and select it."""
        self.commands.add_suited(layer)

    def quick_add(self) -> None:
        """Open the popup that adds a layer by name after what is selected."""
        self._come()
        self.adding.open_after_selection()

    def find_layer(self) -> None:
        """Open the popup that goes to a layer by name."""
        self._come()
        self.adding.open_search()

    def choose_target(self) -> None:
        """Open the popup that connects the selected layer to another."""
        self._come()
        self.adding.open_targets()

    def repeat(self) -> None:
        """Ask how many times the selection shall stand in a row."""
        if self.commands.names:
            self._come()
            self.repeat_popup.open_at(self.adding.below(self.commands.names[-1]))

    def keep(self) -> None:
        """Ask that the selection be kept for other networks."""
        if self.commands.names:
            self.keep_requested.emit()

    def rename(self) -> None:
        """Edit the name of the selected layer or block in place."""
        if self.commands.names:
            self._rename(self.commands.names[-1])

    def focus_node(self, name: str) -> None:
        """Select a node, or the block that hides it, and bring it into view."""
        if name in self.scene.outline:
            self.document.select((self.scene.outline.drawn_as(name),))
            self.commands.reveal()

    def set_marks(self, marks: Mapping[str, TrainingMark]) -> None:
        """Show what training says of each node."""
        self.scene.set_marks(marks)
        self._arrange()

    def open_settings(self) -> None:
        """Let the inspector take the keyboard."""
        self.settings_requested.emit()

    # Keyboard

    def walk(self, step: Step, *, extends: bool = False) -> None:
        """Select the next entry along the wires, or add it to the selection."""
        if self.scene.geometry.rightwards:
            step = RIGHTWARDS[step]
        names = self.document.selection.names
        found = step_from(self.scene, names[-1], step) if names else first(self.scene)
        if found is not None:
            self.document.select((*(name for name in names if name != found), found) if extends else (found,))
            self.view.reveal(found)
            self.scene.show_focus(found)

    def escape(self) -> None:
        """Give up the selection; a gesture or a popup in progress took the key before."""
        self.document.select()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.view:
            if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
                if self._keys.is_ours(event):
                    event.accept()
                    return True
            elif event.type() is QEvent.Type.FocusIn and not self._told_how_to_leave:
                self._told_how_to_leave = True
                self.status_message.emit(LEAVING)
            elif event.type() is QEvent.Type.FocusOut:
                self.scene.show_focus(None)
        return False

    # What floats

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._fit_wanted:
            self._fit_wanted = False
            self._guard.run(lambda: self.view.fit(animate=False))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # another workspace is in front, and not merely the window out of sight
            self._close_popups()

    def _arrange(self) -> None:
        """Put everything that floats into its corner, and show what has something to say."""
        width, height = self.width(), self.height()
        bottom = height - _EDGE
        empty = not len(self.document.network)
        for row in (self.breadcrumb, self.chip, self.zoom_control):
            take_room(row)
        self.breadcrumb.move(_EDGE, _EDGE)
        self.chip.move(_EDGE, bottom - self.chip.height())
        self.legend.fit(width - 2 * _EDGE)
        self.legend.move(_EDGE, bottom - self.legend.height())
        self.legend.setVisible(self.scene.marked)
        chip_fits = self.chip.width() <= width - 2 * _EDGE
        self.chip.setVisible(chip_fits and not empty and not self.scene.marked)
        self.zoom_control.move(width - _EDGE - self.zoom_control.width(), bottom - self.zoom_control.height())
        self.zoom_control.setVisible(not empty and self._has_room())
        top = self.zoom_control.y() - _MAP_GAP - self.minimap.height()
        self.minimap.move(width - _EDGE - self.minimap.width(), top)
        has_room = self.window().width() >= _MAP_NEEDS and width >= 3 * self.minimap.width()
        self.view.map_size = QSize(self.minimap.width() + 2 * _EDGE, height - top + _EDGE) if has_room else QSize()
        self.minimap.setVisible(has_room and not empty and not self.minimap.all_in_view())
        self.empty_state.setVisible(empty and not self.read_only)
        size = self.empty_state.sizeHint()
        self.empty_state.setGeometry(
            (width - size.width()) // 2, (height - size.height()) // 2, size.width(), size.height()
        )

    def _has_room(self) -> bool:
        """Whether chip and zoom control stand side by side."""
        left = self.legend if self.scene.marked else self.chip
        return left.width() + self.zoom_control.width() + 3 * _EDGE <= self.width()

    def _show_zoom(self, zoom: float) -> None:
        self.zoom_control.show_zoom(zoom)
        self._arrange()

    def _open_network(self) -> None:
        self._arrange()
        if self.isVisible():
            self.view.fit(animate=False)
        else:
            self._fit_wanted = True

    def _show_block(self, prefix: str) -> None:
        self.document.select((prefix,) if prefix else ())
        self.view.fit((prefix,) if prefix else ())

    def _rename(self, name: str) -> None:
        item = self.scene.nodes.get(name)
        if item is None or self.read_only:
            return
        self._come()
        self.view.reveal(name)
        corner = self.view.viewportTransform().map(QPointF(item.box.left + 28, item.box.top + 3))
        width = max(140, round((item.box.width - 40) * self.view.zoom))
        self.rename_field.open_over(QRect(round(corner.x()), round(corner.y()), width, 26), name, leaf(name))

    def show_menu(self, name: str, point: QPoint) -> None:
        """Open the menu of a node or block, or of the canvas (""), at a point of the screen."""
        if self.read_only:
            return
        if name:
            self.document.select(self.document.selection.names if name in self.document.selection.names else (name,))
        parts = (BLOCK, ENTRY) if self.scene.outline.is_block(name) else (ENTRY,) if name else (CANVAS,)
        menu = context_menu(self, self, canvas_commands(), *parts)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)

    def _close_popups(self) -> None:
        for popup in (*self.adding.popups, self.repeat_popup):
            popup.close_up()
        self.rename_field.close_up()

    def _add_input(self) -> None:
        self.commands.add_layer(Input())
        self.take_focus()

    def _come(self) -> None:
        """Be in front for a popup, which is then the only one."""
        self._close_popups()
        if not self.isVisible():
            self.wanted.emit()

    def take_focus(self) -> None:
        """Put the keyboard on the canvas."""
        self.view.setFocus(Qt.FocusReason.PopupFocusReason)

    def _take_back(self) -> None:
        """Take the keyboard back from what floats here, unless a click has put it elsewhere."""
        now = QApplication.focusWidget()
        if now is None or self.isAncestorOf(now):
            self.take_focus()

    def area_of(self, name: str) -> QRectF:
        """Where an entry stands on this widget, in its px."""
        box = self.scene.geometry.boxes[name]
        return self.view.viewportTransform().mapRect(QRectF(box.left, box.top, box.width, box.height))
