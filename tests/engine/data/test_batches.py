import itertools
import os
from dataclasses import replace

import numpy as np
import pytest
import torch
from image_files import make_folder
from PIL import Image
from torch import nn

from engine.data import loading, memory_images
from engine.data.disk_images import DiskImages
from engine.data.draws import Pass
from engine.data.loaded import Split
from engine.data.loading import load
from engine.data.normalise import Normalisation
from engine.data.pipeline import Pipeline
from engine.data.settings import DataSettings
from engine.data.split import steps_in_pass
from engine.data.targets import Targets
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.layers.shape import Shape

CPU = torch.device("cpu")


@pytest.mark.parametrize("batch_size", range(1, 9))
def test_from_two_a_batch_no_image_is_left_alone(batch_size):
    train = load(DataSettings(), Shape(1, 8, 8)).train
    for count in range(2, 41):
        some = replace(train, indices=train.indices[:count], targets=train.targets.of(range(count)))
        sizes = [len(batch.targets) for batch in some.training_batches(batch_size, device=CPU, drawn_in=Pass(0, 1))]
        assert sum(sizes) == count
        assert len(sizes) == some.steps(batch_size)
        assert min(sizes) >= min(2, batch_size)
        assert max(sizes) - min(sizes) <= 1


def test_one_image_that_is_all_there_is_trains_in_batches_of_any_size():
    train = load(DataSettings(), Shape(1, 8, 8)).train
    alone = replace(train, indices=train.indices[:1], targets=train.targets.of([0]))
    for batch_size in (1, 2, 8):
        batches = alone.training_batches(batch_size, device=CPU, drawn_in=Pass(0, 1))
        assert [(len(batch.pixels), batch.passed) for batch in batches] == [(1, 1)]


def test_batches_are_as_few_as_their_size_allows_unless_one_would_be_alone():
    for count, batch_size in itertools.product(range(1, 60), range(1, 20)):
        usual = -(-count // batch_size)
        assert steps_in_pass(count, batch_size) == (usual - 1 if batch_size == 2 < count and count % 2 else usual)


class Holes:
    """Pixels of which some cannot be read, told by their value."""

    def __init__(self, damaged):
        self._damaged = set(damaged)

    def stream(self, batches, device, **options):
        for batch in batches:
            kept = [place for place, index in enumerate(batch.tolist()) if index not in self._damaged]
            yield batch[kept].view(-1, 1, 1, 1).to(torch.uint8), torch.tensor(kept, dtype=torch.int64)


@pytest.mark.parametrize(
    "damaged", [(), (0,), (0, 1), (1, 2), (3, 4, 5), (0, 2, 4, 6, 8), (7, 8), (0, 1, 2, 3, 4, 5, 6, 7)]
)
@pytest.mark.parametrize("batch_size", [1, 2, 3, 4])
def test_an_image_whose_batch_was_damaged_joins_a_neighbour(damaged, batch_size):
    pipeline = Pipeline(Shape(1, 1, 1), Normalisation((0.0,), (1 / 255,)))
    split = Split(Holes(damaged), np.arange(9), Targets(np.arange(9)), pipeline)
    batches = list(split.located(batch_size, device=CPU))
    positions = torch.cat([positions for _, positions in batches])
    assert positions.tolist() == [place for place in range(9) if place not in damaged]
    assert torch.cat([pixels.flatten() for pixels, _ in batches]).round().int().tolist() == positions.tolist()
    if batch_size > 1 and len(positions) > 1:
        assert min(len(positions) for _, positions in batches) > 1


@pytest.mark.parametrize("batch_size", range(2, 9))
def test_batch_norm_over_a_vector_takes_every_batch_of_any_count(batch_size):
    train = load(DataSettings(), Shape(1, 8, 8)).train
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 4), nn.BatchNorm1d(4))
    for count in range(2, 41):
        some = replace(train, indices=train.indices[:count], targets=train.targets.of(range(count)))
        for batch in some.training_batches(batch_size, device=CPU, drawn_in=Pass(0, 1)):
            assert model(batch.pixels).isfinite().all()


def test_damaged_images_count_neither_in_mean_nor_in_deviation(tmp_path):
    folder = make_folder(tmp_path / "pets", {"a": 4, "b": 4})
    files = sorted(folder.rglob("*.png"))
    whole = DiskImages(files[1:], Shape(1, 8, 8))
    files[0].write_bytes(b"")
    damaged = DiskImages(files, Shape(1, 8, 8))
    found, expected = (
        loading._measure(images, np.arange(n), Shape(1, 8, 8)) for images, n in ((damaged, 8), (whole, 7))
    )
    assert found == expected


@pytest.mark.slow  # starts worker processes
def test_processes_that_read_images_write_nothing_on_the_terminal(tmp_path, capfd):
    odd = b"Exif\0\0II*\0\x08\0\0\0\x05\0\x12\x01\x03\0\x01\0\0\0"  # cut short: Pillow warns
    Image.new("L", (8, 8)).save(tmp_path / "odd.jpg", exif=odd)
    images = DiskImages([tmp_path / "odd.jpg"], Shape(1, 8, 8))
    ((_, kept),) = images.stream([torch.tensor([0])], CPU)
    assert kept.tolist() == [0]
    assert capfd.readouterr().err == ""


def test_training_images_that_have_all_become_unreadable_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    folder = make_folder(tmp_path / "pets", {"a": 3, "b": 3})
    settings = DataSettings(source=Folder(path=str(folder)))
    load(settings, Shape(1, 8, 8))  # they are known to be whole from now on
    for file in folder.rglob("*.png"):
        found = file.stat()
        with file.open("r+b") as opened:
            opened.seek(found.st_size // 2)
            opened.write(bytes(20))
        os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
    with pytest.raises(LayerloomError, match=r"None of the training images can be read."):
        load(settings, Shape(1, 8, 8))
