"""What the canvas can do to the drawing: its declared commands call these."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QMimeData, QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QGuiApplication

from engine.errors import LayerloomError
from engine.layers import Layer
from engine.network import Network, blocks, edits
from engine.network.clipboard import duplicate, fragment_to_json, insert_fragment
from engine.network.exits import exit_of
from engine.network.geometry import NODE_HEIGHT, NODE_WIDTH
from engine.network.layout import Flow, tidy
from engine.network.names import entry_name, leaf, parent
from engine.network.rows import repeat_block
from engine.words import counted
from gui.document import Document
from gui.draw.canvas.gestures.drop import add_at, spot_at
from gui.draw.canvas.model.selected import outermost
from gui.draw.canvas.view import CanvasView
from gui.draw.mime import copy_fragment, fragment_from_mime


class Commands(QObject):
    """Edits of what is selected. What is impossible is said in ``refused`` and changes nothing."""

    refused = Signal(str)

    def __init__(self, document: Document, view: CanvasView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._view = view
        self._scene = view.canvas_scene

    @property
    def names(self) -> list[str]:
        """What is selected, without what stands inside another selected block."""
        return outermost(self._document.selection.names)

    # Adding

    def add_suited(self, layer: Layer) -> None:
        """Add a layer after the selected one with the settings that one expects there."""
        names = [name for name in self.names if self._gives(name)]
        source = self._document.analysis[exit_of(self._document.network, names[-1])].output if names else None
        self.add_layer(layer.suited(source))

    def add_layer(self, layer: Layer) -> None:
        """Add a layer after the selected one and select it; a merge takes all that is selected as its inputs."""
        names = [name for name in self.names if self._gives(name)]
        if layer.variadic and len(names) > 1:
            self._edit(f"Add {layer.title}", lambda network: [self._merge(network, layer, names)], select=True)
        elif names and layer.input_ports:
            self._edit(f"Add {layer.title}", lambda network: [edits.add_after(network, layer, names[-1])], select=True)
        else:
            add_at(self._view, layer, self._free_spot())
        self.reveal()

    def _merge(self, network: Network, layer: Layer, names: list[str]) -> str:
        """Add below the lowest of several layers one that takes all of them.

        Its inputs are those from left to right; of two in one column the lower, the main path, comes first.
        """
        boxes = self._scene.geometry.boxes
        lowest = max(names, key=lambda name: boxes[name].bottom)
        added = edits.add_after(network, layer, lowest)
        network.disconnect(network.incoming(added)[0])
        for name in sorted(names, key=lambda name: (round(boxes[name].centre / NODE_WIDTH), -boxes[name].bottom)):
            network.connect(exit_of(network, name), added)
        return added

    def _gives(self, name: str) -> bool:
        network = self._document.network
        return name not in network or network.layer(name).has_output

    def _free_spot(self) -> QPointF:
        """Where a layer that follows nothing goes: the middle of the view, or below everything."""
        bounds, shown = self._scene.geometry.bounds(), self._view.shown()
        middle = shown.center()
        if bounds is None:
            middle.setY(shown.top() + shown.height() / 6)  # the others come below
        if bounds is not None and QRectF(bounds.left, bounds.top, bounds.width, bounds.height).contains(middle):
            middle.setX(bounds.left + NODE_WIDTH / 2)
            middle.setY(bounds.bottom + NODE_HEIGHT)
        return middle

    # Clipboard

    def copy(self) -> None:
        """Put the selection on the clipboard."""
        if self.names:
            copy_fragment(fragment_to_json(self._document.network, self.names))

    def cut(self) -> None:
        """Put the selection on the clipboard and remove it, closing the gap."""
        if self.names:
            self.copy()
            self.delete()

    def paste(self) -> None:
        """Add what was copied: at the mouse, else beside the selection or in the middle of the view."""
        data = QGuiApplication.clipboard().mimeData() or QMimeData()  # some systems give nothing for an empty one
        text = fragment_from_mime(data) or data.text()
        if not text:
            self.refused.emit("The clipboard holds no layers.")
            return
        self._edit("Paste", lambda network: self._paste(network, text), select=True)
        self.reveal()

    def _paste(self, network: Network, text: str) -> list[str]:
        place, selected = self._view.under_mouse(), self.names
        if place is None and (selected or not len(network)):
            return insert_fragment(network, text, block=parent(selected[0]) if selected else "")
        block, at = spot_at(self._scene, place or self._view.shown().center(), height=NODE_HEIGHT)
        return insert_fragment(network, text, block=block, at=at)

    def duplicate(self) -> None:
        """Copy the selection with the wires into it."""
        names = self.names
        if names:
            self._edit("Duplicate", lambda network: duplicate(network, names, wires=True), select=True)

    # Removing

    def delete(self) -> None:
        """Remove the selection and close the gap; a selected wire is disconnected."""
        self._remove(edits.remove_and_close_gap)

    def delete_leave_gap(self) -> None:
        """Remove the selection with its wires and leave the gap."""
        self._remove(edits.remove)

    def _remove(self, remove: Callable[[Network, list[str]], None]) -> None:
        names, edge = self.names, self._document.selection.edge
        if edge is not None:
            self._edit(f"Disconnect {edge.source} from {edge.target}", lambda network: network.disconnect(edge))
        elif names:
            after = self._above(names)
            self._edit(f"Delete {self._named(names)}", lambda network: remove(network, names))
            self._document.select([after] if after in self._scene.nodes else ())

    def _above(self, names: list[str]) -> str | None:
        """What feeds the first of some entries, so that the keyboard stays where it was."""
        gone = {member for name in names for member in self._scene.outline.members(name)}
        for name in names:
            for member in self._scene.outline.members(name):
                for edge in self._document.network.incoming(member):
                    if edge.source not in gone:
                        return self._scene.outline.drawn_as(edge.source)
        return None

    # Blocks and states

    def group(self) -> None:
        """Make the selection a block."""
        names = self.names
        self._edit(f"Group {counted(len(names), 'layer')}", lambda network: [blocks.group(network, names)], select=True)

    def ungroup(self) -> None:
        """Take the selected blocks apart."""
        found = [name for name in self.names if self._scene.outline.is_block(name)]

        def change(network: Network) -> list[str]:
            return [name for block in found for name in blocks.ungroup(network, block)]

        self._edit(f"Ungroup {self._named(found)}", change, select=True)

    def repeat(self, times: int) -> str:
        """Let the selection stand so many times in a row, as a block; returns why that cannot be, or ""."""
        names = self.names

        def change(network: Network) -> list[str]:
            is_block = len(names) == 1 and network.is_block(names[0])
            return repeat_block(network, names[0] if is_block else blocks.group(network, names), times)

        try:
            row = self._document.edit(f"Repeat {self._named(names)} {times} times", change)
        except LayerloomError as error:
            return str(error)
        self._document.select(row)
        return ""

    def toggle_block(self, name: str = "") -> None:
        """Expand a collapsed block or collapse an expanded one: the named, the selected, or the one around it."""
        found = self.blocks_around([name] if name else self.names)
        if not found:
            return
        opens = not self._scene.outline.is_frame(found[0])
        change = blocks.expand if opens else blocks.collapse

        def toggle(network: Network) -> None:
            for block in found:
                change(network, block)

        if self._edit(f"{'Expand' if opens else 'Collapse'} {self._named(found)}", toggle, only_shows=True):
            self._document.select(found)

    def blocks_around(self, names: Iterable[str]) -> list[str]:
        """Those of some entries that are blocks, and the blocks that the others stand in."""
        outline = self._scene.outline
        wanted = dict.fromkeys(name if outline.is_block(name) else parent(name) for name in names)
        return [block for block in wanted if outline.is_block(block)]

    def bypass(self) -> None:
        """Let the selection be passed by, or no longer."""
        names = self.names
        if names:
            on = not self._all(names, "bypassed")
            self._edit(
                f"{'Bypass' if on else 'Use'} {self._named(names)}",
                lambda network: edits.bypass(network, names, bypassed=on),
            )

    def freeze(self) -> None:
        """Keep the selection's weights from training, or let them train again."""
        names = self.names
        if names:
            on = not self._all(names, "frozen")
            self._edit(
                f"{'Freeze' if on else 'Unfreeze'} {self._named(names)}",
                lambda network: edits.freeze(network, names, frozen=on),
            )

    def _all(self, names: list[str], state: str) -> bool:
        network = self._document.network
        members = [member for name in names for member in self._scene.outline.members(name)]
        able = [m for m in members if state != "bypassed" or edits.can_bypass(network.layer(m))]
        return bool(able) and all(getattr(network[member], state) for member in able)

    def rename(self, name: str, new: str) -> str:
        """Give an entry another last part; returns why that cannot be, or ""."""
        outer = parent(name)
        path = f"{outer}.{new}" if outer else new
        if new == leaf(name):
            return ""
        try:
            label = f"Rename {self._named([name])} to {new}"
            self._document.edit(label, lambda network: blocks.rename(network, name, path))
        except LayerloomError as error:
            return str(error)
        self._document.select((path,))
        return ""

    def nudge(self, dx: int, dy: int) -> None:
        """Move the selection by some px; presses in a row are one step."""
        names = self.names
        if names:
            self._edit(
                f"Move {self._named(names)}",
                lambda network: edits.move(network, names, dx, dy),
                merge=("nudge", tuple(names)),
            )

    # The whole drawing

    def tidy(self) -> None:
        """Lay the whole network out anew."""
        flow, analysis = self._document.project.view.flow, self._document.analysis
        self._document.edit("Tidy layout", lambda network: tidy(network, flow, analysis))
        self._view.fit()

    def set_flow(self, flow: Flow) -> None:
        """Choose which way tidy layout runs, and tidy."""
        settings = self._document.project.view.model_copy(update={"flow": flow})
        self._document.undo_stack.beginMacro(f"Flow {flow.value.replace('_', ' ')}")
        self._document.change_settings("Flow", settings)
        self.tidy()
        self._document.undo_stack.endMacro()
        self._view.fit()  # only now is everything where it belongs

    # Selecting and showing

    def select_all(self) -> None:
        """Select everything at the top level."""
        self._document.select(self._scene.outline.children())

    def fit_selection(self) -> None:
        """Show the selection, or all if nothing is selected."""
        self._view.fit(self.names)

    def fit_all(self) -> None:
        """Show everything."""
        self._view.fit()

    def reveal(self) -> None:
        """Bring the last selected entry into view."""
        if self.names:
            self._view.reveal(self.names[-1])

    def _edit(
        self,
        label: str,
        change: Callable[[Network], Iterable[str] | None],
        *,
        select: bool = False,
        merge: object = None,
        only_shows: bool = False,
    ) -> bool:
        """Edit as one step; ``select`` selects the names that ``change`` returns. False if it was refused."""
        try:
            result = self._document.edit(label, change, merge=merge, only_shows=only_shows)
        except LayerloomError as error:
            self.refused.emit(str(error))
            return False
        if select:
            self._document.select(name for name in result or () if self._scene.outline.is_drawn(name))
        return True

    def _named(self, names: list[str]) -> str:
        one = len(names) == 1
        return entry_name(names[0], self._document.network) if one else counted(len(names), "layer")
