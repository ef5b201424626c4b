"""Most steps of a long run are not logged, but the last of an epoch are, and the last health."""

import pytest

from engine.runs.run_folder import RunFolder
from engine.runs.run_writer import RunWriter
from engine.training.events import EpochDone, Failed, Finished, Health, HealthMeasured, StepDone

HOURS = 3600.0


def step(number):
    return StepDone(1, number, number, 0.5, 0.01, 100.0)


def health(number):
    return HealthMeasured(1, number, {"conv": Health(0.1 * number, 1e-3)})


@pytest.fixture
def writer(tmp_path):
    """The writer of a run that has trained for so long that no step is due."""
    (tmp_path / "run.json").write_text("{}", "utf-8")
    writer = RunWriter(RunFolder(tmp_path))
    writer._began -= 100 * HOURS
    return writer


def logged(writer):
    return list(writer.folder.events())


EPOCH = EpochDone(1, {"loss": 0.5}, {"loss": 0.6}, 2.0, best=True)


def test_the_last_step_of_an_epoch_stands_before_it(writer):
    for number in (1, 2, 3):
        writer.log(step(number))
        writer.log(health(number))
    writer.log(EPOCH)
    writer.log(EPOCH)
    assert logged(writer) == [step(3), EPOCH, EPOCH]


@pytest.mark.parametrize("end", [Finished(1, False, 1, 2.0), Failed("data", "It is gone.", "Look for it.")])
def test_a_run_that_has_ended_has_its_last_step_and_its_last_health(writer, end):
    for number in (1, 2):
        writer.log(step(number))
        writer.log(health(number))
    writer.log(end)
    assert logged(writer) == [step(2), health(2), end]


def test_nothing_older_follows_what_was_logged(writer):
    writer.log(step(1))
    writer.log(health(1))
    writer._began += 100 * HOURS
    writer._logged -= HOURS
    writer.log(step(2))
    writer._logged -= HOURS
    writer.log(health(2))
    end = Finished(1, False, 1, 2.0)
    writer.log(end)
    assert logged(writer) == [step(2), health(2), end]
