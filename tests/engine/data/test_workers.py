"""Batches that are made ahead of time: the same ones, several at once."""

import threading
from dataclasses import replace
from multiprocessing import active_children
from typing import ClassVar

import pytest
import torch
from image_files import make_folder

from engine.data.ahead import made_ahead
from engine.data.augmentation import Step
from engine.data.augmentation.presets import steps_of
from engine.data.disk_images import DiskImages
from engine.data.draws import Pass
from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.data.warnings import Waited, waiting_warnings
from engine.data.workers import making, more, reading
from engine.layers.shape import Shape
from engine.training.waiting import Waiting

CPU, SHAPE = torch.device("cpu"), Shape(3, 32, 32)
PATIENCE = 60  # seconds


class Meeting(Step):
    """Waits until as many batches are being made as the meeting takes."""

    name: ClassVar = "meeting"
    title: ClassVar = "Meeting"
    barrier: ClassVar = threading.Barrier(2)

    def apply(self, pixels, targets, values):
        self.barrier.wait(PATIENCE)
        return pixels, targets


def batches(**settings):
    train = load(DataSettings(**settings), SHAPE).train
    return list(train.training_batches(64, device=CPU, drawn_in=Pass(3, 2)))


def test_what_is_made_ahead_comes_in_the_order_of_what_it_is_made_of():
    assert list(made_ahead(range(50), str, workers=4)) == list(map(str, range(50)))
    assert list(made_ahead([], str, workers=4)) == []


def test_no_more_is_begun_than_there_are_hands():
    taken = []
    made = made_ahead((taken.append(number) or number for number in range(50)), str, workers=3)
    assert next(made) == "0"
    assert taken == [0, 1, 2, 3]
    made.close()
    assert not [thread for thread in threading.enumerate() if "Making batches" in thread.name]


def test_what_goes_wrong_is_raised_where_its_batch_would_have_come():
    made = made_ahead([1, 2, 0, 4], lambda number: 8 // number, workers=2)
    assert [next(made), next(made)] == [8, 4]
    with pytest.raises(ZeroDivisionError):
        next(made)
    assert not [thread for thread in threading.enumerate() if "Making batches" in thread.name]


def test_as_many_batches_are_augmented_at_once_as_there_are_workers():
    train = load(DataSettings(workers=2), SHAPE).train
    meeting = replace(train, pipeline=replace(train.pipeline, steps=(Meeting(),)))
    assert train.steps(64) % 2 == 0  # else the last would wait alone
    assert len(list(meeting.training_batches(64, device=CPU, drawn_in=Pass(0, 1)))) == train.steps(64)


def test_the_number_of_workers_changes_no_image():
    steps = (*steps_of("photos"), {"name": "mixup"})
    one, *others = (batches(steps=steps, workers=workers) for workers in (1, 4))
    for other in others:
        for before, after in zip(one, other, strict=True):
            assert torch.equal(before.pixels, after.pixels)
            assert torch.equal(before.targets, after.targets)
            assert before.passed == after.passed


@pytest.mark.slow  # starts worker processes
def test_as_many_processes_read_files_as_are_asked_for(tmp_path):
    make_folder(tmp_path, {"cats": 3, "dogs": 3})
    images = DiskImages(sorted(tmp_path.rglob("*.png")), Shape(1, 8, 8))
    before = set(active_children())
    assert len(list(images.stream([torch.arange(6)], CPU, workers=2))) == 1
    assert len(set(active_children()) - before) == 2


def test_who_names_no_number_gets_one_by_the_cores(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 16)
    assert (reading(0), making(0), reading(3), making(3)) == (8, 2, 3, 3)
    assert [more(hands) for hands in (1, 2, 4, 8, 16)] == [4, 4, 8, 16, 0]
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert (reading(0), making(0), more(1)) == (1, 0, 0)


# What is waited for


def test_the_time_until_each_batch_is_there_is_counted():
    started = threading.Event()

    def slowly():
        for number in range(3):
            started.wait(0.02)  # which never comes
            yield number

    waiting = Waiting(CPU)
    assert list(waiting.for_each(slowly())) == [0, 1, 2]
    assert 0.06 <= waiting.take_share(1.0) < 1
    assert waiting.take_share(1.0) == 0


def test_the_slowest_step_is_named_where_much_is_waited():
    train = load(DataSettings(steps=("mirror", "hue", "warp"), workers=1), SHAPE).train
    waiting = Waiting(CPU)
    assert waiting.reason(0.05, train, batch_size=16) is None
    found = waiting.reason(0.5, train, batch_size=16)
    assert found.steps in {("mirror",), ("hue",), ("warp",)}
    assert found.seconds > 0
    assert waiting.reason(0.4, train, batch_size=16) is found
    assert waiting.reason(0.05, train, batch_size=16) is None


def test_reading_is_named_where_nothing_else_takes_time(tmp_path, monkeypatch):
    make_folder(tmp_path, {"cats": 8, "dogs": 8})
    monkeypatch.setattr("engine.data.memory_images.IN_MEMORY", 1)
    train = load(DataSettings(source={"name": "folder", "path": str(tmp_path)}), Shape(1, 8, 8)).train
    assert Waiting(CPU).reason(0.5, train, batch_size=4).steps == ()


@pytest.mark.parametrize(
    ("steps", "on_cpu", "sentence", "label"),
    [
        (("warp",), False, "Local warp takes 41 ms a batch; the GPU waits 23 % of the time.", "4 workers"),
        (("mirror", "rotate"), True, "Mirror and rotate take 41 ms a batch; the training waits 23 % of the time.", "4"),
        ((), True, "Reading images takes 41 ms a batch; the training waits 23 % of the time.", "16 workers"),
    ],
)
def test_a_long_wait_is_told_with_its_cause_and_more_hands_for_it(monkeypatch, steps, on_cpu, sentence, label):
    monkeypatch.setattr("os.cpu_count", lambda: 16)
    settings = DataSettings(steps=("warp", "mirror", "rotate"))
    (told,) = waiting_warnings(settings, Waited(settings, 0.23, 0.012, steps, 0.041, on_cpu))
    assert told.message == sentence
    (fix,) = told.fixes
    assert fix.label.startswith(label)
    assert fix.settings == settings.model_copy(update={"workers": int(fix.label.split()[0])})


@pytest.mark.parametrize("changed", [{"share": 0.1}, {"made_in": 0.001}, {"settings": DataSettings(workers=4)}])
def test_nothing_is_told_of_a_short_wait_or_of_another_cause_or_of_other_settings(changed):
    settings = DataSettings()
    values = {"settings": settings, "share": 0.23, "seconds": 0.012, "made_in": 0.041, **changed}
    assert not list(waiting_warnings(settings, Waited(**values)))
