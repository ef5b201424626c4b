"""The pictures of units, worked out one after the other, the most urgent first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from engine.errors import LayerloomError
from engine.inspection import Maximise
from gui.background import Job, LatestJob
from gui.look.units import desk
from gui.look.units.desk import Asked, Desk, Drawn, Sheets, Then

if TYPE_CHECKING:
    from engine.inspection.units.answers import Answers, PerImage

_AT_ONCE = 8  # units whose patches are cut out together
_DRAWN_VALUES, _MOST_DRAWN = 2**16, 16  # values of the pictures that are drawn together, and how many they are
_MOST_BYTES = 128 * 2**20  # of patches that are kept
_MOST_DRAWN_KEPT = 8192
_URGENCY = ("patches", "drawing", "epochs")


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What is looked at: whose answers, and what these are; the current ``unit``, and the epochs it is shown after."""

    asked: Asked
    answers: Answers
    unit: int
    epochs: tuple[int, ...]
    per_image: PerImage
    whole: bool
    how: Maximise


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """Something to do, by the keys under which its outcome is kept."""

    kind: str
    keys: tuple[Hashable, ...]
    work: Callable[[Job], object]
    done: Callable[[Any], object]
    drawing: dict[int, Drawn] = field(default_factory=dict)
    """The pictures so far, by unit, where some are drawn."""
    then: Sequence[Then] = ()
    """The epochs so far, where these are gone through."""


