"""A folder that was looked through is not looked through again, as long as no file of it has changed."""

import os
import threading

import pytest
from image_files import make_folder

from engine.data import folder as folders
from engine.data.beginnings import state_of
from engine.data.copies import copies_of
from engine.data.folder import scan_folder
from engine.data.indexed import Indexed
from engine.data.progress import CancelledError


@pytest.fixture
def looked(tmp_path, monkeypatch):
    """A folder whose files changed long ago, as far as that can be told, and the files that were opened."""
    place = make_folder(tmp_path / "data", {"cats": 3, "dogs": 3})
    monkeypatch.setattr("engine.data.indexed._COARSEST", -(10**12))
    opened, look = [], folders.look
    monkeypatch.setattr(folders, "look", lambda path: opened.append(path.name) or look(path))
    monkeypatch.setattr(folders, "_INDEXED", Indexed())
    return place, opened


def test_who_asks_again_gets_the_same_without_a_file_being_opened(looked):
    place, opened = looked
    before = scan_folder(place)
    assert len(opened) == 6
    assert scan_folder(place) == before
    assert len(opened) == 6


def damage(file):
    """Write into a file without changing its size, nor the time of the last change that it bears."""
    found = file.stat()
    file.write_bytes(b"x" * found.st_size)
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))


@pytest.mark.parametrize(
    ("change", "images", "unreadable"),
    [
        (damage, 5, 1),
        (lambda file: file.write_bytes(b""), 5, 1),
        (lambda file: file.unlink(), 5, 0),
        (lambda file: file.rename(file.with_name("z.png")), 6, 0),
        (lambda file: file.write_bytes((file.parents[1] / "dogs" / "001.png").read_bytes()), 6, 0),
        (lambda file: (file.parent / "new.png").write_bytes(file.read_bytes()), 7, 0),
    ],
)
def test_whatever_happens_to_a_file_is_seen(looked, change, images, unreadable):
    place, _ = looked
    scan_folder(place)
    change(place / "cats" / "001.png")
    found = scan_folder(place)
    assert (len(found.images), len(found.unreadable)) == (images, unreadable)
    assert found.copies() == copies_of(found.files)


def test_what_changed_a_moment_ago_is_looked_at_again(looked, monkeypatch):
    place, opened = looked
    monkeypatch.setattr("engine.data.indexed._COARSEST", 2_000_000_000)
    for _ in range(2):
        scan_folder(place)
    assert len(opened) == 12


def test_one_file_that_changed_a_moment_ago_has_all_looked_at_again(looked, monkeypatch):
    place, opened = looked
    fresh = place / "cats" / "001.png"
    monkeypatch.setattr("engine.data.indexed._COARSEST", 0)
    latest = fresh.stat().st_ctime_ns
    monkeypatch.setattr("time.time_ns", lambda: latest)  # all others were written before
    fresh.touch()
    for _ in range(2):
        scan_folder(place)
    assert len(opened) == 12


def test_another_folder_with_as_many_files_is_another(looked, tmp_path):
    place, _ = looked
    other = make_folder(tmp_path / "other", {"owls": 4, "cows": 2})
    assert [scan_folder(folder).path for folder in (place, other, place)] == [place, other, place]


def test_the_same_files_read_otherwise_are_asked_for_anew(looked):
    place, _ = looked
    images = scan_folder(place).images
    renamed = [image._replace(owner=f"{image.owner} of today") for image in images]
    assert folders.gather(place, renamed).owners == ("cats of today", "dogs of today")


def test_two_threads_look_through_a_folder_once(looked):
    place, opened = looked
    threads = [threading.Thread(target=scan_folder, args=(place,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 6


def test_who_waits_for_another_can_call_it_off(looked):
    place, _ = looked
    with folders._INDEXED.alone(None), pytest.raises(CancelledError):
        scan_folder(place, progress=lambda progress: progress.task != "Checking files")
    assert len(scan_folder(place).images) == 6


@pytest.mark.parametrize(("seconds", "trusted"), [(3, True), (1, False), (-5, False)])
def test_files_are_trusted_that_had_rested_when_looking_began(tmp_path, seconds, trusted):
    file = tmp_path / "a.png"
    file.write_bytes(b"some")
    state, index = state_of(str(file)), Indexed()
    index.keep(1, [state], "found", began=state.changed + seconds * 10**9)
    assert index.recalled(1, [str(file)]) == ("found" if trusted else None)
