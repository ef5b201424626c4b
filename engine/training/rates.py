"""How fast a device of this machine works, found by short trials and remembered."""

from __future__ import annotations

import json
import platform
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

import platformdirs
import torch
from torch import nn

from engine.files import write_whole
from engine.layers import Shape
from engine.machine.turn import TURNS
from engine.training.footprint import step_of
from engine.training.work import Work

_TRIALS = 5  # the fastest counts: whatever else goes on only slows one down
_CONVOLUTION = Shape(32, 28, 28), 8  # images, and how many
_MAPS = Shape(32, 56, 56), 32
_FEW = Shape(8, 4, 4), 2
_WEIGHTS = 8_000_000  # more than caches hold
_LARGE, _SMALL = 4_000_000, 100  # bytes of files


@dataclass(frozen=True, slots=True)
class Rates:
    """What a device does in a second, and how long small things take.

    ``flops`` multiplications and additions; bytes ``moved`` by operations that give new tensors, and ``in_place``;
    seconds a ``call`` of an operation; bytes of a file brought to ``disk``, and seconds a ``file``. Where the device
    ``runs_ahead``, operations are called while those before them run.
    """

    flops: float
    moved: float
    in_place: float
    call: float
    disk: float
    file: float
    runs_ahead: bool = False

    def seconds(self, work: Work) -> float:
        """How long it takes."""
        busy, calls = work.flops / self.flops + work.moved / self.moved, work.calls * self.call
        return max(busy, calls) if self.runs_ahead else busy + calls


_known: dict[str, Rates] = {}
_in_turn = Lock()


def rates_of(device: torch.device, half: torch.dtype | None) -> Rates:
    """Those of a device in float32 or a ``half`` of it, by trials of about half a second the first time.

    What is found while something trains there is not remembered.
    """
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else f"{device.type} {platform.processor()}"
    threads = f", {torch.get_num_threads()} threads" if device.type == "cpu" else ""
    key = f"{platform.node()}: {name}{threads}, {half or torch.float32}, torch {torch.__version__}"
    with _in_turn:
        found = _known.get(key) or _kept().get(key)
        if found is not None:
            return _known.setdefault(key, found)
        beside = TURNS.training
        found = tried(device, half or torch.float32)
        if not (beside or TURNS.training):
            _known[key] = found
            _keep(_known)
        return found


def _place() -> Path:
    return platformdirs.user_cache_path("layerloom", appauthor=False) / "rates.json"


def _kept() -> dict[str, Rates]:
    """What was found before; nothing where that cannot be read."""
    try:
        return {key: Rates(**rates) for key, rates in json.loads(_place().read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _keep(rates: dict[str, Rates]) -> None:
    every = {key: asdict(one) for key, one in (_kept() | rates).items()}
    with suppress(OSError):  # then it is found anew next time
        _place().parent.mkdir(parents=True, exist_ok=True)
        write_whole(_place(), json.dumps(every, indent=1).encode())


def tried(device: torch.device, kind: torch.dtype) -> Rates:
    """Rates by passes forwards and backwards through what calls, what moves and what reckons most."""
    trial = _Trial(device, kind)
    with torch.device("meta"):  # where weights are not drawn at random, which would change the course of others
        tiny = nn.Sequential(*(layer for _ in range(8) for layer in (nn.Conv2d(8, 8, 1), nn.ReLU())))
        maps = nn.Sequential(nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2))
        convolution = nn.Conv2d(32, 64, 3, padding=1)
    few, calling = trial.passes(tiny, *_FEW)
    call = few / calling.calls
    moving, much = trial.passes(maps, *_MAPS)
    moved = much.moved / _rest(moving, much, call)
    reckoning, most = trial.passes(convolution, *_CONVOLUTION)
    flops = most.flops / _rest(reckoning, most, call)
    one, other = torch.ones(2, _WEIGHTS, device=device)
    in_place = 3 * one.nbytes / trial.fastest(lambda: one.add_(other))
    disk, file = _disk()
    return Rates(flops, moved, in_place, call, disk, file, runs_ahead=device.type != "cpu")


def _rest(seconds: float, work: Work, call: float) -> float:
    """What is left of the time without that of the calls, of which it is at least half."""
    return max(seconds - work.calls * call, seconds / 2)


@dataclass(frozen=True, slots=True)
class _Trial:
    """Work on a device in a number format."""

    device: torch.device
    kind: torch.dtype

    def passes(self, model: nn.Module, shape: Shape, batch: int) -> tuple[float, Work]:
        """Seconds of a step of ``model``, and the work of it."""
        counted = step_of(model.to(self.kind), [shape], batch=batch).both
        model.zero_grad()
        model.to_empty(device=self.device)
        with torch.no_grad():
            for weight in (*model.parameters(), *model.buffers()):
                weight.fill_(0.01)
        images = torch.ones(batch, *shape, device=self.device, dtype=self.kind)
        return self.fastest(lambda: torch.autograd.backward(model(images).float().sum())), counted

    def fastest(self, work: Callable[[], object]) -> float:
        """Seconds of the fastest of some trials, after two that load what is needed."""
        found = []
        for _ in range(_TRIALS + 2):
            self._wait()
            began = time.perf_counter()
            work()
            self._wait()
            found.append(time.perf_counter() - began)
        return min(found[2:])

    def _wait(self) -> None:
        if self.device.type != "cpu":
            torch.accelerator.synchronize(self.device)


def _disk() -> tuple[float, float]:
    """Bytes of a large file a second, and the seconds of a small one; what usual disks do where none can be written."""
    times = []
    try:
        with tempfile.TemporaryDirectory(dir=_folder()) as folder:
            for size in (_SMALL, _LARGE):
                began = time.perf_counter()
                write_whole(Path(folder, "trial"), bytes(size))
                times.append(time.perf_counter() - began)
    except OSError:
        return 200e6, 0.005
    small, large = times
    return _LARGE / max(large - small, 1e-4), small


def _folder() -> Path:
    _place().parent.mkdir(parents=True, exist_ok=True)
    return _place().parent
