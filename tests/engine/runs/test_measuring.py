"""Real steps on a copy: they take time, leave no trace, and wait for no training."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from train_parts import settings, tiny_network

from engine.data.progress import CancelledError
from engine.data.settings import choose
from engine.errors import LayerloomError
from engine.machine.turn import TURNS
from engine.project import Project
from engine.recipe.recipe import Recipe
from engine.runs import measuring
from engine.runs.measuring import measure_steps
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.training.events import EpochDone
from engine.training.updates import Updater


def project(**changes) -> Project:
    return Project(tiny_network(), training=settings(**changes))


def is_free() -> bool:
    """Whether a training in another thread can have its turn."""

    def train() -> bool:
        with TURNS.to_train():
            return TURNS.training

    with ThreadPoolExecutor(1) as other:
        return other.submit(train).result()


def test_steps_are_measured_beyond_the_end_of_an_epoch():
    measured = measure_steps(project(batch_size=512))
    assert measured.steps >= 20  # of three batches an epoch
    assert measured.seconds > 0


@pytest.mark.parametrize("changes", [{"accumulate": 3}, {"average": 0.9}, {"learning_rate": 100.0}])
def test_every_recipe_can_be_measured(changes):
    assert measure_steps(project(**changes)).steps >= 20


def test_progress_can_call_it_off_before_any_step():
    heard = []

    def hear(progress) -> bool:
        heard.append((progress.task, progress.done))
        return progress.done < 2

    with pytest.raises(CancelledError):
        measure_steps(project(), progress=hear)
    assert heard[-1] == ("Measuring steps", 2)
    assert is_free()


def test_it_gives_way_to_a_training():
    with TURNS.to_train(), pytest.raises(LayerloomError, match="A training is going on"):
        measure_steps(project())


def test_what_cannot_train_is_refused_as_a_training_of_it():
    with pytest.raises(LayerloomError, match="7 classes"):
        measure_steps(Project(tiny_network(classes=7), data=choose("digits"), training=Recipe()))
    assert is_free()


def test_a_training_is_the_same_bit_for_bit_after_a_measurement(tmp_path):
    def losses(place: str) -> list[dict[str, float]]:
        torch.manual_seed(3)
        if place == "measured":
            measure_steps(project())
        events = list(run_project(project(), tmp_path / place))
        return [event.train for event in events if isinstance(event, EpochDone)]

    assert losses("plain") == losses("measured")
    first, second = (RunFolder(tmp_path / place).checkpoint("best").read_bytes() for place in ("plain", "measured"))
    assert first == second


def test_the_time_of_the_warm_up_does_not_count_and_long_steps_are_few(monkeypatch):
    clock, rates, update = [0.0], [], Updater.update

    def slow(self, *given, **named):
        clock[0] += 1.0 if named["step"] > 1 or len(rates) > 2 else 50.0
        rates.append(named["rate"])
        return update(self, *given, **named)

    monkeypatch.setattr(Updater, "update", slow)
    monkeypatch.setattr(measuring.time, "perf_counter", lambda: clock[0])
    heard = []
    assert measure_steps(project(), progress=lambda progress: heard.append(progress.done)) == (1.0, 4)
    assert heard[-4:] == [0, 1, 2, 3]
    assert rates == 7 * [0.0]
