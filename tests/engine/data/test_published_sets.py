"""The published sets: what they say of themselves, and their formats, held against torchvision's readers."""

import gzip
import inspect
import io
import pickle
import struct
import subprocess
import sys
import tarfile

import numpy as np
import pytest
from published_files import MADE, TEST, idx, pickled, tar, written
from scipy.io import loadmat, savemat

from engine.data.published import Published
from engine.data.published_formats import cifar_images, idx_images, stl10_images, svhn_images
from engine.data.published_sets import CIFAR10, CIFAR100, MNIST, STL10, SVHN, FashionMNIST
from engine.data.source import SOURCES
from engine.torchvision_compat import torchvision

KINDS = [kind for kind in SOURCES.values() if issubclass(kind, Published) and kind.files]


def test_all_sources_are_listed_in_their_order():
    names = ["digits", "mnist", "fashion_mnist", "cifar10", "cifar100", "svhn", "stl10", "folder", "imagenet"]
    code = "from engine.registries import SOURCES; print(*SOURCES)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split() == names
    assert set(KINDS) == set(MADE)


@pytest.mark.parametrize(
    ("kind", "images", "tests", "megabytes"),
    [
        (MNIST, 70_000, 10_000, 12),
        (FashionMNIST, 70_000, 10_000, 31),
        (CIFAR10, 60_000, 10_000, 170),
        (CIFAR100, 60_000, 10_000, 169),
        (SVHN, 99_289, 26_032, 246),
        (STL10, 13_000, 8_000, 2640),
    ],
)
def test_what_is_known_of_each_is_what_was_published(kind, images, tests, megabytes):
    known = kind().known
    assert (known.images, known.test, round(known.download_bytes / 1e6)) == (images, tests, megabytes)
    assert len(set(known.classes)) == len(known.classes) == len(known.counts)


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_speaks_https_is_asked_first(kind):
    for file in kind.files:
        assert file.folders[0].startswith("https://")
        assert all(folder.startswith(("https://", "http://")) and folder.endswith("/") for folder in file.folders)


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_files_of_a_set_have_one_size(kind):
    assert len({file.size for file in kind.files}) == len(kind.files)


def torchvisions(kind):
    """Name and checksum of each file, as torchvision's reader of the set has them."""
    reader = getattr(torchvision().datasets, kind.__name__)
    if hasattr(reader, "resources"):
        return reader.resources
    if hasattr(reader, "split_list"):
        return [reader.split_list[split][1:] for split in ("train", "test")]
    return [(reader.filename, reader.tgz_md5)]


@pytest.mark.parametrize("kind", KINDS)
def test_names_and_checksums_are_those_of_torchvision(kind):
    assert [(file.name, file.md5) for file in kind.files] == [tuple(found) for found in torchvisions(kind)]


@pytest.mark.parametrize("kind", KINDS)
def test_each_format_is_read(kind, tmp_path):
    parts = MADE[kind]()[1]
    raw = kind().read(written(kind, tmp_path))
    assert np.array_equal(raw.pixels, np.concatenate([pixels for pixels, _ in parts]))
    assert np.array_equal(raw.labels, np.concatenate([labels for _, labels in parts]))
    assert raw.pixels.dtype == np.uint8
    assert raw.labels.dtype == np.int64
    assert raw.tests == TEST
    assert raw.pixels.shape[1:] == tuple(kind.shape)
    assert raw.pixels.flags.c_contiguous


