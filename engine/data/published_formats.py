"""The formats that published sets come in; nothing is unpacked onto the disk.

All raise `ValueError`, or what the libraries raise, for files of another content. Of an archive only the members that
are asked for are read, into memory and up to a limit, so that no name in it leads anywhere and nothing swells.
"""

from __future__ import annotations

import gzip
import io
import math
import pickle
import struct
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.images import Pixels
from engine.data.published import RawImages

_MOST = 2**29
"""Bytes of the largest member that is read: more than twice the largest of a published set."""


def idx_images(pixels: Path, labels: Path, test_pixels: Path, test_labels: Path) -> RawImages:
    """Images of MNIST's files, each compressed by gzip (http://yann.lecun.com/exdb/mnist/)."""
    train, test = (_idx(pixels), _idx(labels)), (_idx(test_pixels), _idx(test_labels))
    return _joined([(images[:, None], numbers) for images, numbers in (train, test)])


def cifar_images(archive: Path, train: Sequence[str], *, test: str, labels: str) -> RawImages:
    """Images of the Python version of CIFAR-10 or -100, whose batches are pickled dictionaries.

    ``labels`` is the key of the class numbers. (https://www.cs.toronto.edu/~kriz/cifar.html)
    """
    members = _members(archive, [*train, test])
    batches = [_ArraysAlone(io.BytesIO(members[name]), encoding="latin1").load() for name in (*train, test)]
    parts = [(batch["data"].reshape(-1, 3, 32, 32), batch[labels]) for batch in batches]
    return _joined(parts)


def svhn_images(train: Path, test: Path) -> RawImages:
    """Images of the cropped digits of SVHN: MATLAB files with X ``(32, 32, 3, N)`` and y, in which 10 is the digit 0.

    (http://ufldl.stanford.edu/housenumbers/)
    """
    from scipy.io import loadmat

    found = [loadmat(path, variable_names=("X", "y")) for path in (train, test)]
    return _joined([(one["X"].transpose(3, 2, 0, 1), one["y"].astype(np.int64).ravel() % 10) for one in found])


def stl10_images(archive: Path) -> RawImages:
    """The labelled images of STL-10: bytes of 3 channels, each column by column; classes count from 1.

    (https://cs.stanford.edu/~acoates/stl10/)
    """
    names = [f"stl10_binary/{part}_{kind}.bin" for part in ("train", "test") for kind in ("X", "y")]
    values = [np.frombuffer(content, np.uint8) for content in _members(archive, names).values()]
    parts = zip(values[::2], values[1::2], strict=True)
    return _joined([(x.reshape(-1, 3, 96, 96).transpose(0, 1, 3, 2), y.astype(np.int64) - 1) for x, y in parts])


def _joined(parts: Sequence[tuple[Pixels, Any]]) -> RawImages:
    """The parts of a set, of which the last one is its test images, in one line."""
    pixels = np.ascontiguousarray(np.concatenate([pixels for pixels, _ in parts]))
    labels = np.concatenate([np.asarray(labels, np.int64) for _, labels in parts])
    if pixels.dtype != np.uint8 or len(pixels) != len(labels):
        raise ValueError(f"there are {len(pixels)} images of {pixels.dtype} and {len(labels)} labels")
    return RawImages(pixels, labels, len(parts[-1][1]))


def _idx(path: Path) -> NDArray[np.uint8]:
    """An array of bytes: two zero bytes, the type 8, the number of axes, their sizes, and the values."""
    with gzip.open(path) as file:
        zero, kind, axes = struct.unpack(">HBB", file.read(4))
        if (zero, kind) != (0, 8):
            raise ValueError(f"{path.name} is no array of bytes")
        shape = struct.unpack(f">{axes}I", file.read(4 * axes))
        return np.frombuffer(_exactly(file.read, math.prod(shape), path.name), np.uint8).reshape(shape)


def _members(path: Path, names: Sequence[str]) -> dict[str, bytes]:
    """The content of some files of an archive, in the order of ``names``; what comes after the last is not read."""
    found: dict[str, bytes] = {}
    with tarfile.open(path, "r|gz") as archive:
        for member in archive:
            if member.isreg() and member.name in names and (file := archive.extractfile(member)):
                found[member.name] = _exactly(file.read, member.size, member.name)
            if len(found) == len(names):
                return {name: found[name] for name in names}
    raise ValueError(f"{path.name} has no {next(name for name in names if name not in found)}")


def _exactly(read: Callable[[int], bytes], size: int, name: str) -> bytes:
    if size > _MOST:
        raise ValueError(f"{name} would take {size} bytes")
    content = read(size)
    if len(content) < size:
        raise ValueError(f"{name} is cut short")
    return content


class _ArraysAlone(pickle.Unpickler):
    """Reads numbers, texts, lists, dictionaries and arrays; whatever else a pickle names is refused, not imported."""

    def find_class(self, module: str, name: str) -> Any:
        known = {
            ("numpy", "ndarray"): np.ndarray,
            ("numpy", "dtype"): np.dtype,
            ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
        }
        if (module, name) not in known:
            raise ValueError(f"it names {module}.{name}, which is no array")
        return known[module, name]
