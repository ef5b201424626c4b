"""The learning rate changed while a run trains: told, kept, and the same again."""

import pytest
from pydantic import ValidationError
from small_training import curve, settings, small_network, steps

from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.project import Project
from engine.project.values import with_values
from engine.recipe.recipe import Recipe
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.training.control import Control, Next
from engine.training.events import Finished, RateChanged

PER_EPOCH = 20


class Steers(Control):
    """Changes the rate before some steps, and stops before one."""

    def __init__(self, rates, stop=None):
        super().__init__()
        self.rates, self.last, self.step = rates, stop, 0

    def next(self):
        self.step += 1
        if self.step == self.last:
            self.stop()
        elif self.step in self.rates:
            self.set_learning_rate(self.rates[self.step])
        return Next.STOP if self.stopped else super().next()


def made(**values):
    wanted = {"epochs": 2, "learning_rate": 0.01, "schedule": "constant", "optimiser": "sgd", **values}
    return Project(small_network(dropout=0.3), DataSettings(), settings(**wanted))


def changes(events):
    return [(event.epoch, event.step, event.learning_rate) for event in events if isinstance(event, RateChanged)]


def test_a_change_holds_from_the_next_step_and_is_kept(tmp_path):
    events = list(run_project(made(), tmp_path / "run", control=Steers({5: 0.1, 27: 0.002})))
    assert changes(events) == [(1, 5, 0.1), (2, 27, 0.002)]
    by_step = {step: rate for step, _, rate in steps(events)}
    expected = {step: 0.01 if step < 5 else 0.1 if step < 27 else 0.002 for step in by_step}
    assert by_step == expected
    run = RunFolder(tmp_path / "run")
    assert run.project().training.rate_changes == ((5, 0.1), (27, 0.002))
    assert changes(run.events()) == changes(events)


def test_the_run_can_be_repeated(tmp_path):
    steered = list(run_project(made(), tmp_path / "run", control=Steers({5: 0.1, 27: 0.002})))
    again = list(run_project(RunFolder(tmp_path / "run").project(), tmp_path / "again"))
    assert curve(again) == curve(steered)
    assert changes(again) == changes(steered)
    assert curve(again) != curve(list(run_project(made(), tmp_path / "plain")))


@pytest.mark.parametrize("stop", [4, 5, 6, 22, 27, 28])
def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(tmp_path, stop):
    whole = list(run_project(made(), tmp_path / "whole", control=Steers({5: 0.1, 27: 0.002})))
    begun = list(run_project(made(), tmp_path / "run", control=Steers({5: 0.1, 27: 0.002}, stop=stop)))
    assert begun[-1].stopped
    run = RunFolder(tmp_path / "run")
    rest = Steers({step - stop + 1: rate for step, rate in {5: 0.1, 27: 0.002}.items()})
    events = list(run_project(run.project(), run.path, control=rest, resume=True))
    assert isinstance(events[-1], Finished)
    assert curve(run.events()) == curve(whole)
    assert changes(run.events()) == changes(whole)
    assert run.project().training.rate_changes == ((5, 0.1), (27, 0.002))


def test_the_schedule_goes_on_from_the_new_rate():
    recipe = Recipe(epochs=2, learning_rate=0.1, schedule="cosine")
    changed = recipe.with_rate(21, 0.01)
    assert [changed.rate(step, 40) for step in range(1, 21)] == [recipe.rate(step, 40) for step in range(1, 21)]
    later = [recipe.rate(step, 40) / 10 for step in range(21, 41)]
    assert [changed.rate(step, 40) for step in range(21, 41)] == pytest.approx(later)


def test_a_change_takes_the_place_of_those_to_come():
    recipe = Recipe(rate_changes=((5, 0.1), (9, 0.2)))
    assert recipe.with_rate(9, 0.2) is recipe
    assert recipe.with_rate(7, 0.3).rate_changes == ((5, 0.1), (7, 0.3))
    assert recipe.with_rate(5, 0.3).rate_changes == ((5, 0.3),)


def test_a_learning_rate_that_is_set_holds_for_all_of_the_run():
    project = Project(training=Recipe(rate_changes=((5, 0.1),)))
    assert with_values(project, {"training.learning_rate": "0.5"}).training.rate_changes == ()
    assert with_values(project, {"training.epochs": "9"}).training.rate_changes == ((5, 0.1),)


@pytest.mark.parametrize(
    "rows", [((5, 0.1), (5, 0.2)), ((9, 0.1), (5, 0.2)), ((0, 0.1),), ((1.5, 0.1),), ((1, 0),), ((1, 101),)]
)
def test_changes_that_cannot_be_are_refused(rows):
    with pytest.raises(ValidationError, match="of the rate changes are"):
        Recipe(rate_changes=rows)


@pytest.mark.parametrize("rate", [0, -1, 101, float("nan")])
def test_a_rate_that_cannot_be_is_refused_before_it_is_taken_up(rate):
    control = Control()
    with pytest.raises(LayerloomError, match="must be above 0 and at most 100"):
        control.set_learning_rate(rate)
    assert control.take_learning_rate() is None
