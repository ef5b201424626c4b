"""Loading PyTorch behind the window, so that it is there when training starts."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engine.training.settings import Device
from gui.background import Job


class WarmUp(QObject):
    """Imports torch in a thread and learns which devices there are; ``ready`` tells."""

    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.devices: dict[Device, str] = {}
        self._job = Job(_load, self)
        self._job.done.connect(self._take)

    def start(self) -> None:
        """Begin."""
        self._job.start()

    def words(self, wanted: Device) -> tuple[str, str, str]:
        """What the device chip says of a choice: the device, its name, a tooltip."""
        if not self.devices:
            return "Device", "PyTorch is loading", "Where training runs. Known as soon as PyTorch is loaded."
        device = next(iter(self.devices)) if wanted is Device.AUTO else wanted
        if device not in self.devices:
            return _TITLES[device], "not on this machine", "Training cannot start: choose another device."
        chosen = "chosen automatically" if wanted is Device.AUTO else "as chosen"
        return _TITLES[device], self.devices[device], f"Training runs on {self.devices[device]}, {chosen}."

    def stop(self) -> None:
        """Expect no answer any more."""
        self._job.cancel()

    def _take(self, devices: dict[Device, str]) -> None:
        self.devices = devices
        self.ready.emit()


_TITLES = {Device.CUDA: "CUDA 0", Device.MPS: "MPS", Device.CPU: "CPU", Device.AUTO: "Automatic"}


def _load(_: Job) -> dict[Device, str]:
    from engine.training.devices import available_devices

    return available_devices()
