"""The open project: the only owner of the undo stack and the only one to change the project."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from engine.files import as_file_name
from gui.undo_steps import ChangeSettings, EditNetwork

if TYPE_CHECKING:  # the first paint does without them
    from engine.network import Analyser, Analysis, Edge, Network
    from engine.network.changes import Change
    from engine.project import Project
    from engine.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected: names of nodes and blocks in the order they were picked, or one edge."""

    names: tuple[str, ...] = ()
    edge: Edge | None = None


class Document(QObject):
    """One project with its analysis, selection and undo stack.

    Views listen and never write: every change goes through `edit` or `change_settings`.

    ``path`` is its file, None before it is saved, and ``content`` the fingerprint of that file as it was read or
    written here, None where that is not known. ``key`` is what a document has in place of a file's name: what was kept
    of it before it was saved is found by it. Without a ``project`` it is empty, and made when it is first asked for.
    """

    replaced = Signal()  # another project is open: rebuild everything
    analysed = Signal(object)  # frozenset of names whose analysis changed; problems and totals may differ too
    settings_changed = Signal(str)  # "data", "training" or "view"
    selection_changed = Signal()
    title_changed = Signal()  # path or modified state

    def __init__(self, project: Project | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        # It empties itself when it is deleted, and nobody can follow that step: what they show is half gone.
        stack = self.undo_stack
        self.destroyed.connect(lambda: stack.blockSignals(True))
        self.undo_stack.indexChanged.connect(self._after_step)
        self.undo_stack.cleanChanged.connect(self._announce_title)
        self.path: Path | None = None
        self.content: str | None = None
        self.key = uuid4().hex
        self._changed_parts: list[str] = []  # settings that steps since the last analysis have replaced
        self.check_time = 0.0  # s the last analysis took
        self._was_modified = False  # when the title was last announced
        self._selection = Selection()
        self._renamed: dict[str, str] = {}  # nodes that got another name since the last analysis
        self._collapsed: list[str] = []  # blocks that may have collapsed since then
        self._open: tuple[Project, Analyser] | None = None
        if project is not None:
            self._take(project)

    # Reading

    @property
    def project(self) -> Project:
        return self._opened()[0]

    @property
    def network(self) -> Network:
        return self.project.network

    @property
    def analysis(self) -> Analysis:
        return self._opened()[1].analysis

    @property
    def selection(self) -> Selection:
        return self._selection

    @property
    def title(self) -> str:
        """What the title bar shows: "resnet18.loom"."""
        return self.path.name if self.path else f"{self.network.name}.loom"

    def file_name(self, suffix: str) -> str:
        """What a file of the network may be called: "resnet18.py"."""
        return f"{as_file_name(self.network.name) or 'network'}{suffix}"

    @property
    def modified(self) -> bool:
        """Whether something would be lost by closing now, more than which blocks are open."""
        clean, now = self.undo_stack.cleanIndex(), self.undo_stack.index()
        return clean < 0 or any(self._matters(step) for step in range(min(clean, now), max(clean, now)))

    def _matters(self, step: int) -> bool:
        command = self.undo_stack.command(step)
        return not (isinstance(command, EditNetwork) and command.only_shows)

    # Changing

    def edit(
        self, label: str, change: Callable[[Network], T], *, merge: Hashable = None, only_shows: bool = False
    ) -> T:
        """Run an edit of the network as one undo step, or none if it changes nothing; return what it returns.

        Raises `NetworkError` (and changes nothing) if the edit is impossible. Steps in a row with the same
        ``merge`` key become one. One that ``only_shows`` does not make the document `modified`.
        """
        with self.network.rehearsal() as changes:
            result = change(self.network)
        if changes:
            self.undo_stack.push(EditNetwork(label, self.network, changes, merge=merge, only_shows=only_shows))
        return result

    def change_settings(self, label: str, settings: Settings, *, merge: Hashable = None) -> None:
        """Replace the project's data, training or view settings by ``settings``, as one undo step."""
        part = _part_of(settings)
        before = getattr(self.project, part)
        if before == settings:
            return

        def assign(value: Settings) -> None:
            setattr(self.project, part, value)
            self._changed_parts.append(part)

        self.undo_stack.push(ChangeSettings(label, assign, before=before, after=settings, merge=merge))

    def change_several_settings(self, label: str, *several: Settings) -> None:
        """Replace several of the project's settings values together, as one undo step; none if they are the same."""
        if all(getattr(self.project, _part_of(settings)) == settings for settings in several):
            return
        self.undo_stack.beginMacro(label)
        for settings in several:
            self.change_settings(label, settings)
        self.undo_stack.endMacro()

    def take_back(self, merge: Hashable) -> None:
        """Go back to before the last step if it has this ``merge`` key, as though it had never been made.

        A step that has been saved stays.
        """
        stack = self.undo_stack
        last = stack.command(stack.index() - 1) if stack.index() and not stack.isClean() else None
        if merge is None or not isinstance(last, EditNetwork | ChangeSettings):
            return
        if last.merge == merge:
            stack.push(last.inverse())

    def select(self, names: Iterable[str] = (), *, edge: Edge | None = None) -> None:
        """Select nodes and blocks by name, or one edge; not an undo step."""
        selection = Selection(tuple(dict.fromkeys(names)), edge)
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit()

    def replace(
        self,
        project: Project,
        path: Path | None = None,
        *,
        content: str | None = None,
        key: str = "",
        modified: bool = False,
    ) -> None:
        """Open another project in place of this one; ``modified`` if it stands in no file as it is.

        ``key`` is that of a document that was open before.
        """
        self.undo_stack.clear()
        if modified:
            self.undo_stack.resetClean()
        if self._open is not None:
            before, analyser = self._open
            analyser.close()
            before.network.changed.disconnect(self._note_change)
        self.path, self.content = path, content
        self.key = key or uuid4().hex
        self._selection = Selection()
        self._take(project)
        self.replaced.emit()
        self.title_changed.emit()

    def mark_saved(self, path: Path, content: str | None = None) -> None:
        """Note that the project as it is now stands in ``path``."""
        self.path, self.content = path, content
        self.undo_stack.setClean()
        self.title_changed.emit()

    def _opened(self) -> tuple[Project, Analyser]:
        return self._open or self._take(empty_project())

    def _take(self, project: Project) -> tuple[Project, Analyser]:
        from engine.network import Analyser

        self._open = taken = project, Analyser(project.network)
        project.network.changed.connect(self._note_change)
        self._check()
        return taken

    def _announce_title(self) -> None:
        self._was_modified = self.modified
        self.title_changed.emit()

    def _check(self) -> None:
        start = perf_counter()
        self._opened()[1].update()
        self.check_time = perf_counter() - start

    def _after_step(self) -> None:
        """Analyse first, then tell: several steps may have been taken at once, and a listener sees them all."""
        self._check()
        self.analysed.emit(self._opened()[1].changed)
        parts, self._changed_parts = self._changed_parts, []
        for part in dict.fromkeys(parts):
            self.settings_changed.emit(part)
        self._drop_what_is_gone()
        if self.modified != self._was_modified:  # a step that matters after one that does not
            self._announce_title()

    def _note_change(self, change: Change) -> None:
        from engine.network.changes import BlockChanged, NodeRenamed

        if isinstance(change, NodeRenamed):
            first = next((before for before, after in self._renamed.items() if after == change.before), change.before)
            self._renamed[first] = change.after
        elif isinstance(change, BlockChanged):
            self._collapsed.append(change.prefix)

    def _drop_what_is_gone(self) -> None:
        """Let the selection follow what got another name or went into a collapsed block, and lose what is no more."""
        renamed, self._renamed = self._renamed, {}
        noted, self._collapsed = sorted(self._collapsed, key=len), []
        collapsed = [block for block in noted if self.network.block(block).collapsed]
        named = [shown_as(new_name(name, renamed), collapsed) for name in self._selection.names]
        names = [name for name in named if name in self.network or self.network.is_block(name)]
        edge = self._selection.edge
        if edge is not None:
            edge = edge._replace(source=new_name(edge.source, renamed), target=new_name(edge.target, renamed))
            if shown_as(edge.source, collapsed) == shown_as(edge.target, collapsed):
                edge = None
        self.select(names, edge=edge if edge in self.network.edges() else None)


def shown_as(name: str, collapsed: Iterable[str]) -> str:
    """What stands for a node or block on the canvas once blocks have ``collapsed``, the outermost first."""
    from engine.network.names import inside

    return next((block for block in collapsed if inside(name, block)), name)


def new_name(name: str, renamed: Mapping[str, str]) -> str:
    """What a node or block is called after nodes were ``renamed``; a block's name is the prefix of its nodes'."""
    for before, after in renamed.items():
        rest = before.removeprefix(name)
        if (before == name or rest.startswith(".")) and after.endswith(rest):
            return after[: len(after) - len(rest)]
    return name


def empty_project() -> Project:
    """A project with nothing in it."""
    from engine.project import Project

    return Project()


def _part_of(settings: Settings) -> str:
    from engine.data.settings import DataSettings
    from engine.project import ViewSettings
    from engine.recipe.recipe import Recipe

    parts = {DataSettings: "data", Recipe: "training", ViewSettings: "view"}
    return parts[type(settings)]