def as_torchvision_reads(kind, place, monkeypatch):
    """Pixels and labels of both parts by torchvision's reader, which takes the files that are there as they are."""
    reader = getattr(torchvision().datasets, kind.__name__)
    raw = place / kind.__name__ / "raw"
    raw.mkdir(parents=True)
    for path in written(kind, place):
        if path.name.endswith(".tar.gz"):
            with tarfile.open(path) as archive:
                archive.extractall(place, filter="data")
        elif path.suffix == ".gz":
            (raw / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    for check in ("_check_integrity", "_check_exists", "_load_meta"):
        monkeypatch.setattr(reader, check, lambda _: True, raising=False)
    by_split = "split" in inspect.signature(reader).parameters
    splits = ("train", "test")
    parts = [reader(place, **({"split": split} if by_split else {"train": split == "train"})) for split in splits]
    labels = np.concatenate([np.asarray(part.labels if by_split else part.targets) for part in parts])
    return np.concatenate([channels_first(np.asarray(part.data)) for part in parts]), labels


def channels_first(pixels):
    if pixels.ndim == 3:
        return pixels[:, None]
    return pixels if pixels.shape[1] == 3 else pixels.transpose(0, 3, 1, 2)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_is_read_as_by_torchvision(kind, tmp_path, monkeypatch):
    (tmp_path / "theirs").mkdir()
    pixels, labels = as_torchvision_reads(kind, tmp_path / "theirs", monkeypatch)
    raw = kind().read(written(kind, tmp_path))
    assert np.array_equal(raw.pixels, pixels)
    assert np.array_equal(raw.labels, labels)


# Files of another content


def test_a_pickle_that_names_anything_else_is_refused(tmp_path):
    class Bomb:
        def __reduce__(self):
            return print, ("this would run",)

    members = {"a": pickled({"data": np.zeros((1, 3072), np.uint8), "labels": [0]}), "b": pickle.dumps(Bomb(), 2)}
    (tmp_path / "archive.tar.gz").write_bytes(tar(members))
    with pytest.raises(ValueError, match=r"it names __builtin__.print, which is no array"):
        cifar_images(tmp_path / "archive.tar.gz", ["a"], test="b", labels="labels")


def test_nothing_of_an_archive_is_written_to_the_disk(tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    contents, _ = MADE[STL10]()
    with tarfile.open(fileobj=io.BytesIO(contents[0])) as archive:
        members = {name: archive.extractfile(name).read() for name in archive.getnames()}
    outside = {"../outside": b"1", "/outside": b"2", "stl10_binary/../../outside": b"3"}
    (place / "archive.tar.gz").write_bytes(tar(outside | members))
    stl10_images(place / "archive.tar.gz")
    assert [path.name for path in tmp_path.rglob("*")] == ["place", "archive.tar.gz"]


def test_a_link_in_an_archive_is_no_file(tmp_path):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        link = tarfile.TarInfo("stl10_binary/train_X.bin")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    (tmp_path / "archive.tar.gz").write_bytes(stream.getvalue())
    with pytest.raises(ValueError, match=r"archive.tar.gz has no stl10_binary/train_X.bin"):
        stl10_images(tmp_path / "archive.tar.gz")


def test_a_member_that_swells_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.data.published_formats._MOST", 1000)
    (path,) = written(STL10, tmp_path)
    with pytest.raises(ValueError, match=r"stl10_binary/test_X.bin would take \d+ bytes"):
        stl10_images(path)
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte.gz would take \d+ bytes"):
        idx_images(*written(MNIST, tmp_path))


@pytest.mark.parametrize("content", [b"", b"\0\0\x0d\3" + bytes(12), b"\0\0\x08\1\0\0\0\x09abc"])
def test_an_array_that_is_none_is_refused(tmp_path, content):
    paths = written(MNIST, tmp_path)
    paths[0].write_bytes(gzip.compress(content))
    with pytest.raises((ValueError, struct.error)):
        idx_images(*paths)


def test_labels_that_are_too_few_are_refused(tmp_path):
    paths = written(MNIST, tmp_path)
    paths[1].write_bytes(idx(np.zeros(3, np.uint8)))
    with pytest.raises(ValueError, match="there are 19 images of uint8 and 10 labels"):
        idx_images(*paths)


def test_pixels_that_are_no_bytes_are_refused(tmp_path):
    paths = written(SVHN, tmp_path)
    for path in paths:
        found = loadmat(path)
        savemat(path, {"X": found["X"].astype(np.uint16), "y": found["y"]})
    with pytest.raises(ValueError, match="images of uint16"):
        svhn_images(*paths)
