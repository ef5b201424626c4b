"""Loading what the first paint does not need: the workspaces, then PyTorch, in a thread behind the window."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from types import ModuleType

from PySide6.QtCore import QObject, Signal

from engine.errors import LayerloomError
from engine.recipe.device import Device
from gui.background import Job, LatestJob
from gui.start.collector import keep_what_is_loaded


class WarmUp(QObject):
    """Loads ``workspaces``, a module, then PyTorch and which devices there are, then the rest that a training needs.

    ``workspaces_loaded``, ``ready`` and ``complete`` tell of each. What only the first update needs follows; ``ended``.
    """

    workspaces_loaded = Signal()
    ready = Signal()
    complete = Signal()
    ended = Signal()
    failed = Signal(str)

    def __init__(self, workspaces: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.devices: dict[Device, str] = {}
        self.failure = ""  # why the devices are not known
        self._workspaces = workspaces
        self._loading = LatestJob("Loading PyTorch", self)

    @property
    def settled(self) -> bool:
        """Whether the devices are known, or it is known why they are not."""
        return bool(self.devices or self.failure)

    def start(self) -> None:
        """Begin."""
        load = partial(_load, self._workspaces)
        self._loading.start(load, done=self._load_devices, failed=self._tell_failure)

    def words(self, wanted: Device) -> tuple[str, str, str]:
        """What the device chip says of a choice: the device, its name, a tooltip."""
        if not self.devices and self.failure:
            return "Device", "PyTorch did not load", self.failure
        if not self.devices:
            return "Device", "PyTorch is loading", "Where training runs. Known as soon as PyTorch is loaded."
        device = next(iter(self.devices)) if wanted is Device.AUTO else wanted
        if device not in self.devices:
            return _TITLES[device], "not on this machine", "Training cannot start: choose another device."
        chosen = "chosen automatically" if wanted is Device.AUTO else "as chosen"
        return _TITLES[device], self.devices[device], f"Training runs on {self.devices[device]}, {chosen}."

    def stop(self) -> None:
        """Expect no answer any more."""
        self._loading.cancel()

    def _load_devices(self, _: None) -> None:
        keep_what_is_loaded("workspaces")
        self.workspaces_loaded.emit()  # lets them be made before PyTorch loads: beside it they took three times as long
        self._loading.start(_find_devices, done=self._take, failed=self._tell_failure)

    def _tell_failure(self, error: LayerloomError) -> None:
        self.failure = str(error)
        self.failed.emit(self.failure)

    def _take(self, devices: dict[Device, str]) -> None:
        keep_what_is_loaded("PyTorch")
        self.devices = devices
        self._loading.start(_load_rest, done=self._complete, failed=self._tell_failure)
        self.ready.emit()

    def _complete(self, _: None) -> None:
        self._loading.start(_load_last, done=self._end, failed=self._tell_failure)
        self.complete.emit()

    def _end(self, _: None) -> None:
        keep_what_is_loaded("all")
        self.ended.emit()


_TITLES = {Device.CUDA: "CUDA 0", Device.MPS: "MPS", Device.CPU: "CPU", Device.AUTO: "Automatic"}


def _load(workspaces: str, _: Job) -> None:
    import_module(workspaces)


def _find_devices(_: Job) -> dict[Device, str]:
    found: dict[Device, str] = _import("engine.machine.devices").available_devices()
    return found


def _load_rest(_: Job) -> None:
    _import("engine.runs.session")


def _load_last(_: Job) -> None:
    _import("engine.recipe.optimisation").load()


def _import(name: str) -> ModuleType:
    try:
        return import_module(name)
    except (ImportError, OSError) as error:
        raise LayerloomError(f"PyTorch cannot be loaded, so nothing can train: {error}.") from error
