"""A training that goes on in the middle of an epoch, some of whose images cannot be read or are gone by then."""

import copy
import os
import sys
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import torch
from small_training import SHAPE, curve, settings, small_data, small_model, small_network, weights_equal

from engine.data import memory_images
from engine.data.augmentation import AUGMENTATION, Step
from engine.data.augmentation.mixing import MixUp
from engine.data.draws import Pass
from engine.data.loaded import Split
from engine.data.loading import Earlier, load
from engine.data.normalise import Normalisation
from engine.data.pipeline import Pipeline
from engine.data.sampling import Weighted
from engine.data.settings import DataSettings
from engine.data.targets import Targets
from engine.data.turns import Turns
from engine.data.user_folder import Folder
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.training.control import Control
from engine.training.events import Finished, Started
from engine.training.loop import train

sys.path.append(str(Path(__file__).parents[1] / "data"))
from image_files import make_folder

CPU = torch.device("cpu")
IMAGES = 13
DAMAGED = [(), (0,), (5, 6), (1, 4, 7, 12), (0, 1, 2, 3), tuple(range(1, 12)), tuple(range(2, 13))]
DAMAGED += [tuple(range(12)), tuple(range(13))]


class Dimmer(Step):
    """Takes from each image as much brightness as it draws."""

    name: ClassVar = "dimmer"
    title: ClassVar = "Dimmer"

    def draw(self, random):
        return {"by": random.uniform(0, 100)}

    def apply(self, pixels, targets, values):
        return pixels - values["by"].view(-1, 1, 1, 1), targets


@pytest.fixture
def dimmer():
    AUGMENTATION.register(Dimmer)
    yield Dimmer()
    AUGMENTATION.unregister("dimmer")


class Holes:
    """Images of which those at some places cannot be read."""

    def __init__(self, images, damaged):
        self._images, self._damaged = images, {int(index) for index in damaged}

    def stream(self, batches, device, **options):
        for batch, (pixels, kept) in zip(batches, self._images.stream(batches, device, **options), strict=True):
            there = [place for place in kept.tolist() if int(batch[place]) not in self._damaged]
            yield pixels[there], kept[there]


class Numbers:
    """Images that are their own numbers."""

    def stream(self, batches, device, **options):
        for batch in batches:
            yield batch.view(-1, 1, 1, 1).to(torch.uint8), torch.arange(len(batch))


def numbered(damaged):
    pipeline = Pipeline(SHAPE, Normalisation((0.0,), (1 / 255,)))
    return Split(Holes(Numbers(), damaged), np.arange(IMAGES), Targets(np.arange(IMAGES)), pipeline)


def passed_and_targets(split, batch_size, *, epoch, passed=0):
    batches = split.training_batches(batch_size, device=CPU, drawn_in=Pass(3, epoch), passed=passed)
    return [(batch.passed, batch.targets.tolist()) for batch in batches]


@pytest.mark.parametrize("damaged", DAMAGED, ids=str)
@pytest.mark.parametrize("batch_size", [1, 2, 3, 4, 7, 20])
def test_who_begins_where_a_batch_ended_gets_the_batches_that_follow(batch_size, damaged):
    for epoch in (1, 2, 3):
        whole = passed_and_targets(numbered(damaged), batch_size, epoch=epoch)
        for done, (passed, _) in enumerate(whole, start=1):
            assert passed_and_targets(numbered(damaged), batch_size, epoch=epoch, passed=passed) == whole[done:]


@pytest.mark.parametrize("passed", range(IMAGES + 1))
@pytest.mark.parametrize("batch_size", [2, 3, 5])
def test_another_batch_size_goes_on_with_the_images_that_are_left(batch_size, passed):
    every = [target for _, some in passed_and_targets(numbered(()), 1, epoch=1) for target in some]
    rest = [some for _, some in passed_and_targets(numbered(()), batch_size, epoch=1, passed=passed)]
    assert [*chain.from_iterable(rest)] == (every[passed:] if passed != IMAGES - 1 else [])  # one alone trains nothing
    assert all(1 < len(some) <= batch_size + 1 for some in rest)


@pytest.mark.parametrize("gone", DAMAGED, ids=str)
@pytest.mark.parametrize("batch_size", [1, 2, 3, 7])
def test_images_that_are_gone_leave_the_batches_of_the_others_as_they_were(batch_size, gone):
    there = np.setdiff1d(np.arange(IMAGES), gone)
    left = replace(
        numbered(()), indices=there, targets=Targets(there), turns=Turns(numbers=there, places=there, count=IMAGES)
    )
    assert left.steps(batch_size) == numbered(()).steps(batch_size)
    for epoch in (1, 2):
        whole = passed_and_targets(numbered(gone), batch_size, epoch=epoch)
        assert passed_and_targets(left, batch_size, epoch=epoch) == whole
        for done, (passed, _) in enumerate(whole, start=1):
            assert passed_and_targets(left, batch_size, epoch=epoch, passed=passed) == whole[done:]


def test_an_image_whose_partner_is_gone_stands_for_it_and_the_others_are_mixed_as_before():
    mixing = numbered((3, 8))
    classes = tuple(map(str, range(IMAGES)))
    pipeline, all_of_them = replace(mixing.pipeline, steps=(MixUp(),)), Targets(np.arange(IMAGES), classes)
    mixing = replace(mixing, pipeline=pipeline, targets=all_of_them)
    there = np.setdiff1d(np.arange(IMAGES), (3, 8))
    targets, turns = Targets(there, classes), Turns(numbers=there, places=there, count=IMAGES)
    left = replace(mixing, stored=Numbers(), indices=there, targets=targets, turns=turns)
    passes = (some.training_batches(4, device=CPU, drawn_in=Pass(3, 1)) for some in (mixing, left))
    for one, other in zip(*passes, strict=True):
        assert torch.equal(one.pixels, other.pixels)
        assert one.passed == other.passed


