"""A checkpoint is on the disk before it takes the place of the one before."""

import operator
import os
from pathlib import Path

import pytest
from small_training import settings, small_network

from engine.data.settings import DataSettings
from engine.project import Project
from engine.runs.checkpoints import link_or_copy
from engine.runs.session import run_project

HEADER = 4096  # bytes in which a file says what is where


@pytest.fixture
def done(monkeypatch):
    """What is brought to disk and renamed, in order, by file number: a file has the same one under both names."""
    found = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(descriptor):
        found.append(("synced", os.fstat(descriptor).st_ino, os.fstat(descriptor).st_size))
        fsync(descriptor)

    def note_replace(self, target):
        found.append(("renamed", self.stat().st_ino, Path(target).name))
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    return found


def test_every_checkpoint_is_brought_to_disk_whole_before_it_gets_its_name(tmp_path, done):
    list(run_project(Project(small_network(), DataSettings(), settings(epochs=2)), tmp_path / "run"))
    renamed = [(place, number, name) for place, (what, number, name) in enumerate(done) if what == "renamed"]
    kept = {name for _, _, name in renamed if name.endswith(".safetensors")}
    assert kept == {"last.safetensors", "best.safetensors", "epoch_001.safetensors", "epoch_002.safetensors"}
    for place, number, name in renamed:
        sizes = [size for what, other, size in done[:place] if what == "synced" and other == number]
        assert sizes, name
        assert sizes[-1] > 0


def test_an_epoch_costs_two_files_with_its_weights_and_one_state_of_the_optimiser(tmp_path, done):
    """However many went before; what else a run writes it writes once."""
    costs, sizes = [], []
    for epochs in (1, 2, 5):
        run = tmp_path / str(epochs)
        list(run_project(Project(small_network(), DataSettings(), settings(epochs=epochs, optimiser="adam")), run))
        synced = {number: size for what, number, size in done if what == "synced"}
        costs.append((len([what for what, *_ in done if what == "synced"]), sum(synced.values())))
        sizes.append((run / "checkpoints" / "epoch_001.safetensors").stat().st_size)
        done.clear()
    each = [tuple(map(operator.sub, costs[index], costs[index - 1])) for index in (1, 2)]
    assert each[0][0] == 2
    assert each[1][0] == 3 * 2
    assert each[1][1] <= 3 * (4 * sizes[0] + HEADER)


def test_a_copy_where_there_are_no_links_is_brought_to_disk_too(tmp_path, done, monkeypatch):
    def refuse(*_):
        raise OSError("no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    (tmp_path / "a").write_bytes(b"weights")
    link_or_copy(tmp_path / "a", tmp_path / "b")
    assert [what for what, *_ in done] == ["synced", "renamed"]
    assert (tmp_path / "b").read_bytes() == b"weights"
