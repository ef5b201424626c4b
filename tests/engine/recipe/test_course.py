"""The course of the learning rate is the rate of every step, and its words tell the truth of it."""

import pytest

from engine.choices import ChoiceFailedError
from engine.recipe.course import course_of
from engine.recipe.recipe import Recipe
from engine.recipe.schedules import SCHEDULES, Constant

KNOWN = [name for name, kind in SCHEDULES.items() if not kind.depends_on_run]


@pytest.mark.parametrize("warm_up", [0, 1.3])
@pytest.mark.parametrize("name", KNOWN)
def test_a_course_has_the_rates_of_the_training_code_and_the_highest_of_all(name, warm_up):
    recipe = Recipe(epochs=7, schedule=name, warm_up=warm_up)
    course = course_of(recipe, 211)
    every = {step: recipe.rate(step, course.steps) for step in range(1, 7 * 211 + 1)}
    assert course.steps == 7 * 211
    assert list(course.rates) == sorted(course.rates)
    assert course.rates == {step: every[step] for step in course.rates}
    assert course.rates[course.peak] == max(every.values())
    assert {1, course.steps} <= set(course.rates)
    assert course.rises == (max(every.values()) > every[1])


def test_the_words_of_one_cycle():
    recipe = Recipe(epochs=30, learning_rate=0.001, schedule="one_cycle")
    words = course_of(recipe, 188).words()
    assert words == "4e-5 → 0.001 in 1\u202f692 steps, then → 4e-9 in 3\u202f948."


@pytest.mark.parametrize(
    ("schedule", "warm_up", "words"),
    [
        ("constant", 0, "0.01 for 20 steps."),
        ("constant", 1, "0.00333 → 0.01 in 3 steps, then → 0.01 in 17."),
        ({"name": "step", "step_size": 5}, 0, "0.01 → 0.001 in 20 steps."),
    ],
)
def test_the_words_of_others(schedule, warm_up, words):
    recipe = Recipe(epochs=10, learning_rate=0.01, schedule=schedule, warm_up=warm_up)
    assert course_of(recipe, 2).words() == words


def test_one_step_and_a_million():
    assert course_of(Recipe(epochs=1, schedule="constant"), 1).words() == "0.003 for 1 step."
    course = course_of(Recipe(epochs=100, schedule={"name": "one_cycle", "pct_start": 0.123_457}), 10_000)
    assert course.peak in (123_457, 123_458)
    assert len(course.rates) < 2000


def test_what_depends_on_the_run_has_none_and_a_schedule_that_fails_is_blamed(monkeypatch):
    assert course_of(Recipe(schedule="plateau"), 10) is None
    monkeypatch.setattr(Constant, "rate", lambda *_: 1 / 0)
    with pytest.raises(ChoiceFailedError, match="Constant"):
        course_of(Recipe(schedule="constant"), 10)
