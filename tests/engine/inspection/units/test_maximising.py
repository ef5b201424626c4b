"""Pictures climb: the unit gives more for them, the same seed gives the same, and they are pictures all along."""

import numpy as np
import pytest
import torch
from unit_parts import lens_on, line, small, unchanged

from engine.compiling.taps import feature_maps
from engine.errors import LayerloomError
from engine.inspection import Maximise
from engine.inspection.fitting import computed
from engine.inspection.sight import Asked
from engine.inspection.units.maximising import maximise

QUICK = Maximise(adam_steps=40)


def answer(lens, node, picture, unit):
    """What a unit gives in the middle of its map for a picture from 0 to 1, without the code that drew it."""
    mean, std = lens.normalisation.mean[0], lens.normalisation.std[0]
    values = feature_maps(lens.module, torch.from_numpy((picture[None] - mean) / std).float(), (node,))[node][0, unit]
    return values[values.shape[0] // 2, values.shape[1] // 2] if values.ndim else values


@pytest.mark.parametrize("node", ["l1", "l3", "l4", "l6", "l7", "l9", "l10", "output"])
def test_every_kind_of_layer_gives_more_for_its_picture(node):
    lens = lens_on(small())
    units = range(computed(lens, node)[0])
    with unchanged(lens):
        *_, pictures = maximise(lens, node, units, QUICK)
    for unit, one in zip(units, pictures, strict=True):
        assert one.values.shape == (1, 12, 12)
        assert 0 <= one.values.min() <= one.values.max() <= 1
        assert one.answer == pytest.approx(answer(lens, node, one.values, unit), rel=1e-3, abs=1e-4)
        assert one.answer > one.before


def test_a_unit_that_starts_below_0_comes_to_life():
    lens = lens_on(line(("Conv2d", {"out_channels": 2}), ("ReLU", {}), ("MaxPool2d", {})))
    lens.module.l1.bias.fill_(-0.5)
    *_, (one,) = maximise(lens, "l3", (0,), QUICK)
    assert (one.before, one.answer > 0) == (0, True)


def test_a_seed_gives_the_same_picture_bit_by_bit_and_another_seed_another():
    def drawn(seed):
        *_, pictures = maximise(lens_on(small()), "l6", (1, 4), Maximise(adam_steps=20, seed=seed))
        return np.stack([one.values for one in pictures])

    np.testing.assert_array_equal(drawn(3), drawn(3))
    assert not np.array_equal(drawn(3), drawn(4))


def test_whoever_stops_keeps_the_pictures_so_far():
    lens = lens_on(small())
    with unchanged(lens):
        events = maximise(lens, "l6", (0, 1), QUICK)
        next(events)
        so_far = next(events)
        events.close()
    assert [(one.step, one.steps) for one in so_far] == [(20, 40)] * 2
    *_, whole = maximise(lens, "l6", (0, 1), QUICK.model_copy(update={"adam_steps": 20}))
    np.testing.assert_array_equal([one.values for one in so_far], [one.values for one in whole])


def test_weights_of_smoothness_and_grey_do_what_they_say():
    def drawn(**settings):
        *_, (one,) = maximise(lens_on(small()), "l9", (0,), Maximise(adam_steps=60, **settings))
        return one.values

    plain, smooth, grey = drawn(), drawn(smooth=400), drawn(grey=400)
    assert np.abs(np.diff(smooth)).mean() < np.abs(np.diff(plain)).mean()
    assert np.abs(grey - 0.5).mean() < np.abs(plain - 0.5).mean()


def test_the_mean_of_a_map_can_climb_in_place_of_its_middle():
    lens = lens_on(small())
    *_, (one,) = maximise(lens, "l6", (2,), Maximise(adam_steps=40, where="mean"))
    assert one.answer > one.before
    assert one.seen == ((0, 11), (0, 11))


def test_the_view_shows_each_step_and_gives_the_last():
    lens = lens_on(small())
    steps = list(lens.steps(Asked(Maximise(unit=3, adam_steps=25), "l6")))
    assert [one.step for one in steps] == [10, 20, 25]
    np.testing.assert_array_equal(lens.show(Asked(Maximise(unit=3, adam_steps=25), "l6")).array, steps[-1].array)


@pytest.mark.parametrize(
    ("node", "unit", "sentence"),
    [
        ("l6", 8, "l6 has no unit 8"),
        ("l5", 0, "l5 gives NaN or infinity"),
        ("l99", 0, "There is no layer called 'l99'"),
    ],
)
def test_what_cannot_be_maximised_is_told(node, unit, sentence):
    lens = lens_on(small())
    if node == "l5":
        lens.module.l5.weight.fill_(1e38)
    with unchanged(lens), pytest.raises(LayerloomError, match=sentence):
        lens.show(Asked(Maximise(unit=unit), node))
