import shutil
import sys
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import pytest
from small_training import SHAPE, settings, small_data, small_model

from engine.compiling import compile_network
from engine.data import memory_images
from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.layers import LAYERS
from engine.network import Network
from engine.training.events import EpochDone, Failed
from engine.training.loop import train

sys.path.append(str(Path(__file__).parents[1] / "data"))
from image_files import make_folder


class Vanishing:
    """Images that can be read in the first passes only."""

    def __init__(self, images, passes):
        self._images = images
        self._left = passes

    def stream(self, batches, device, **options):
        self._left -= 1
        for pixels, kept in self._images.stream(batches, device, **options):
            yield (pixels, kept) if self._left >= 0 else (pixels[:0], kept[:0])


@pytest.mark.parametrize("part", ["train", "validation"])
def test_images_that_vanish_end_the_training_with_the_reason(part):
    data = small_data()
    split = getattr(data, part)
    data = replace(data, **{part: replace(split, stored=Vanishing(split.stored, 1))})
    events = list(train(small_model(), data, settings(epochs=3)))
    assert [event.epoch for event in events if isinstance(event, EpochDone)] == [1]
    assert isinstance(events[-1], Failed)
    assert events[-1].code == "data"
    which = {"train": "Fewer than two of the training", "validation": "None of the validation"}[part]
    assert events[-1].message == f"{which} images can be read any more."


class Fewer:
    """Images of which from the second pass on some alone can be read."""

    def __init__(self, images, left):
        self._images, self._left = images, left
        self._passes = 0

    def stream(self, batches, device, **options):
        self._passes += 1
        for batch, (pixels, kept) in zip(batches, self._images.stream(batches, device, **options), strict=True):
            there = [self._passes == 1 or int(index) in self._left for index in batch]
            yield pixels[there], kept[there]


def fewer(data, part, left):
    split = getattr(data, part)
    return replace(data, **{part: replace(split, stored=Fewer(split.stored, set(split.indices[:left].tolist())))})


@pytest.mark.parametrize("part", ["train", "validation"])
def test_images_that_can_be_read_no_more_are_counted(part):
    data = fewer(small_data(), part, 20)
    done = [event for event in train(small_model(), data, settings(epochs=2)) if isinstance(event, EpochDone)]
    assert [event.unread for event in done] == [0, len(getattr(data, part)) - 20]


@pytest.mark.parametrize("batch_size", [2, 64])
def test_a_single_training_image_that_is_left_ends_the_training_with_the_reason(batch_size):
    """Batch norm over a vector could not take it."""
    data = fewer(small_data(), "train", 1)
    events = list(train(vector_model(), data, settings(epochs=3, batch_size=batch_size)))
    assert [event.epoch for event in events if isinstance(event, EpochDone)] == [1]
    assert events[-1].message == "Fewer than two of the training images can be read any more."


def test_images_one_by_one_train_on_the_one_that_is_left():
    data = fewer(small_data(), "train", 1)
    done = [e for e in train(small_model(), data, settings(epochs=2, batch_size=1)) if isinstance(e, EpochDone)]
    assert [event.unread for event in done] == [0, len(data.train) - 1]


def vector_model():
    network = Network("vectors")
    before = ()
    for name, layer in (
        ("input", LAYERS["Input"](channels=1, height=8, width=8)),
        ("flatten", LAYERS["Flatten"]()),
        ("bn", LAYERS["BatchNorm2d"]()),
        ("fc", LAYERS["Linear"](out_features=10)),
        ("output", LAYERS["Output"]()),
    ):
        before = (network.add(layer, name, inputs=before),)
    return compile_network(network, logits=True, seed=0)


@pytest.mark.slow  # starts worker processes
def test_a_folder_that_is_removed_ends_the_training(tmp_path, monkeypatch):
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    folder = make_folder(tmp_path / "pets", {"cats": 12, "dogs": 12})
    data = load(DataSettings(source=Folder(path=str(folder))), SHAPE)
    done = []
    for event in train(small_model(classes=2), data, settings(epochs=4, batch_size=4)):
        done.append(event)
        if isinstance(event, EpochDone) and event.epoch == 1:
            shutil.rmtree(folder)
    assert isinstance(done[-1], Failed)
    assert done[-1].code == "data"
    assert all(event.train["loss"] > 0 for event in done if isinstance(event, EpochDone))


@pytest.mark.slow  # starts worker processes
def test_a_worker_that_is_killed_ends_the_training_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    folder = make_folder(tmp_path / "pets", {"cats": 12, "dogs": 12})
    data = load(DataSettings(source=Folder(path=str(folder))), SHAPE)
    done = []
    for event in train(small_model(classes=2), data, settings(epochs=4, batch_size=4)):
        done.append(event)
        if isinstance(event, EpochDone):
            for worker in active_children():
                worker.kill()
    assert isinstance(done[-1], Failed)
    assert done[-1].code == "data"
    assert done[-1].message.startswith("A process that read the images was ended")