def test_small_classes_come_as_often_when_images_are_gone(tmp_path):
    labels = np.repeat([0, 1], [IMAGES - 3, 3])
    there = np.arange(1, IMAGES)
    some = Split(
        Numbers(),
        there,
        Targets(labels[there], ("large", "small")),
        Pipeline(SHAPE, Normalisation((0.0,), (1 / 255,))),
        Turns(numbers=there, places=there, count=IMAGES),
        Weighted(),
    )
    sample = some.sample(Pass(0, 1))
    assert len(sample) == IMAGES
    counts = np.bincount(labels[there][sample])
    assert abs(counts[0] - counts[1]) <= 1


def test_what_is_drawn_for_an_image_stays_whichever_others_came_and_went(tmp_path, dimmer):
    folder = make_folder(tmp_path / "pets", {"cats": 8, "dogs": 8})
    chosen = DataSettings(source=Folder(path=str(folder)), steps=(dimmer,))
    first = load(chosen, SHAPE)
    before = Earlier(
        first.parts,
        first.normalisation,
        fingerprints=dict(zip(first.names, first.fingerprints, strict=True)),
        classes=first.classes,
    )
    gone = first.parts.train[2]
    (folder / gone).unlink()
    (folder / first.parts.test[0]).write_bytes(b"")
    make_folder(tmp_path / "more", {"a": 1}, seed=9)
    (tmp_path / "more" / "a" / "000.png").rename(folder / "cats" / "000a.png")
    second = load(chosen, SHAPE, as_in=before)
    places = [first.names.index(name) for name in first.parts.train if name != gone]
    assert second.train.turns.numbers.tolist() == places
    assert second.train.turns.places.tolist() == [place for place in range(len(first.train)) if place != 2]
    assert second.train.turns.count == len(first.train)
    assert [second.names[index] for index in second.train.indices] == [first.names[place] for place in places]
    one, other = (next(data.train.training_batches(99, device=CPU, drawn_in=Pass(0, 1))) for data in (first, second))
    order = torch.randperm(len(first.train), generator=torch.Generator().manual_seed(Pass(0, 1).order_seed))
    assert torch.equal(one.pixels[order != 2], other.pixels)


class StopsAfter(Control):
    """Stops a training after so many of its batches."""

    def __init__(self, batches):
        super().__init__()
        self._left = batches

    def next(self):
        if self._left == 0:
            self.stop()
        self._left -= 1
        return super().next()


class Kept:
    """What a training hands over, in memory."""

    place = Path("nowhere")

    def log(self, event):
        """Events are not kept."""

    def save_epoch(self, model, epoch, *, best):
        """Epochs are not kept."""

    def save_position(self, checkpoint):
        self.checkpoint = copy.deepcopy(checkpoint)


@pytest.mark.parametrize("batch_size", [2, 3, 5])
@pytest.mark.parametrize("damaged", [(), (0, 3, 4, 5, 11), (8, 9, 10, 11, 12)], ids=str)
def test_stopping_after_each_batch_changes_neither_curve_nor_weights(batch_size, damaged):
    data = small_data()
    used = data.train.indices[:IMAGES]
    small = replace(data.train, indices=used, targets=data.train.targets.of(range(IMAGES)))
    data = replace(data, train=replace(small, stored=Holes(small.stored, used[list(damaged)])))
    recipe = settings(epochs=2, batch_size=batch_size)
    whole = small_model(dropout=0.3)
    expected = curve(train(whole, data, recipe))
    model, kept, found, resume = small_model(dropout=0.3), Kept(), [], None
    while True:
        events = list(train(model, data, recipe, control=StopsAfter(1), run=kept, resume=resume))
        found += curve(events)
        assert isinstance(events[-1], Finished)
        if not events[-1].stopped:
            break
        model, resume = small_model(dropout=0.3, seed=5), kept.checkpoint
    assert found == expected
    assert weights_equal(model, whole)


def damage(files, *, seen):
    """Spoil files, so that it is noticed when they are listed (``seen``) or only when they are read."""
    for file in files:
        found = file.stat()
        content = file.read_bytes()
        middle = len(content) // 2
        file.write_bytes(content[:middle] + bytes(20) + content[middle + 20 :])
        times = (found.st_atime_ns, found.st_mtime_ns + (10**9 if seen else 0))
        os.utime(file, ns=times)


@pytest.mark.slow  # starts worker processes
@pytest.mark.parametrize("seen", [True, False])
def test_a_run_on_files_that_become_damaged_goes_on_as_if_it_had_never_stopped(tmp_path, monkeypatch, seen, dimmer):
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)

    def begun(name, control):
        """A run whose images become damaged as it begins."""
        folder = make_folder(tmp_path / name / "pets", {"cats": 9, "dogs": 9})
        data = DataSettings(source=Folder(path=str(folder)), steps=(dimmer,), workers=1)
        project = Project(small_network(classes=2), data, settings(epochs=2, batch_size=3))
        events = []
        for event in run_project(project, tmp_path / name / "run", control=control):
            if isinstance(event, Started):
                parts = RunFolder(tmp_path / name / "run").parts
                damage([folder / parts.train[place] for place in (0, 3, 4, 9)], seen=seen)
            events.append(event)
        return project, RunFolder(tmp_path / name / "run"), events

    _, whole, events = begun("whole", Control())
    project, run, stopped = begun("stopped", StopsAfter(1))
    while stopped[-1].stopped:
        stopped = list(run_project(project, run.path, control=StopsAfter(2), resume=True))
    assert curve(run.events()) == curve(events)
    assert all(torch.equal(value, run.weights("last")[name]) for name, value in whole.weights("last").items())
