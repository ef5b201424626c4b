"""Tiny files in the formats of the published sets, and sources that consist of them."""

from __future__ import annotations

import gzip
import hashlib
import io
import pickle
import struct
import tarfile
from pathlib import Path

import numpy as np
from scipy.io import savemat

from engine.data.published import PublishedFile
from engine.data.published_sets import CIFAR10, CIFAR100, MNIST, STL10, SVHN, FashionMNIST

TRAIN, TEST = 12, 7


def drawn(count, *shape, seed):
    return np.random.default_rng(seed).integers(0, 256, (count, *shape), np.uint8)


def idx(array):
    return gzip.compress(struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes(), mtime=0)


def idx_files():
    files, parts = [], []
    for count, seed in ((TRAIN, 1), (TEST, 2)):
        pixels, labels = drawn(count, 28, 28, seed=seed), np.arange(count, dtype=np.uint8) % 10
        files += [idx(pixels), idx(labels)]
        parts.append((pixels[:, None], labels))
    return files, parts


class _AsPython2(pickle._Pickler):
    """Writes bytes as the texts of Python 2, in which CIFAR's batches were pickled."""

    dispatch = pickle._Pickler.dispatch.copy()

    def save_bytes(self, value):
        self.write(b"T" + struct.pack("<i", len(value)) + value)

    dispatch[bytes] = save_bytes

    def save_global(self, value, name=None):
        module = (value.__module__ or "").replace("numpy._core", "numpy.core")
        self.write(f"c{module}\n{value.__name__}\n".encode())


def pickled(value):
    stream = io.BytesIO()
    _AsPython2(stream, protocol=2).dump(value)
    return stream.getvalue()


def tar(members):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return gzip.compress(stream.getvalue(), mtime=0)


def cifar_files(folder, train, test, key, classes):
    members, parts = {f"{folder}/readme.html": b"<html>"}, []
    for seed, name in enumerate((*train, test)):
        count = TEST if name == test else TRAIN // len(train) or 1
        pixels, labels = drawn(count, 3072, seed=seed), [(7 * n + seed) % classes for n in range(count)]
        members[f"{folder}/{name}"] = pickled({"batch_label": "one", key: labels, "data": pixels})
        parts.append((pixels.reshape(-1, 3, 32, 32), np.array(labels)))
    return [tar(members)], parts


def svhn_files():
    files, parts = [], []
    for count, seed in ((TRAIN, 1), (TEST, 2)):
        pixels, labels = drawn(count, 3, 32, 32, seed=seed), np.arange(count) % 10
        stream = io.BytesIO()
        y = np.where(labels == 0, 10, labels).astype(np.uint8)[:, None]
        savemat(stream, {"X": pixels.transpose(2, 3, 1, 0), "y": y}, do_compression=True)
        files.append(b"MATLAB 5.0 MAT-file".ljust(116) + stream.getvalue()[116:])  # else it has the time in it
        parts.append((pixels, labels))
    return files, parts


def stl10_files():
    members, parts = {}, []
    for name, count, seed in (("test", TEST, 2), ("train", TRAIN, 1)):
        pixels, labels = drawn(count, 3, 96, 96, seed=seed), np.arange(count) % 10
        members[f"stl10_binary/{name}_X.bin"] = pixels.transpose(0, 1, 3, 2).tobytes()  # each channel by columns
        members[f"stl10_binary/{name}_y.bin"] = (labels + 1).astype(np.uint8).tobytes()
        parts.insert(0, (pixels, labels))
    members["stl10_binary/unlabeled_X.bin"] = bytes(100)
    return [tar(members)], parts


MADE = {
    MNIST: idx_files,
    FashionMNIST: idx_files,
    CIFAR10: lambda: cifar_files(
        "cifar-10-batches-py", [f"data_batch_{n}" for n in range(1, 6)], "test_batch", "labels", 10
    ),
    CIFAR100: lambda: cifar_files("cifar-100-python", ["train"], "test", "fine_labels", 100),
    SVHN: svhn_files,
    STL10: stl10_files,
}
"""For each set what makes its files, with pixels and labels of its parts, the last one its test images."""


def small(kind, *folders, contents=None):
    """A set of the same kind whose files are these, at those addresses; nobody else knows it."""
    contents = contents or MADE[kind]()[0]
    files = tuple(
        PublishedFile(file.name, len(content), hashlib.md5(content, usedforsecurity=False).hexdigest(), folders)
        for file, content in zip(kind.files, contents, strict=True)
    )
    return type(f"Small{kind.__name__}", (kind,), {"files": files, "__module__": kind.__module__})()


def written(kind, place: Path, contents=None):
    """Its files in a folder."""
    paths = [place / file.name for file in kind.files]
    for path, content in zip(paths, contents or MADE[kind]()[0], strict=True):
        path.write_bytes(content)
    return paths
