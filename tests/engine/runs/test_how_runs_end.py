"""Whatever goes wrong while a run trains, its last event says so, and what raised it is named."""

import json
from typing import ClassVar

import pytest
from small_training import settings, small_network

from cli.app import run_command
from engine.choices import module
from engine.data.augmentation import AUGMENTATION, Step
from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.log import log_file
from engine.project import Project, save_project
from engine.recipe.losses import LOSSES, Loss
from engine.recipe.metrics import METRICS, Metric
from engine.recipe.optimisers import OPTIMISERS, Optimiser
from engine.recipe.schedules import SCHEDULES, Schedule
from engine.runs.run_folder import RunFolder
from engine.runs.runner import Runner
from engine.runs.session import run_project
from engine.training.events import Failed, Started
from engine.training.position import Position

FAULT = ZeroDivisionError("nobody thought of it")


def fail(*_, **__):
    raise FAULT


class BadStep(Step):
    """Fails."""

    name: ClassVar = "bad_step"
    title: ClassVar = "Bad step"
    error: ClassVar[BaseException] = FAULT

    def apply(self, pixels, targets, values):
        raise self.error


class BadDraw(Step):
    """Fails to draw."""

    name: ClassVar = "bad_draw"
    title: ClassVar = "Bad draw"
    draw = fail


class BadLoss(Loss):
    """Fails."""

    name: ClassVar = "bad_loss"
    title: ClassVar = "Bad loss"
    targets: ClassVar = "classes"
    of = fail


class BadMetric(Metric):
    """Fails."""

    name: ClassVar = "bad_metric"
    title: ClassVar = "Bad metric"
    short: ClassVar = "bad"
    higher_is_better: ClassVar = True
    total = fail


class BadSchedule(Schedule):
    """Fails."""

    name: ClassVar = "bad_schedule"
    title: ClassVar = "Bad schedule"
    rate = fail


class BadOptimiser(Optimiser):
    """Names no class of torch."""

    name: ClassVar = "bad_optimiser"
    title: ClassVar = "Bad optimiser"
    usual_rate: ClassVar = 0.1
    moments: ClassVar = 0

    def call(self, *, weight_decay):
        return module("torch.optim.SGD", 1, weight_decay=weight_decay, nothing=FAULT)


REGISTRIES = {
    AUGMENTATION: (BadStep, BadDraw),
    LOSSES: (BadLoss,),
    METRICS: (BadMetric,),
    SCHEDULES: (BadSchedule,),
    OPTIMISERS: (BadOptimiser,),
}


@pytest.fixture(autouse=True)
def added():
    for registry, kinds in REGISTRIES.items():
        for kind in kinds:
            registry.register(kind)
    yield
    for registry, kinds in REGISTRIES.items():
        for kind in kinds:
            registry.unregister(kind.name)


def project(*, steps=(), **recipe):
    return Project(small_network(), DataSettings(steps=steps), settings(**recipe))


BAD = {
    "The augmentation step Bad step": {"steps": ("bad_step",)},
    "The augmentation step Bad draw": {"steps": ("bad_draw",)},
    "The loss Bad loss": {"loss": "bad_loss"},
    "The metric Bad metric": {"watch": "bad_metric"},
    "The schedule Bad schedule": {"schedule": "bad_schedule"},
    "The optimiser Bad optimiser": {"optimiser": "bad_optimiser"},
}


@pytest.mark.parametrize("who", BAD)
def test_a_choice_that_fails_is_named_and_ends_the_run(tmp_path, who):
    *_, failed = run_project(project(**BAD[who]), tmp_path / "run")
    assert isinstance(failed, Failed)
    assert failed.code == "crashed"
    assert failed.message.startswith(f"{who} ended unexpectedly: ")
    assert failed.message.endswith(f"The details are in {log_file()}.")
    assert RunFolder(tmp_path / "run").end() == failed
    assert "Traceback" in log_file().read_text()


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (OSError("no such device"), "crashed", "The augmentation step Bad step ended unexpectedly: OSError."),
        (SystemExit(3), "crashed", "The augmentation step Bad step ended unexpectedly: SystemExit."),
        (MemoryError(), "out_of_memory", "Memory is full: batch 64 does not fit."),
        (LayerloomError("Bad step takes images in colour."), "data", "Bad step takes images in colour."),
    ],
    ids=repr,
)
def test_each_kind_of_error_is_told_as_what_it_is(tmp_path, monkeypatch, error, code, message):
    monkeypatch.setattr(BadStep, "error", error)
    runner = Runner(project(steps=("bad_step",)), tmp_path / "run", threads=1)
    runner.start()
    assert runner.join(60)
    events = [runner.events.get() for _ in range(runner.events.qsize())]
    failed = events[-1]
    assert failed.code == code
    assert failed.message.startswith(message)
    assert any(isinstance(event, Started) for event in events)
    assert RunFolder(runner.path).end() == failed


def test_an_error_of_nobody_known_ends_the_run_too(tmp_path, monkeypatch):
    monkeypatch.setattr(Position, "is_best", fail)
    *_, failed = run_project(project(), tmp_path / "run")
    assert failed.message.startswith("Training ended unexpectedly: ZeroDivisionError.")
    assert RunFolder(tmp_path / "run").end() == failed


def test_the_command_line_says_that_training_failed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    save_project(project(steps=("bad_step",)), tmp_path / "mine.loom")
    assert run_command(["train", "mine.loom", "--run", "run", "--json"]) == 1
    out, err = capsys.readouterr()
    last = json.loads(out.splitlines()[-1])
    assert (last["event"], last["code"]) == ("failed", "crashed")
    assert err.startswith("The augmentation step Bad step ended unexpectedly: ZeroDivisionError.")
    assert "Traceback" not in err
    assert json.loads((tmp_path / "run" / "metrics.jsonl").read_text().splitlines()[-1]) == last


class Gone(BaseException):
    """What is no `Exception`."""


def test_a_thread_that_ends_in_any_way_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(BadStep, "error", Gone())
    runner = Runner(project(steps=("bad_step",)), tmp_path / "run", threads=1)
    runner.start()
    assert runner.join(60)
    events = [runner.events.get() for _ in range(runner.events.qsize())]
    assert events[-1].message.startswith("Training ended unexpectedly: Gone.")
