"""Every schedule against the one of the same name in torch, over 100 steps."""

import math
import random
import warnings

import pytest
import torch
from torch.optim import SGD, lr_scheduler

from engine.recipe.recipe import Recipe
from engine.recipe.schedules import SCHEDULES, Plateau

RATE, STEPS, EPOCHS = 0.2, 100, 20
PER_EPOCH = STEPS // EPOCHS


def optimiser(**settings):
    return SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE, momentum=0.9, **settings)


def rates_of_torch(made, scheduler, *, by_epoch, steps=STEPS):
    found = []
    for step in range(1, steps + 1):
        found.append((made.param_groups[0]["lr"], made.param_groups[0]["momentum"]))
        made.step()
        if not by_epoch or step % PER_EPOCH == 0:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # one-cycle of torch ends with its last step
                if step < steps:
                    scheduler.step()
    return found


def ours(schedule, **values):
    recipe = Recipe(learning_rate=RATE, epochs=EPOCHS, schedule=schedule, **values)
    return [(recipe.rate(step, STEPS), recipe.momentum(step, STEPS)) for step in range(1, STEPS + 1)]


@pytest.mark.parametrize(
    ("schedule", "theirs", "by_epoch"),
    [
        ({"name": "step", "step_size": 3, "gamma": 0.5}, lambda o: lr_scheduler.StepLR(o, 3, 0.5), True),
        (
            {"name": "step", "milestones": [2, 7, 15], "gamma": 0.3},
            lambda o: lr_scheduler.MultiStepLR(o, [2, 7, 15], 0.3),
            True,
        ),
        ({"name": "exponential", "gamma": 0.9}, lambda o: lr_scheduler.ExponentialLR(o, 0.9), True),
        ("constant", lambda o: lr_scheduler.LambdaLR(o, lambda _: 1.0), False),
        (
            {"name": "cosine", "rise": 0, "eta_min": 0.01},
            lambda o: lr_scheduler.CosineAnnealingLR(o, STEPS, eta_min=0.01),
            False,
        ),
        *(
            (
                {"name": "one_cycle", "anneal_strategy": course, "three_phase": three, "pct_start": rise},
                lambda o, course=course, three=three, rise=rise: lr_scheduler.OneCycleLR(
                    o, RATE, total_steps=STEPS, anneal_strategy=course, three_phase=three, pct_start=rise
                ),
                False,
            )
            for course in ("cos", "linear")
            for three in (False, True)
            for rise in (0.3, 0.45)
        ),
    ],
)
def test_rates_are_those_of_torch(schedule, theirs, by_epoch):
    made = optimiser()
    expected = rates_of_torch(made, theirs(made), by_epoch=by_epoch)
    found = ours(schedule)
    assert [rate for rate, _ in found] == pytest.approx([rate for rate, _ in expected], abs=1e-6)
    cycled = [(mine, momentum) for (_, mine), (_, momentum) in zip(found, expected, strict=True) if mine is not None]
    assert [mine for mine, _ in cycled] == pytest.approx([momentum for _, momentum in cycled], abs=1e-6)
    assert bool(cycled) == (found[0][1] is not None)


@pytest.mark.parametrize("higher_is_better", [True, False])
@pytest.mark.parametrize("settings", [{}, {"patience": 1, "cooldown": 3, "factor": 0.5, "threshold": 0.01}])
@pytest.mark.parametrize("least", [0.0, 0.004])
def test_a_plateau_lowers_the_rate_when_torch_does(higher_is_better, settings, least):
    chosen = Plateau(**{"patience": 4, "min_lr": least, **settings})
    made = optimiser()
    scheduler = lr_scheduler.ReduceLROnPlateau(
        made, mode="max" if higher_is_better else "min", eps=0.0, **chosen.model_dump()
    )
    recipe = Recipe(learning_rate=RATE, epochs=STEPS, schedule=chosen)
    draw, state = random.Random(3), {}
    for epoch in range(1, STEPS + 1):
        assert recipe.rate(epoch, STEPS, state) == pytest.approx(made.param_groups[0]["lr"], abs=1e-6)
        figure = draw.uniform(0.5, 1.0) * (1 - math.exp(-epoch / 20) if higher_is_better else math.exp(-epoch / 20))
        state = chosen.after(state, figure, higher_is_better=higher_is_better)
        made.step()
        scheduler.step(figure)
    assert state["falls"] > 1


@pytest.mark.parametrize("name", list(SCHEDULES))
def test_a_warm_up_rises_to_where_the_schedule_begins(name):
    warmed = [rate for rate, _ in ours(name, warm_up=2)]
    rising = 2 * PER_EPOCH
    first = warmed[rising]
    assert warmed[: rising + 1] == pytest.approx([first * step / (rising + 1) for step in range(1, rising + 2)])
    assert max(warmed) <= RATE * (1 + 1e-12)
    assert min(warmed) > 0


def test_a_warm_up_keeps_the_first_momentum_and_a_cycle_follows():
    rising = 2 * PER_EPOCH
    warmed = [momentum for _, momentum in ours("one_cycle", warm_up=2)]
    assert warmed[:rising] == [0.95] * rising
    made = optimiser()
    scheduler = lr_scheduler.OneCycleLR(made, RATE, total_steps=STEPS - rising)
    expected = rates_of_torch(made, scheduler, by_epoch=False, steps=STEPS - rising)
    assert warmed[rising:] == pytest.approx([momentum for _, momentum in expected], abs=1e-6)


@pytest.mark.parametrize("name", ["constant", "step", "exponential", "plateau"])
def test_a_warm_up_leaves_the_epochs_where_they_were(name):
    plain, warmed = ours(name), ours(name, warm_up=2)
    assert warmed[2 * PER_EPOCH :] == plain[2 * PER_EPOCH :]


def test_a_warm_up_takes_the_place_of_the_rise_of_a_cosine():
    warmed = [rate for rate, _ in ours("cosine", warm_up=2)]
    assert warmed[2 * PER_EPOCH] == RATE
    assert warmed[2 * PER_EPOCH :] == sorted(warmed[2 * PER_EPOCH :], reverse=True)


def test_a_warm_up_longer_than_the_run_still_reaches_its_end():
    rates = [rate for rate, _ in ours("constant", warm_up=1000)]
    assert rates == pytest.approx([RATE * step / STEPS for step in range(1, STEPS + 1)])


@pytest.mark.parametrize("steps", [1, 2, 3])
@pytest.mark.parametrize("name", list(SCHEDULES))
def test_the_shortest_runs_have_rates(name, steps):
    recipe = Recipe(learning_rate=RATE, epochs=1, schedule=name, warm_up=0.5)
    assert all(0 < recipe.rate(step, steps) <= RATE for step in range(1, steps + 1))


def test_a_lowest_rate_above_the_one_that_was_set_raises_nothing():
    for schedule in ({"name": "cosine", "eta_min": 1, "rise": 0}, {"name": "plateau", "min_lr": 1}):
        assert [rate for rate, _ in ours(schedule)] == pytest.approx([RATE] * STEPS)


def test_only_what_goes_by_the_figures_of_a_run_depends_on_it():
    assert [name for name, kind in SCHEDULES.items() if kind.depends_on_run] == ["plateau"]
