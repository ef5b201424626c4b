"""The drawing as graphics items. It follows the document: nothing is kept here that the project lacks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from engine.network.layout import Flow
from engine.network.names import parent, prefixes
from gui.document import Document
from gui.draw.canvas.items.frame_item import FrameItem
from gui.draw.canvas.items.glide import Glide
from gui.draw.canvas.items.label_places import clear_labels
from gui.draw.canvas.items.mark_painter import REACH
from gui.draw.canvas.items.node_item import NodeItem
from gui.draw.canvas.items.overview import Overview
from gui.draw.canvas.items.paints import Look, paints
from gui.draw.canvas.items.pending import Pending, Touched
from gui.draw.canvas.items.rings import Rings
from gui.draw.canvas.items.wire_item import WireItem
from gui.draw.canvas.model.boxes import Box, around
from gui.draw.canvas.model.detail import Detail, detail_at
from gui.draw.canvas.model.faces import Faces
from gui.draw.canvas.model.geometry import Geometry
from gui.draw.canvas.model.links import Kind, Link, Wiring, links_of
from gui.draw.canvas.model.marks import THUMBNAIL, TrainingMark
from gui.draw.canvas.model.outline import Outline
from gui.draw.canvas.model.ports import Ports
from gui.draw.canvas.model.router import Course, Router
from gui.style.appearance import appearance

_ROOM = 2000.0  # canvas kept free around everything
_PICTURES = 64 * 1024  # KiB of pictures of nodes: three screens full of them at twice the resolution


class CanvasScene(QGraphicsScene):
    """One item a drawn node, block or link of ``document.network``.

    Changes of the network are collected as they come and worked off together when the document has analysed them.
    """

    settled = Signal()  # all items are up to date again
    emptied = Signal()  # all items are gone, those that others added too
    followed = Signal(object)  # a change of the document; the boxes by name that there were before it

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        QPixmapCache.setCacheLimit(_PICTURES)
        self.document = document
        self.look = Look()
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Link, WireItem] = {}
        self._marks: dict[str, TrainingMark] = {}
        self._highlighted: set[Link] = set()
        self._selected: set[str] = set()
        self._focused: str | None = None
        self.glide = Glide(self)
        self.may_glide: Callable[[], bool] = lambda: False  # asked after each change; the view knows
        self._begin()
        document.replaced.connect(self.rebuild)
        document.analysed.connect(self._settle)
        document.selection_changed.connect(self._show_selection)
        appearance().changed.connect(self._repaint)

    # Following the document

    def rebuild(self) -> None:
        """Draw everything anew."""
        self.glide.stop()
        self._pending.close()
        self.clear()
        self.emptied.emit()
        self.nodes, self.wires = {}, {}
        self._highlighted, self._selected = set(), set()
        self._begin()

    def _begin(self) -> None:
        network = self.document.network
        self._pending = Pending(network)
        self.outline = Outline(network)
        self.wiring = Wiring()
        self.geometry = Geometry(network, self.outline, self._has_strip)
        self.geometry.rightwards = self._runs_right()
        self.router = Router(self.geometry, self.wiring)
        self.faces = Faces(network, self.document.analysis, self.outline)
        self._overview = Overview(self.look, self.nodes, self.wires)
        self.look.overview_changed = self._overview.forget
        self.addItem(self._overview)
        self._overview.setVisible(self.look.zoomed_out)  # else nobody paints what is drawn anew at a small zoom
        whole = Touched(structural=set(network), edges=set(network.edges()))
        self._update(whole, frozenset(network))

    def _settle(self, analysed: frozenset[str]) -> None:
        boxes = dict(self.geometry.boxes)
        if self._runs_right() != self.geometry.rightwards:
            self.rebuild()
        else:
            self._follow(analysed, boxes)
        self.followed.emit(boxes)

    def _follow(self, analysed: frozenset[str], boxes: Mapping[str, Box]) -> None:
        self.glide.stop()
        touched, courses = self._pending.take(), dict(self.router.courses)
        self._update(touched, analysed)
        if not self.look.zoomed_out and self.may_glide():
            self._glide(boxes, courses, toggled=bool(touched.toggled))

    def _glide(self, boxes: Mapping[str, Box], courses: Mapping[Link, Course], *, toggled: bool) -> None:
        """Show how a block opened or closed, or how entries moved that did not all move alike."""
        ways: dict[QGraphicsItem, QPointF] = {
            item: QPointF(boxes[name].left - item.box.left, boxes[name].top - item.box.top)
            for name, item in self.nodes.items()
            if name in boxes and boxes[name][:2] != item.box[:2]
        }
        alike = len({(way.x(), way.y()) for way in ways.values()}) < 2
        if toggled or not alike:
            fresh = [item for name, item in self.nodes.items() if name not in boxes]
            rerun = [item for link, item in self.wires.items() if courses.get(link) != item.course]
            self.glide.start(ways, [*fresh, *rerun])

    def _update(self, touched: Touched, analysed: frozenset[str]) -> None:
        """Work off what an edit touched, in the order: names, boxes, links, courses, words."""
        before = dict(self.geometry.boxes) if len(touched.structural) < len(self.nodes) else {}
        entries = self._entries(touched)
        moved = self.geometry.refresh(entries)
        self._place(moved | {name for name in touched.toggled if name in self.outline})
        self._give_room(self._marks)
        links = self._relink(touched)
        links |= self.router.around(name for name in moved if name in self.geometry.boxes)
        links |= self.router.crossing(self._moved_boxes(moved, before))
        self._run(links & self.wiring.edges.keys())
        ends = {name for edge in touched.edges for name in (edge.source, edge.target)}
        at_ends = {self.outline.drawn_as(name) for name in ends} | {prefix for n in ends for prefix in prefixes(n)}
        self._say(entries | analysed | ends | self._renew_faces(), links)
        self._show_ports(moved | entries | {t.entry for link in links for t in link} | at_ends)
        self._show_selection()
        self._clear_labels()
        self._cover()
        self.settled.emit()

    def _runs_right(self) -> bool:
        return self.document.project.view.flow is Flow.LEFT_TO_RIGHT

    def _entries(self, touched: Touched) -> set[str]:
        """Bring the outline up to date; returns all entries that an edit can have changed."""
        network = self.document.network
        for name in sorted(touched.structural, key=lambda name: network.order(name) if name in network else -1):
            if name in network:
                self.outline.add(name)
            else:
                self.outline.remove(name)
        entries = touched.structural | touched.changed | touched.toggled
        entries |= {inner for block in touched.toggled for inner in self.outline.entries(block)}
        ends = {name for edge in touched.edges for name in (edge.source, edge.target)}  # frames keep room for shortcuts
        return entries | {prefix for name in entries | ends for prefix in prefixes(name)}

    def _moved_boxes(self, moved: Iterable[str], before: Mapping[str, Box]) -> list[tuple[str, Box]]:
        boxes = ((parent(name), box) for name in moved for box in (before.get(name), self.geometry.boxes.get(name)))
        return [(block, box) for block, box in boxes if box is not None] if before else []

    def _place(self, names: Iterable[str]) -> None:
        for name in names:
            box, item = self.geometry.boxes.get(name), self.nodes.get(name)
            wanted = FrameItem if self.outline.is_frame(name) else NodeItem
            if item and (box is None or type(item) is not wanted):
                self.removeItem(self.nodes.pop(name))
                item = None
            if box is not None:
                if item is None:
                    item = self.nodes[name] = wanted(name, self.look)
                    self._selected.discard(name)  # it is not ringed yet
                    item.show_mark(self._marks.get(name))
                    self._add(item)
                item.place(box)

    def _give_room(self, marked: Iterable[str]) -> None:
        """Tell the marks of these nodes how far they reach before something else stands in their way."""
        for name in marked:
            if name in self.nodes:
                self.nodes[name].show_room(self.geometry.room_beside(name, THUMBNAIL, REACH))

    def _add(self, item: NodeItem | WireItem) -> None:
        if self.look.zoomed_out and not isinstance(item, FrameItem):
            item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.addItem(item)

    def _relink(self, touched: Touched) -> set[Link]:
        """Cut the touched edges into links anew; returns the links that are drawn for them now."""
        network, wiring = self.document.network, self.wiring
        names = touched.structural | {m for block in touched.toggled for m in self.outline.members(block)}
        edges = touched.edges | {edge for name in names for edge in wiring.edges_at.get(name, ())}
        for name in names:
            if name in network:
                edges |= {*network.incoming(name), *network.outgoing(name)}
        dropped = {link for edge in edges for link in wiring.remove(edge)}
        standing = {e for e in edges if e.source in network and e in network.outgoing(e.source)}
        for edge in standing:
            wiring.add(edge, links_of(self.outline, edge))
        for link in dropped - wiring.edges.keys():
            self.router.forget([link])
            self._highlighted.discard(link)
            if link in self.wires:
                self.removeItem(self.wires.pop(link))
        drawn = {link for edge in standing for link in wiring.of_edge[edge]}
        left = {other for link in dropped for other in wiring.at.get(link.start.entry, ())}
        left |= {other for link in dropped for other in wiring.at.get(link.end.entry, ())}
        return self.router.sharing(drawn | left)

    def _run(self, links: Iterable[Link], *, lanes: bool = True) -> None:
        for link in self.router.reroute(links, lanes=lanes):
            item = self.wires.get(link)
            if item is None:
                item = self.wires[link] = WireItem(link, self.look)
                self._add(item)
            item.run(self.router.courses[link])

    def _renew_faces(self) -> set[str]:
        """Remake the faces; returns the nodes that had a problem or have one now."""
        before = self.faces.problem_nodes
        self.faces = Faces(self.document.network, self.document.analysis, self.outline)
        return {name for name in before | self.faces.problem_nodes if name in self.outline}

    def _say(self, names: Iterable[str], links: Iterable[Link]) -> None:
        """Refresh the words of entries, of the blocks around them and of the wires at them."""
        names = set(names)
        shown = {self.outline.drawn_as(name) for name in names if name in self.outline}
        shown |= {prefix for name in names for prefix in prefixes(name) if prefix in self.nodes}
        for name in shown & self.nodes.keys():
            values = dict.fromkeys(link.start.key for link in self.wiring.out_of(name))
            gates = dict.fromkeys(
                link.end.key for link in self.wiring.at.get(name, ()) if link.end.kind is Kind.GATE_OUT
            )
            self.nodes[name].show_face(self.faces.of(name, values=gates or values))
        edges = {edge for name in names for edge in self.wiring.edges_at.get(name, ())}
        wires = {link for edge in edges for link in self.wiring.of_edge[edge]} | set(links)
        for link in wires & self.wires.keys():
            self.wires[link].show_face(self.faces.of_wire(self.wiring.edges[link]))

    def _show_ports(self, names: Iterable[str]) -> None:
        rings = Rings(self.document.network, self.outline, self.wiring, Ports(self.geometry, self.wiring))
        for name in set(names):
            item = self.nodes.get(name)
            if item is not None:
                item.show_ports(rings.of(name, item.box))

    def _clear_labels(self, moving: Collection[Link] | None = None) -> None:
        """Put the labels of wires, or of ``moving`` ones, where they are clear; below titles none is drawn."""
        if self.look.detail >= Detail.TITLES:
            moving = self.wires.keys() if moving is None else moving
            staying = [wire for link, wire in self.wires.items() if link not in moving]
            wires = [self.wires[link] for link in moving]
            clear_labels(wires, self.nodes.values(), scale=self.look.label_scale, staying=staying)

    # What the view adds

    def lift(self, names: Iterable[str], dx: float, dy: float, *, leaving: bool = False) -> None:
        """Show entries away from where they stand, while they are dragged; only their own wires follow.

        Their frame grows with them, unless they are ``leaving`` it.
        """
        self.glide.stop()
        names = set(names)
        before = self.geometry.lifted
        self.geometry.lifted, self.geometry.offset, self.geometry.leaving = frozenset(names), (dx, dy), leaving
        moved = self.geometry.refresh(names | before)
        self._place(moved)
        links = self.router.around(moved) & self.wiring.edges.keys()
        self._run(links, lanes=False)
        self._clear_labels(links & self.wires.keys())
        self._show_ports({t.entry for link in links for t in link if t.entry not in moved or t.kind is not Kind.OUT})

    def lay_down(self) -> None:
        """End a drag: everything stands again where the network has it."""
        self.lift((), 0.0, 0.0)
        self._clear_labels()

    def show_focus(self, name: str | None) -> None:
        """Ring the entry that the keyboard is at."""
        for each, focused in ((self._focused, False), (name, True)):
            if each in self.nodes:
                self.nodes[each].set_state(focused=focused)
        self._focused = name

    def set_zoom(self, zoom: float, ratio: float) -> None:
        """Draw as much as belongs to this zoom."""
        before, was_zoomed_out, scale = self.look.detail, self.look.zoomed_out, self.look.label_scale
        self.look.zoom, self.look.ratio = zoom, ratio
        self.look.detail = detail_at(zoom, self.look.detail)
        if (self.look.detail, self.look.label_scale) != (before, scale):
            self._clear_labels()
        self._overview.forget()
        if self.look.detail is not before:
            self._draw_nodes_anew()
        if self.look.zoomed_out != was_zoomed_out:
            self._step_back()

    def _step_back(self) -> None:
        """Let the overview paint for nodes and wires, or let them paint themselves again."""
        zoomed_out = self.look.zoomed_out
        self._overview.setVisible(zoomed_out)
        for item in (*self.nodes.values(), *self.wires.values()):
            if not isinstance(item, FrameItem):
                item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents, zoomed_out)

    def set_marks(self, marks: Mapping[str, TrainingMark]) -> None:
        """Show what training says of each node; without marks all look as in Draw again."""
        changed = {name for name in (*marks, *self._marks) if bool(self._strip(marks, name)) != self._has_strip(name)}
        before, gone = self._marks, self._marks.keys() - marks.keys()
        self._marks = dict(marks)
        for name in (*marks, *gone):
            if name in self.nodes:
                self.nodes[name].show_mark(marks.get(name))
        self._give_room(marks.keys() - before)
        if changed:
            self._update(Touched(changed=changed), frozenset())
        elif any(_takes(before.get(name)) != _takes(marks.get(name)) for name in (*marks, *gone)):
            self._clear_labels()

    @property
    def marked(self) -> bool:
        """Whether any node shows a heat strip."""
        return any(mark.strip for mark in self._marks.values())

    def _has_strip(self, name: str) -> bool:
        return self._strip(self._marks, name)

    @staticmethod
    def _strip(marks: Mapping[str, TrainingMark], name: str) -> bool:
        return name in marks and bool(marks[name].strip)

    def _show_selection(self) -> None:
        """Ring what is selected and light the wires at it."""
        selection = self.document.selection
        selected = {name for name in selection.names if name in self.nodes}
        for name in self._selected ^ selected:
            if name in self.nodes:
                self.nodes[name].set_state(selected=name in selected)
        self._selected = selected
        highlighted = {link for name in selected for link in self.wiring.at.get(name, ())}
        if selection.edge is not None:
            highlighted |= set(self.wiring.of_edge.get(selection.edge, ()))
        for link in self._highlighted ^ highlighted:
            if link in self.wires:
                self.wires[link].set_state(selected=link in highlighted)
        self._highlighted = highlighted

    def _repaint(self) -> None:
        self.look.paints = paints()
        self.invalidate()
        self.update()
        self._draw_nodes_anew()

    def _draw_nodes_anew(self) -> None:
        """Forget the pictures of all nodes: they look different now."""
        for item in self.nodes.values():
            item.update()

    def _cover(self) -> None:
        """Let scene and overview span everything drawn."""
        area = self.drawn()
        self._overview.cover(area.adjusted(-_ROOM / 2, -_ROOM / 2, _ROOM / 2, _ROOM / 2))
        self.setSceneRect(area.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM))

    def drawn(self) -> QRectF:
        """The area that everything drawn takes up, but for the wires around it."""
        box = self.geometry.bounds() or Box(0, 0, 0, 0)
        return QRectF(box.left, box.top, box.width, box.height)

    def bounds(self) -> Box | None:
        """The box around everything drawn with its wires, which may run beyond it; None of nothing."""
        boxes = self.geometry.bounds()
        return around((boxes, *(item.extent() for item in self.wires.values()))) if boxes else None

    @property
    def detail(self) -> Detail:
        """How much is drawn."""
        return self.look.detail


def _takes(mark: TrainingMark | None) -> tuple[bool, bool]:
    """Whether a mark has a thumbnail, and a badge, beside its node."""
    return mark is not None and mark.thumbnail is not None, mark is not None and bool(mark.badge)
