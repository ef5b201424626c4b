import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from small_training import SHAPE, settings, small_data, small_model

from engine.data import memory_images
from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.training.events import EpochDone, Failed
from engine.training.loop import train

sys.path.append(str(Path(__file__).parents[1] / "data"))
from image_files import make_folder


class Vanishing:
    """Images that can be read in the first passes only."""

    def __init__(self, images, passes):
        self._images = images
        self._left = passes

    def stream(self, batches, device):
        self._left -= 1
        for pixels, kept in self._images.stream(batches, device):
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
    name = {"train": "training", "validation": "validation"}[part]
    assert events[-1].message == f"None of the {name} images can be read any more."


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
