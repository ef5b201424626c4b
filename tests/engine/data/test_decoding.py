"""Folders of files decoded whole: what can be read is found, and remembered where files stay on the disk."""

import os
import shutil

import pytest
from image_files import make_folder

from engine.data.decoding import check_all, read_all
from engine.data.folder import scan_folder
from engine.data.images import read_image
from engine.data.progress import CancelledError
from engine.layers import Shape

SHAPE = Shape(3, 8, 8)


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "pets", {"cats": 300, "dogs": 10})


def cut(file):
    file.write_bytes(file.read_bytes()[:-60])


def spoil(file):
    """Damage a file so that it looks as before from outside."""
    before = file.stat()
    file.write_bytes(b"\0" * before.st_size)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def checked(folder):
    seen = []
    found = check_all(scan_folder(folder), SHAPE, progress=lambda progress: seen.append(progress))
    return found, seen


def test_what_cannot_be_read_is_left_out_with_its_reason(folder):
    cut(folder / "cats" / "007.png")
    cut(folder / "dogs" / "000.png")
    scanned = scan_folder(folder)
    pixels, kept = read_all(scanned, SHAPE, progress=None)
    assert len(kept.files) == len(pixels) == 308
    for place in (0, 6, 7, 298, 299, 307):
        assert (pixels[place] == read_image(kept.files[place], SHAPE)).all()
    assert [(bad.path.name, bad.reason) for bad in kept.unreadable] == [
        ("007.png", "it is damaged"),
        ("000.png", "it is damaged"),
    ]
    on_disk, _ = checked(folder)
    assert (on_disk.files, on_disk.classes, on_disk.unreadable) == (kept.files, kept.classes, kept.unreadable)
    assert (on_disk.labels == kept.labels).all()


def test_a_file_that_was_read_once_is_read_again_only_when_it_has_changed(folder):
    first, seen = checked(folder)
    assert [(step.task, step.done, step.total) for step in seen] == [
        ("Checking images", 0, 310),
        ("Checking images", 256, 310),
    ]
    shutil.copy(folder / "dogs" / "003.png", folder / "cats" / "new.png")
    again, seen = checked(folder)
    assert [step.total for step in seen] == [1]
    assert len(again.files) == 311
    spoil(folder / "dogs" / "004.png")  # nobody can tell without reading it
    same = check_all(first, SHAPE, progress=None)
    assert same.files == first.files
    os.utime(folder / "dogs" / "004.png")
    assert len(check_all(first, SHAPE, progress=None).files) == len(first.files) - 1


def test_a_file_that_could_not_be_read_is_tried_again(folder):
    cut(folder / "cats" / "007.png")
    scanned = scan_folder(folder)
    seen = []
    for _ in range(2):
        assert len(check_all(scanned, SHAPE, progress=lambda step: seen.append(step.total)).files) == 309
    assert seen == [310, 310, 1]
    shutil.copy(folder / "cats" / "008.png", folder / "cats" / "007.png")
    assert len(check_all(scanned, SHAPE, progress=None).files) == 310


@pytest.mark.parametrize("memory", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_a_damaged_memory_only_means_that_all_is_read_again(folder, memory, tmp_path):
    checked(folder)
    (kept,) = (tmp_path / "xdg_cache_home").rglob("checked/*.json")
    kept.write_bytes(memory)
    found, seen = checked(folder)
    assert len(found.files) == 310
    assert seen[0].total == 310


def test_checking_can_be_called_off_and_begins_again(folder):
    with pytest.raises(CancelledError):
        check_all(scan_folder(folder), SHAPE, progress=lambda progress: progress.done == 0)
    assert checked(folder)[1][0].total == 310


def test_a_file_that_goes_meanwhile_is_left_out(folder):
    scanned = scan_folder(folder)
    (folder / "dogs" / "004.png").unlink()
    assert len(check_all(scanned, SHAPE, progress=None).files) == 309
    assert [bad.reason for bad in check_all(scanned, SHAPE, progress=None).unreadable] == ["there is no such file"]
