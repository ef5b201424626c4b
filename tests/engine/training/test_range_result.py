"""What losses along rising rates say, on curves whose answer is known."""

import numpy as np
import pytest

from engine.training.range_result import DIVERGED, has_diverged, rates_of, read, smoothed

BATCHES = 200
RATES = np.array(rates_of(BATCHES))


def curve(*, falls_at, rises_at=None, noise=0.0, seed=0, scale=1.0):
    """A loss that falls from 2 to 0.5 around a rate, and rises far beyond around another."""
    place = np.log10(RATES)
    loss = 2 - 1.5 / (1 + np.exp(-4 * (place - np.log10(falls_at))))
    if rises_at is not None:
        loss += 8 / (1 + np.exp(-6 * (place - np.log10(rises_at) - 0.5)))
    loss = scale * (loss + noise * np.random.default_rng(seed).standard_normal(BATCHES))
    end = next((i for i in range(1, BATCHES) if has_diverged(loss[:i].tolist())), BATCHES)
    return loss[:end].tolist()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("noise", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("falls_at", [1e-4, 3e-3, 0.1])
def test_the_suggestion_is_where_the_loss_falls_fastest(falls_at, noise, seed):
    losses = curve(falls_at=falls_at, rises_at=40 * falls_at, noise=noise, seed=seed)
    found = read(RATES[: len(losses)], losses, batches=BATCHES)
    assert 1 / 3 < found.suggested / falls_at < 3
    assert found.usable[0] <= found.suggested <= found.usable[1] <= found.lowest
    assert found.suggested < found.lowest < found.diverges < 100 * falls_at
    assert found.stopped_early == (falls_at < 0.1)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_the_unit_of_the_loss_changes_nothing(scale):
    plain, scaled = (curve(falls_at=1e-3, rises_at=0.1, noise=0.1, scale=one) for one in (1.0, scale))
    one, other = (read(RATES[: len(losses)], losses, batches=BATCHES) for losses in (plain, scaled))
    assert (one.suggested, one.usable, one.lowest, one.diverges) == (
        other.suggested,
        other.usable,
        other.lowest,
        other.diverges,
    )


@pytest.mark.parametrize("seed", range(30))
def test_chance_among_batches_is_no_fall(seed):
    losses = (2 + 0.5 * np.random.default_rng(seed).standard_normal(BATCHES)).tolist()
    found = read(RATES, losses, batches=BATCHES)
    assert (found.suggested, found.usable, found.lowest, found.diverges) == (None,) * 4
    assert found.words.startswith("The loss never fell")


def test_a_loss_that_stays_low_never_diverged():
    found = read(RATES, curve(falls_at=1e-3, noise=0.1), batches=BATCHES)
    assert found.diverges is None
    assert found.words.endswith("It never diverged up to 10.")


def test_a_loss_that_falls_back_to_where_it_began_has_diverged_though_it_never_exploded():
    losses = np.array(curve(falls_at=1e-3))
    losses[150:] = 2.0
    found = read(RATES, losses.tolist(), batches=BATCHES)
    assert found.diverges == pytest.approx(RATES[150], rel=0.2)


def test_smoothing_moves_nothing_and_one_explosion_says_nothing_of_what_was_before():
    step = np.where(np.arange(BATCHES) < 100, 2.0, 1.0)
    assert np.interp(-1.5, -smoothed(step.tolist(), BATCHES), np.arange(BATCHES)) == pytest.approx(99.5, abs=0.1)
    exploded = [*step[:150].tolist(), 1e30]
    assert smoothed(exploded, BATCHES)[:135] == pytest.approx(smoothed(step[:150].tolist(), BATCHES)[:135], rel=1e-2)


def test_a_loss_below_0_can_diverge_too():
    assert not has_diverged([-2.0] * 30)
    assert has_diverged([-2.0] * 30 + [0.0] * 60)
    assert has_diverged([1.0] * 30 + [DIVERGED + 0.1] * 60)
    assert not has_diverged([1.0, 9.0])


def test_usable_rates_fall_a_third_as_fast_as_the_fastest():
    place, middle, steepness = np.log(RATES), np.log(1e-3), 0.5
    found = read(RATES, (2 - 1.5 / (1 + np.exp(-steepness * (place - middle)))).tolist(), batches=BATCHES)
    share = (1 + np.sqrt(1 - 4 / 12)) / 2  # of a logistic curve, whose slope is share·(1 − share): a third of 1/4
    reach = np.log(share / (1 - share)) / steepness
    assert np.log(found.usable) == pytest.approx([middle - reach, middle + reach], abs=0.2)


def test_usable_rates_end_at_half_of_where_the_loss_is_lowest():
    losses = [2 - batch / 100 if batch < 100 else 1 + (batch - 100) / 2000 for batch in range(BATCHES)]
    found = read(RATES, losses, batches=BATCHES)
    assert found.suggested < found.usable[1] == pytest.approx(found.lowest / 2)


def test_a_fall_after_the_lowest_loss_is_none_to_learn_by():
    losses = [2.0 - max(0, batch - 60) / 60 for batch in range(120)] + [3.9] * 10 + [1.6] * 70
    found = read(RATES, losses, batches=BATCHES)
    assert RATES[60] < found.suggested < found.lowest < RATES[125]
