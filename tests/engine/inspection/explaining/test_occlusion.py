"""What is lost under a patch, against an image that is covered by hand."""

import numpy as np
import pytest
import torch
from explained_by_hand import lens_on, pixels_for

from engine.errors import LayerloomError
from engine.inspection import Occlusion
from engine.inspection.sight import Asked
from engine.layers import LAYERS
from templates import build


@pytest.fixture(scope="module")
def lens():
    return lens_on(build("lenet5", input_size=20))


def by_hand(lens, pixels, *, patch, stride, paint, of, against=None):
    """The value of each pixel, by covering the image for it alone."""
    image = lens.prepare(pixels)
    found = np.zeros(image.shape[2:])

    def lead(x):
        scores = lens.scores(x)[0]
        return float(scores[of] - (0 if against is None else scores[against]))

    for row in range(found.shape[0]):
        for column in range(found.shape[1]):
            covered = image.clone()
            for place in range(patch * patch):
                y = row // stride * stride - (patch - stride) // 2 + place // patch
                x = column // stride * stride - (patch - stride) // 2 + place % patch
                if 0 <= y < found.shape[0] and 0 <= x < found.shape[1]:
                    covered[0, :, y, x] = paint
            found[row, column] = lead(image) - lead(covered)
    return found


@pytest.mark.parametrize(
    ("patch", "stride", "fill"), [(5, 1, "mean"), (4, 4, "black"), (6, 3, "white"), (7, 4, "image"), (20, 20, "mean")]
)
@pytest.mark.parametrize("against", [None, 9])
def test_each_cell_has_what_its_patch_costs(lens, patch, stride, fill, against):
    pixels = pixels_for(lens)
    image = lens.prepare(pixels)
    paint = {"mean": 0, "black": -1, "white": 1, "image": image.mean()}[fill]
    expected = by_hand(lens, pixels, patch=patch, stride=stride, paint=paint, of=2, against=against)
    view = Occlusion(target=2, against=against, patch=patch, stride=stride, fill=fill)
    found = lens.show(Asked(view), pixels)
    np.testing.assert_allclose(found.array, expected, atol=1e-5 * np.abs(expected).max())
    scores = lens.scores(image)[0]
    assert found.explained.score == scores[2].item()
    assert (found.explained.against, found.explained.against_score) == (
        (None, 0.0) if against is None else (9, scores[9].item())
    )
    assert (found.patch, found.stride, found.done) == (patch, stride, 1.0)
    for cover, extreme in ((found.most, expected.max()), (found.least, expected.min())):
        assert cover.loss == pytest.approx(extreme, rel=1e-4)
        covered = image.clone()
        covered[:, :, cover.row : cover.row + cover.height, cover.column : cover.column + cover.width] = paint
        lost = (scores - lens.scores(covered)[0]).numpy()
        assert lost[2] - (0 if against is None else lost[9]) == pytest.approx(extreme, rel=1e-4)


def test_the_mean_of_an_image_has_its_colour():
    network = build("lenet5", input_size=20)
    network.set_layer("input", LAYERS["Input"](channels=3, height=20, width=20))
    lens = lens_on(network)
    pixels = pixels_for(lens) // np.uint8([[[8]], [[2]], [[1]]])
    paint = lens.prepare(pixels)[0].mean(dim=(1, 2))
    expected = by_hand(lens, pixels, patch=10, stride=10, paint=paint, of=2)
    found = lens.show(Asked(Occlusion(target=2, patch=10, stride=10, fill="image")), pixels)
    np.testing.assert_allclose(found.array, expected, atol=1e-5 * np.abs(expected).max())


def test_it_comes_row_by_row(lens):
    pixels = pixels_for(lens)
    steps = list(lens.steps(Asked(Occlusion(patch=6, stride=4)), pixels))
    assert [step.done for step in steps] == [0.2, 0.4, 0.6, 0.8, 1.0]
    whole = steps[-1]
    for number, step in enumerate(steps, start=1):
        np.testing.assert_array_equal(step.values[: 4 * number], whole.values[: 4 * number])
        assert not step.values[4 * number :].any()
        assert np.isnan(step.losses[number:]).all()
        assert step.most.loss == step.losses[:number].max()
    assert not np.isnan(whole.losses).any()


@pytest.mark.parametrize(
    ("size", "settings", "expected"),
    [
        (20, {}, (3, 1)),
        (32, {}, (5, 1)),
        (64, {}, (11, 1)),
        (224, {}, (37, 14)),
        (32, {"patch": 1}, (1, 1)),
        (32, {"stride": 8}, (8, 8)),
        (224, {"patch": 9}, (9, 9)),
    ],
)
def test_what_is_left_out_follows_the_size_of_the_image(size, settings, expected):
    from engine.inspection.explaining.covering import Covering

    patch, stride = settings.get("patch"), settings.get("stride")
    covering = Covering.of(torch.zeros(1, 3, size, size + 5), patch=patch, stride=stride)
    assert (covering.patch, covering.stride) == expected


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"patch": 21}, "A patch of 21 px is larger than the image, 20×20."),
        ({"patch": 4, "stride": 5}, "With a stride of 5 px a patch of 4 px leaves gaps: take at most 4."),
        ({"stride": 21}, "With a stride of 21 px a patch of 20 px leaves gaps: take at most 20."),
        ({"against": 10}, "The network has no class 10: they are counted from 0 to 9."),
        ({"target": -1}, "The network has no class -1: they are counted from 0 to 9."),
    ],
)
def test_what_does_not_fit_the_image_is_told(lens, settings, sentence):
    with pytest.raises(LayerloomError) as caught:
        lens.show(Asked(Occlusion(**settings)), pixels_for(lens))
    assert str(caught.value) == sentence


def test_a_covered_image_whose_scores_are_no_numbers_is_told(lens, monkeypatch):
    plain = type(lens).scores
    monkeypatch.setattr(type(lens), "scores", lambda self, image: plain(self, image) / 0)
    with pytest.raises(LayerloomError, match="The scores are NaN or infinite"):
        lens.show(Asked(Occlusion()), pixels_for(lens))


def test_a_patch_has_limits():
    for settings in ({"patch": 0}, {"stride": 0}, {"patch": 5000}, {"fill": "pink"}):
        with pytest.raises(ValueError):
            Occlusion(**settings)