class Pictures(QObject):
    """Patches of the units that can be seen, then the pictures they answer to most, then the epochs of the current one.

    ``changed`` says that some came; ``progressed`` tells of what is being drawn, "" when that is over. Patches and
    pictures stay until `forget`, those that are too many aside.
    """

    changed = Signal()
    progressed = Signal(str, float)

    def __init__(self, at: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._job = at, LatestJob("Looking at units", self)
        self.scene: Scene | None = None
        self._visible: tuple[int, ...] = ()
        self._task: _Task | None = None
        self._paused = False
        self._sheets: OrderedDict[Hashable, Sheets] = OrderedDict()
        self._bytes = 0
        self._drawn: OrderedDict[Hashable, Drawn] = OrderedDict()
        self._then: dict[Hashable, Sequence[Then]] = {}
        self._refused: dict[Hashable, str] = {}

    @property
    def busy(self) -> bool:
        """Whether pictures are still to come."""
        return self._task is not None

    # What there is

    def sheets(self, unit: int) -> Sheets | None:
        """The patches of a unit, as far as they are there."""
        return self._sheets.get(self._sheets_key(unit))

    def drawn(self, unit: int) -> Drawn | None:
        """The picture of a unit, as far as it is."""
        return self._drawn.get(self._drawn_key(unit)) or (self._task.drawing.get(unit) if self._task else None)

    def then(self) -> Sequence[Then]:
        """The current unit after some epochs, as far as that is worked out."""
        key = self._then_key()
        return self._then.get(key) or (self._task.then if self._task and self._task.keys == (key,) else ())

    def refusal(self, unit: int) -> str:
        """Why there are no patches, or no picture, of a unit."""
        return self._refused.get(self._sheets_key(unit)) or self._refused.get(self._drawn_key(unit), "")

    # What is wanted

    def show(self, scene: Scene | None) -> None:
        """Work for another unit, layer or epoch; for none, nothing."""
        before, self.scene = self.scene, scene
        if scene is None or before is None or scene.asked.key != before.asked.key:
            self._paused = False
            self.end()
        self.go_on()

    def want(self, units: Iterable[int]) -> None:
        """These can be seen."""
        visible = tuple(units)
        if visible != self._visible:
            self._visible = visible
            self.go_on()

    def draw_again(self) -> None:
        """Draw the pictures of the layer anew."""
        if self.scene is not None:
            self._paused = False
            self.end()
            for unit in range(self.scene.answers.units):
                self._drawn.pop(self._drawn_key(unit), None)
            self._then.pop(self._then_key(), None)
            self._refused.clear()
            self.changed.emit()
            self.go_on()

    def stop_drawing(self) -> bool:
        """Keep the pictures that are being drawn as they are now; False if none are."""
        task = self._task
        if task is None or task.kind != "drawing":
            return False
        self._paused = True
        self._keep_drawn(dict(task.drawing))
        self.end()
        self.changed.emit()
        self.go_on()
        return True

    def end(self) -> None:
        """Give up what is being done."""
        self._job.cancel()
        self._task = None
        self.progressed.emit("", -1.0)

    def forget(self) -> None:
        """Let go of everything: another network is looked into."""
        self.end()
        self.scene = None
        for kept in (self._sheets, self._drawn, self._then, self._refused):
            kept.clear()
        self._bytes = 0

    def close(self) -> None:
        """End the thread: the window closes."""
        self.scene = None
        self._job.close()

    # One thing after the other

    def go_on(self) -> None:
        """Do what is most urgent now; what is less urgent, and what is of another unit, gives way."""
        task = self._most_urgent()
        if self._task is not None:
            stale = self._task.kind == "epochs" and (task is None or task.keys != self._task.keys)
            if not stale and (task is None or _URGENCY.index(task.kind) >= _URGENCY.index(self._task.kind)):
                return
            self.end()
        self._task = task
        if task is None:
            self.progressed.emit("", -1.0)
        else:
            done = partial(self._finish, task)
            self._job.start(task.work, done=done, failed=partial(self._fail, task), progressed=self._progress)

    def _finish(self, task: _Task, found: object) -> None:
        self._task = None
        task.done(found)
        self.changed.emit()
        self.go_on()

    def _fail(self, task: _Task, error: LayerloomError) -> None:
        self._task = None
        self._refused |= dict.fromkeys(task.keys, str(error))
        self.changed.emit()
        self.go_on()

    def _progress(self, words: str, fraction: float) -> None:
        if self._task is not None and self._task.kind == "drawing":
            self.progressed.emit(words, fraction)
        self.changed.emit()

    def _most_urgent(self) -> _Task | None:
        scene = self.scene
        if scene is None:
            return None
        seen = dict.fromkeys((scene.unit, *(unit for unit in self._visible if unit < scene.answers.units)))
        alive = [unit for unit in seen if not scene.answers.dead[unit]]
        if uncut := [unit for unit in alive if self._is_missing(self._sheets_key(unit), self._sheets)]:
            return self._cutting(scene, uncut[:_AT_ONCE])
        bare = [unit for unit in alive if self._is_missing(self._drawn_key(unit), self._drawn)]
        if self._paused:
            return None
        if bare:
            values = scene.asked.values
            return self._drawing_of(scene, bare[: max(1, min(_MOST_DRAWN, _DRAWN_VALUES // max(1, values)))])
        if len(scene.epochs) > 1 and self.sheets(scene.unit) and self._is_missing(self._then_key(), self._then):
            return self._going_through(scene)
        return None

    def _is_missing(self, key: Hashable, kept: Mapping[Hashable, object]) -> bool:
        return key not in kept and key not in self._refused

    def _cutting(self, scene: Scene, units: Sequence[int]) -> _Task:
        keys = tuple(map(self._sheets_key, units))

        def done(found: Mapping[int, Sheets]) -> None:
            for key, unit in zip(keys, units, strict=True):
                self._sheets[key] = found[unit]
                self._bytes += found[unit].bytes
            while self._bytes > _MOST_BYTES and len(self._sheets) > len(keys):
                self._bytes -= self._sheets.popitem(last=False)[1].bytes

        return _Task("patches", keys, partial(desk.sheets_of, self._desk, scene, units), done)

    def _drawing_of(self, scene: Scene, units: Sequence[int]) -> _Task:
        drawing = dict[int, Drawn]()

        keys = tuple(map(self._drawn_key, units))
        work = partial(desk.draw, self._desk, scene, units, show=drawing.update)
        return _Task("drawing", keys, work, self._keep_drawn, drawing)

    def _keep_drawn(self, found: Mapping[int, Drawn]) -> None:
        self._drawn |= {self._drawn_key(unit): one for unit, one in found.items()}
        while len(self._drawn) > _MOST_DRAWN_KEPT:
            self._drawn.popitem(last=False)

    def _going_through(self, scene: Scene) -> _Task:
        sheets, key, found = self.sheets(scene.unit), self._then_key(), list[Then]()
        assert sheets is not None
        image = sheets.sources[0].pixels

        def done(_: object) -> None:
            self._then[key] = found

        return _Task("epochs", (key,), partial(desk.by_epoch, scene, image, show=found.append), done, then=found)

    # What things hang on

    def _sheets_key(self, unit: int) -> Hashable:
        scene = self.scene
        return scene and ("patches", scene.asked.key, scene.per_image, scene.whole, unit)

    def _drawn_key(self, unit: int) -> Hashable:
        scene = self.scene
        return scene and ("drawn", scene.asked.key[:3], scene.how, unit)

    def _then_key(self) -> Hashable:
        scene = self.scene
        return scene and ("then", self._sheets_key(scene.unit), scene.how, scene.epochs)
