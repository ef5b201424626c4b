"""Damaged files in a folder, held in memory or read from disk: what is divided, and what comes in batches."""

import numpy as np
import pytest
import torch
from image_files import make_folder
from loading_parts import CPU, all_of, folder_settings

from engine.data import memory_images
from engine.data.draws import Pass
from engine.data.loading import Earlier, load
from engine.data.normalise import Normalisation
from engine.layers.shape import Shape


@pytest.fixture
def with_a_damaged_file(tmp_path):
    folder = make_folder(tmp_path / "pets", {"cats": 10, "dogs": 10})
    cut = folder / "dogs" / "003.png"
    cut.write_bytes(cut.read_bytes()[:-60])
    return folder


def test_large_folders_are_checked_before_they_are_divided(with_a_damaged_file, monkeypatch):
    settings = folder_settings(with_a_damaged_file)
    in_memory = load(settings, Shape(1, 8, 8))
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    on_disk = load(settings, Shape(1, 8, 8))
    assert on_disk.parts == in_memory.parts
    assert on_disk.normalisation == in_memory.normalisation
    assert on_disk.skipped == in_memory.skipped
    assert [bad.path.name for bad in on_disk.skipped] == ["003.png"]


@pytest.mark.parametrize("bytes_in_memory", [0, 2**20])
def test_an_earlier_training_gives_parts_and_normalisation(with_a_damaged_file, monkeypatch, bytes_in_memory):
    settings, normalisation = folder_settings(with_a_damaged_file), Normalisation((0.25,), (0.5,))
    parts = load(settings, Shape(1, 8, 8)).parts
    monkeypatch.setattr(memory_images, "IN_MEMORY", bytes_in_memory)
    (with_a_damaged_file / parts.test[0]).unlink()
    again = load(settings, Shape(1, 8, 8), as_in=Earlier(parts, normalisation))
    assert again.parts == parts
    assert again.normalisation == normalisation
    assert (again.unassigned, again.gone) == (0, 1)
    assert len(again.skipped) == 1
    (with_a_damaged_file / "cats" / "new.png").write_bytes((with_a_damaged_file / parts.train[0]).read_bytes())
    assert load(settings, Shape(1, 8, 8), as_in=Earlier(parts, normalisation)).unassigned == 1


def test_the_rule_of_version_1_divides_damaged_files_of_large_folders_with_the_others(with_a_damaged_file, monkeypatch):
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    old = load(folder_settings(with_a_damaged_file), Shape(1, 8, 8), as_in=Earlier(None, Normalisation((0,), (1,))))
    assert "dogs/003.png" in (*old.parts.train, *old.parts.validation, *old.parts.test)
    assert (old.parts.images, old.unassigned, old.gone) == (20, 0, 0)


def test_files_found_damaged_while_they_are_streamed_are_left_out_with_their_targets(tmp_path, monkeypatch):
    folder = make_folder(tmp_path / "pets", {"cats": 6, "dogs": 6}, edge=4)
    whole = load(folder_settings(folder, validation=0, test=0), Shape(1, 4, 4)).train
    for name in ("cats/002.png", "dogs/002.png", "dogs/003.png"):  # half of a batch, and a batch
        (folder / name).write_bytes((folder / name).read_bytes()[:-30])
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    earlier = Earlier(None, whole.pipeline.normalisation)
    settings = folder_settings(folder, validation=0, test=0).model_copy(update={"workers": 1})
    train = load(settings, Shape(1, 4, 4), as_in=earlier).train
    positions = np.array([0, 1, 3, 4, 5, 6, 7, 10, 11])
    expected = torch.cat([pixels for pixels, _ in whole.batches(2, device=CPU)])
    found = list(train.located(2, device=CPU))
    assert [len(kept) for _, kept in found] == [3, 2, 2, 2]
    assert torch.equal(torch.cat([kept for _, kept in found]), torch.from_numpy(positions))
    assert torch.equal(torch.cat([pixels for pixels, _ in found]), expected[positions])
    trained = list(train.training_batches(2, device=CPU, drawn_in=Pass(seed=1, epoch=1)))
    labels = torch.cat([batch.targets for batch in trained])
    brightness = torch.cat([batch.pixels for batch in trained]).mean(dim=(1, 2, 3))
    assert sorted(labels.tolist()) == [0] * 5 + [1] * 4
    assert torch.equal(brightness > 0, labels == 1)  # dogs are bright


@pytest.mark.slow
def test_a_damaged_file_on_disk_is_left_out_of_its_batch(tmp_path, monkeypatch):
    folder = make_folder(tmp_path / "pets", {"cats": 6, "dogs": 6})
    cut = folder / "dogs" / "003.png"
    cut.write_bytes(cut.read_bytes()[:-60])
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    data = load(folder_settings(folder, validation=0, test=0), Shape(3, 8, 8))
    images, labels = all_of(data.train, 4)
    assert len(images) == len(labels) == 11
    assert labels.tolist() == [0] * 6 + [1] * 5
