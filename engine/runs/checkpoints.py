"""Weights and optimiser state in safetensors files, each written whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Size, Tensor, nn

from engine.errors import LayerloomError
from engine.files import bring_to_disk, is_file, is_there
from engine.recipe.optimisation import fitting_moments
from engine.recipe.recipe import Recipe
from engine.training.keeping import Checkpoint
from engine.training.position import Position

_OPTIMISER, _AVERAGE = "@", "="  # no parameter's name starts so: names of layers are letters, digits and _
_POSITION = "position"
_OS_ERROR = re.compile(r"os error (\d+)")


def save_weights(path: Path, model: nn.Module) -> None:
    """Write the state dict of ``model``; raises ``OSError`` when there is no room, and leaves what was there."""
    _save(path, model.state_dict(), {})


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write weights, optimiser state and position into one file; raises ``OSError`` like `save_weights`."""
    moments = {
        f"{_OPTIMISER}{index}.{name}": value
        for index, entry in checkpoint.moments.items()
        for name, value in entry.items()
    }
    averages = {f"{_AVERAGE}{name}": value for name, value in checkpoint.averages.items()}
    _save(path, {**checkpoint.weights, **moments, **averages}, {_POSITION: checkpoint.position.to_text()})


def load_weights(path: Path) -> dict[str, Tensor]:
    """The state dict in a file, on the CPU; raises `LayerloomError` for one that is damaged or not there.

    Where a training averages its weights, it is that of the averages. Weights that are not finite, as failed trainings
    left them once, are refused too.
    """
    weights, averages = _load_weights(path)
    return averages or weights


def _load_weights(path: Path) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The weights that learn, and the averages of them, if there are any."""
    with _opened(path) as file:
        found = {name: file.get_tensor(name) for name in file.keys() if not name.startswith(_OPTIMISER)}  # noqa: SIM118
    if not all(bool(value.isfinite().all()) for value in found.values()):
        raise LayerloomError(f"The weights in {path} are not finite numbers: its training failed. Train again.")
    averages = {name.removeprefix(_AVERAGE): found.pop(name) for name in list(found) if name.startswith(_AVERAGE)}
    return found, averages


def load_position(path: Path) -> Position:
    """How far the training of a checkpoint is; raises `LayerloomError`."""
    with _opened(path) as file:
        try:
            return Position.from_text((file.metadata() or {})[_POSITION])
        except (KeyError, ValueError):
            raise _nothing_to_go_on_with(path) from None


def load_checkpoint(path: Path, model: nn.Module, recipe: Recipe) -> Checkpoint:
    """All that a training of ``model`` needs to go on; where the optimiser is another one now, it starts afresh.

    Raises `LayerloomError` like `load_position`, and where the file does not fit ``model``.
    """
    position, (weights, averages) = load_position(path), _load_weights(path)
    fitting = _shapes(model.state_dict())
    if _shapes(weights) != fitting or (averages and _shapes(averages) != fitting):
        raise LayerloomError(f"The weights in {path} do not fit its network.")
    try:
        moments = fitting_moments(_load_moments(path), model, recipe)
    except ValueError:
        raise _nothing_to_go_on_with(path) from None
    return Checkpoint(weights, moments, position, averages)


def _load_moments(path: Path) -> dict[int, dict[str, Tensor]]:
    """The optimiser's tensors by parameter; raises ``ValueError`` where one names none."""
    moments: dict[int, dict[str, Tensor]] = {}
    with _opened(path) as file:
        for key in file.keys():  # noqa: SIM118 - the file is no mapping
            if key.startswith(_OPTIMISER):
                index, _, name = key.removeprefix(_OPTIMISER).partition(".")
                moments.setdefault(int(index), {})[name] = file.get_tensor(key)
    return moments


def _shapes(weights: Mapping[str, Tensor]) -> dict[str, Size]:
    return {name: value.shape for name, value in weights.items()}


def _nothing_to_go_on_with(path: Path) -> LayerloomError:
    return LayerloomError(f"{path} holds weights, but no training to go on with.")


def _save(path: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str]) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.touch()
        mode = part.stat().st_mode  # safetensors lets nobody else read its files; here the user's own rule decides
        save_file({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, part, metadata)
        part.chmod(mode)
        bring_to_disk(part)
        part.replace(path)
    except SafetensorError as error:
        raise _as_os_error(error) from error
    finally:
        part.unlink(missing_ok=True)


def _as_os_error(error: SafetensorError) -> OSError:
    """What the system said, which safetensors hands on as text: "I/O error: No space … (os error 28)"."""
    number = _OS_ERROR.search(str(error))
    return OSError(int(number[1]), os.strerror(int(number[1]))) if number else OSError(str(error))


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    if is_there(path) and not is_file(path):  # a named pipe would be waited for
        raise LayerloomError(f"{path} is damaged and cannot be read.")
    try:
        with safe_open(path, framework="pt") as file:
            yield file
    except FileNotFoundError:
        raise LayerloomError(f"There is no file {path}.") from None
    except (SafetensorError, OSError) as error:
        raise LayerloomError(f"{path} is damaged and cannot be read.") from error


def link_or_copy(source: Path, target: Path) -> None:
    """Let ``target`` hold what ``source`` holds, without the bytes twice where the file system can."""
    part = target.with_name(f".{target.name}.part")
    try:
        try:
            part.hardlink_to(source)
        except OSError:  # a file system without hard links
            part.write_bytes(source.read_bytes())
            bring_to_disk(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
