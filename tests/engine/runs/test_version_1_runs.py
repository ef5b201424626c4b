"""Runs of version 1 are read, evaluated and gone on with as version 1 did it."""

import importlib.util
import json
import math
import shutil
from functools import partial
from pathlib import Path

import pytest
import torch

from engine.evaluation.evaluating import evaluate
from engine.evaluation.predicting import predict
from engine.project.migrations import VERSION
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.training.events import EpochDone, Failed, Finished, Started, to_json

PLACE = Path(__file__).parents[2] / "golden" / "version1"
RUNS = sorted(path.name for path in (PLACE / "runs").iterdir())
STOPPED = ("stopped_adamw", "stopped_sgd")
NEW_KEYS = {
    "metrics",
    "watched",
    "changes",
    "unread",
    "waited",
    "slowest",
    "class_images",
}  # what was added to events since
TIMES = {"seconds", "images_per_second"}


def expected(name):
    return json.loads((PLACE / "runs" / name / "expected.json").read_text("utf-8"))


@pytest.fixture
def images(tmp_path):
    spec = importlib.util.spec_from_file_location("make_images", PLACE / "make_images.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.make(tmp_path / "images")
    return tmp_path / "images"


@pytest.fixture
def run_of(tmp_path, images):
    def copied(name):
        copy = tmp_path / name
        shutil.copytree(PLACE / "runs" / name, copy)
        file = copy / "project.loom"
        file.write_text(file.read_text("utf-8").replace("/data/images", str(images)), "utf-8")
        return RunFolder(copy)

    return copied


@pytest.fixture
def one_thread():
    """As many threads as the runs of version 1 had: more would add up in another order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def plain(events):
    kept = [to_json(event) for event in events if isinstance(event, Started | EpochDone | Finished | Failed)]
    return [{key: value for key, value in event.items() if key not in NEW_KEYS | TIMES} for event in kept]


def close(found, wanted, *, rel_tol=1e-4):
    """Equal, but for the last digits of numbers: another machine adds them up in another order."""
    again = partial(close, rel_tol=rel_tol)
    if isinstance(wanted, dict):
        return found.keys() >= wanted.keys() and all(again(found[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(again, found, wanted))
    if isinstance(wanted, float) and isinstance(found, int | float):
        return math.isclose(found, wanted, rel_tol=rel_tol, abs_tol=1e-5)
    return found == wanted


# Before a batch norm the gradient of a bias is nothing but rounding, of which Adam makes whole steps: another kernel
# rounds otherwise, and running averages that lag behind the bias show that in evaluation.
gone_on = partial(close, rel_tol=1e-3)


@pytest.mark.parametrize("name", RUNS)
def test_its_events_are_read(name, run_of):
    assert plain(run_of(name).events()) == expected(name)["events"]


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("part", ["validation", "test"])
def test_it_is_evaluated_alike(name, part, run_of):
    assert close(evaluate(run_of(name), part).to_json(), expected(name)[f"evaluate_{part}"])


@pytest.mark.parametrize("name", RUNS)
def test_it_predicts_alike(name, run_of, images):
    found = [prediction.to_json() for prediction in predict(run_of(name), sorted(images.rglob("000.png")), top=3)]
    for row in found:
        row["image"] = "/".join(Path(row["image"]).parts[-2:])
    assert close(found, expected(name)["predict"])


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("name", STOPPED)
def test_it_goes_on_as_if_it_had_never_stopped(name, run_of):
    run = run_of(name)
    events = list(run_project(run.project(), run.path, resume=True))
    assert gone_on(plain(events), expected(name)["resume"])
    assert gone_on(plain(run.events()), expected(name)["metrics_after_resume"])
    assert gone_on(evaluate(run, "test").to_json(), expected(name)["evaluate_test_after_resume"])
    assert run.record.version == 1  # what it began as
    assert json.loads(run.project_file.read_text("utf-8"))["version"] == VERSION


def test_a_failure_offers_what_its_hint_says(run_of):
    failure = run_of("failed_not_finite").end()
    assert failure.changes == {"learning_rate": 0.1}
    assert "Try 0.1 in a new run" in failure.hint
