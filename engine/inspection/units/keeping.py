"""What was found about units, kept with the run in its folder ``inside/``: a file a layer, part and weights.

A file is a safetensors file of the arrays of `Answers`, and says in its header what it is of: layer, part, and what the
weights and the images are known by. One that is damaged, or of something else, is not read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from engine.data.loaded import LoadedData
from engine.errors import LayerloomError
from engine.files import as_file_name, is_file, is_there, reason_of, write_whole
from engine.inspection.lens import Lens
from engine.inspection.units.answers import TOP, Answers, PerImage, Top, grid_of
from engine.inspection.units.histogram import BINS
from engine.layers.shape import Shape

FOLDER = "inside"

_VERSION = 1
_TOPS: tuple[PerImage, ...] = ("one", "any")
_LONGEST_NAME = 60
_TOLD = ("node", "part", "images", "of", "grid", "classes", "tops")  # fields of answers that are no arrays


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files about some images of a ``part``, of which there are ``of``, and some weights, in a ``folder``."""

    folder: Path
    part: str
    of: int
    classes: tuple[str, ...]
    known_by: tuple[str, str]
    """What the images and the weights are known by."""

    @classmethod
    def of_images(cls, lens: Lens, data: LoadedData, part: str, chosen: NDArray[np.int64]) -> Shelf | None:
        """The one of the run of a lens, for images at some positions of a part; None without a run, or if altered."""
        if lens.folder is None or lens.alteration:
            return None
        split = data.splits[part]
        known_by = _images_mark(data, split.indices[chosen], split.targets.strata[chosen]), _weights_mark(lens)
        return cls(lens.folder.path / FOLDER, part, len(split), split.targets.classes, known_by)

    def file(self, node: str) -> Path:
        """Where the answers of a node are kept."""
        mark = hashlib.sha256(self._header(node).encode()).hexdigest()[:16]
        return self.folder / f"{as_file_name(node)[:_LONGEST_NAME]}-{mark}.safetensors"

    def find(self, node: str, output: Shape) -> Answers | None:
        """The answers of a node that gives ``output``; None where none are kept.

        Raises `LayerloomError` for a file that is damaged, or that is of something else.
        """
        file = self.file(node)
        try:
            return self._answers(node, output, *self._read(file, node)) if is_there(file) else None
        except (SafetensorError, ValueError, KeyError) as error:
            raise LayerloomError(f"{file} is damaged and was searched anew: {_reason(error)}.") from error
        except OSError as error:
            raise LayerloomError(f"{file} cannot be read: {reason_of(error)}.") from error

    def keep(self, answers: Answers) -> str:
        """Keep the answers of a node; a sentence if that does not work, else ""."""
        file = self.file(answers.node)
        arrays = {name: np.ascontiguousarray(array) for name, array in _arrays(answers)}
        try:
            self.folder.mkdir(exist_ok=True)
            told = {"of": self._header(answers.node), "images": str(answers.images), "mark": _mark(arrays)}
            write_whole(file, save(arrays, told))
        except OSError as error:
            return f"What was found could not be kept in {file}: {reason_of(error)}."
        return ""

    def _read(self, file: Path, node: str) -> tuple[dict[str, NDArray[Any]], int]:
        """The arrays in a file, and of how many images they are; raises ``ValueError`` for another one."""
        if not is_file(file):  # a pipe would be waited for
            raise ValueError("it is no file")
        with safe_open(file, framework="np") as opened:
            told = opened.metadata() or {}
            if told.get("of") != self._header(node):
                raise ValueError("it says that it is of something else")
            arrays = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - it is no mapping
        if told["mark"] != _mark(arrays):
            raise ValueError("its numbers are not those that were kept")
        return arrays, int(told["images"])

    def _header(self, node: str) -> str:
        images, weights = self.known_by
        return json.dumps({"version": _VERSION, "layer": node, "part": self.part, "images": images, "weights": weights})

    def _answers(self, node: str, output: Shape, arrays: dict[str, NDArray[Any]], images: int) -> Answers:
        """The answers that arrays hold; raises ``ValueError`` or ``KeyError`` where they are not whole."""
        grid = grid_of(output)
        _require_names(arrays)
        tops = {kind: Top(*(arrays.pop(f"{kind}.{field}") for field in Top.__slots__)) for kind in _TOPS}
        others: dict[str, Any] = dict(arrays)
        found = Answers(
            node=node, part=self.part, images=images, of=self.of, grid=grid, classes=self.classes, tops=tops, **others
        )
        _require_whole(found, units=output[0], classes=max(1, len(self.classes)))
        return found


def _arrays(answers: Answers) -> Iterator[tuple[str, NDArray[Any]]]:
    """All arrays by the names that they have in a file."""
    for name in Answers.__slots__:
        if isinstance(array := getattr(answers, name), np.ndarray):
            yield name, array
    for kind, top in answers.tops.items():
        yield from ((f"{kind}.{field}", getattr(top, field)) for field in Top.__slots__)


def _require_names(arrays: Collection[str]) -> None:
    """Raise ``ValueError`` unless all arrays of a file are there, and no others."""
    named = {field.name for field in fields(Answers) if field.name not in _TOLD}
    named |= {f"{kind}.{field.name}" for kind in _TOPS for field in fields(Top)}
    if set(arrays) != named:
        raise ValueError("it has other arrays than are needed")


def _require_whole(answers: Answers, *, units: int, classes: int) -> None:
    """Raise ``ValueError`` where an array has another size or type, or names an image or a cell that is not there."""
    shapes = {"class_means": (units, classes), "class_images": (classes,)}
    shapes["counts"] = (units, classes if answers.counts.shape[1:2] == (classes,) else 1, BINS)
    types = {"highest": "f4", "lowest": "f4", "counts": "i4", "class_images": "i8"}
    for name, array in _arrays(answers):
        kind, _, field = name.rpartition(".")
        shape = (units, TOP) if kind else shapes.get(name, (units,))
        dtype = types.get(name, "f8") if not kind else "f4" if field == "values" else "i8"
        if array.shape != shape or array.dtype != dtype:
            raise ValueError(f"{name} is {array.dtype} of {array.shape}")
    if not 0 < answers.images <= answers.of:
        raise ValueError(f"it is of {answers.images} images")
    for top in answers.tops.values():
        for places, most in ((top.images, answers.of), (top.rows, answers.grid[0]), (top.columns, answers.grid[1])):
            if (places < -1).any() or (places >= most).any():
                raise ValueError("it names a place that is not there")


def _reason(error: Exception) -> str:
    return str(error).rstrip(".") if isinstance(error, ValueError) else "it is not whole"


def _images_mark(data: LoadedData, indices: NDArray[np.int64], strata: NDArray[np.int64]) -> str:
    """What images, and what the network gets of them, are known by."""
    normalisation = data.normalisation
    told: list[Any] = [data.title, tuple(data.shape), normalisation.mean, normalisation.std, data.classes]
    told += [[data.names[index] for index in indices.tolist()], strata.tolist()]
    told += [[data.fingerprints[index] for index in indices.tolist()] if data.fingerprints else ""]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _weights_mark(lens: Lens) -> str:
    """What the weights are known by."""
    return _mark({name: value.detach().cpu().numpy() for name, value in lens.module.state_dict().items()})


def _mark(arrays: Mapping[str, NDArray[Any]]) -> str:
    """What arrays, by name, are known by."""
    mark = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        mark.update(f"{name} {array.dtype} {array.shape}".encode())
        mark.update(np.ascontiguousarray(array).data)
    return mark.hexdigest()
