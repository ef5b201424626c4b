"""What excites units most is what a search through all values at once finds."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from unit_parts import lens_on, line, small, unchanged

from engine.compiling.taps import feature_maps
from engine.data.progress import CancelledError, Progress, finished
from engine.errors import LayerloomError
from engine.inspection import TopPatches
from engine.inspection.lens import Lens
from engine.inspection.sight import Asked
from engine.inspection.units import search as searching
from engine.inspection.units.answers import TOP
from engine.inspection.units.patches import patches_of
from engine.inspection.units.search import Found, search, search_words, seconds_of_a_search
from engine.network.reach import reach_of
from engine.tasks import Classification

STEPS = line(("Conv2d", {"out_channels": 5, "kernel_size": 3}), ("ThresholdUnit", {}), ("AvgPool2d", {}))


def all_values(lens, part, nodes):
    """What the nodes give for each image of a part, in order: (N, U, cells)."""
    split = lens.data.splits[part]
    pixels = torch.from_numpy(split.images(np.arange(len(split)))).float() / 255
    mean, std = (torch.tensor(one).view(1, -1, 1, 1) for one in (lens.normalisation.mean, lens.normalisation.std))
    found = feature_maps(lens.module, (pixels - mean) / std, nodes)
    return {node: value.reshape(*value.shape[:2], -1) for node, value in found.items()}


def brute(values, per_image):
    """The nine strongest of one unit ``(N, cells)`` as (value, image, cell): sorted, of equal ones the first."""
    cells = (
        values.argmax(axis=1)[:, None] if per_image == "one" else np.tile(np.arange(values.shape[1]), (len(values), 1))
    )
    places = [(-values[image, cell], image, cell) for image in range(len(values)) for cell in cells[image]]
    return [(-value, image, cell) for value, image, cell in sorted(places)[:TOP]]


def found_by(lens, nodes, **options):
    return finished(search(lens, nodes, **options), None)


@pytest.mark.parametrize("at_once", [2**24, 5_000])
@pytest.mark.parametrize(("network", "nodes"), [(small(), ["l1", "l3", "l4", "l6", "l9"]), (STEPS, ["l2", "l3"])])
def test_top_places_are_those_of_a_search_through_everything(network, nodes, at_once, monkeypatch):
    monkeypatch.setattr(searching, "_MOST_VALUES", at_once)
    lens = lens_on(network)
    with unchanged(lens):
        found = found_by(lens, nodes)
    for node, values in all_values(lens, "test", nodes).items():
        answers = found.answers[node]
        grid = answers.grid
        for per_image, top in answers.tops.items():
            for unit in range(answers.units):
                expected = brute(values[:, unit], per_image)
                cells = top.rows[unit] * grid[1] + top.columns[unit]
                assert list(zip(top.images[unit], cells, strict=True)) == [place[1:] for place in expected], node
                np.testing.assert_allclose(top.values[unit], [place[0] for place in expected], rtol=1e-5, atol=1e-6)
    assert found.notes == ()


def test_figures_are_those_of_all_values():
    lens = lens_on(small())
    answers = found_by(lens, ["l3"], part="validation").answers["l3"]
    values = all_values(lens, "validation", ["l3"])["l3"]
    labels, best = lens.data.validation.targets.values, values.max(axis=2)
    assert (answers.images, answers.of, answers.classes) == (len(values), len(values), lens.data.classes)
    np.testing.assert_allclose(answers.highest, best.max(axis=0), rtol=1e-5)
    np.testing.assert_allclose(answers.lowest, values.min(axis=(0, 2)), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(answers.cells_above, (values > 0).mean(axis=(0, 2)))
    np.testing.assert_allclose(answers.images_above, (best > 0).mean(axis=0))
    means = [best[labels == label].mean(axis=0) for label in range(10)]
    np.testing.assert_allclose(answers.class_means, np.transpose(means), rtol=1e-5)
    np.testing.assert_array_equal(answers.class_images, np.bincount(labels))
    np.testing.assert_array_equal(answers.best_class, np.argmax(means, axis=0))
    for unit in range(answers.units):
        edges = answers.bins_from[unit] + np.arange(65) * answers.bin_width[unit]
        for label in range(10):
            expected, _ = np.histogram(best[labels == label, unit].astype(np.float64), edges)
            assert answers.counts[unit, label].tolist() == expected.tolist()
    assert answers.counts.sum() == best.size


def test_dead_and_rare_units_are_told():
    lens = lens_on(line(("Conv2d", {"out_channels": 4, "kernel_size": 3}), ("ReLU", {})))
    conv = lens.module.l1
    top = all_values(lens, "test", ["l1"])["l1"].max(axis=2)
    with torch.no_grad():
        conv.weight[0], conv.bias[0] = 0, -1
        conv.weight[1], conv.bias[1] = 0, 0.25
        conv.bias[2] -= float(np.sort(top[:, 2])[-2:].mean())  # one image alone is above 0
    answers = found_by(lens, ["l2"]).answers["l2"]
    assert answers.dead.tolist() == [True, True, False, False]
    assert answers.rare.tolist() == [False, False, True, False]
    assert answers.dead_words(0) == "0 for all 270 images"
    assert answers.dead_words(1) == "0.25 for all 270 images"
    assert answers.summary == "4 units, on 270 test images: 2 dead (0, 1); 1 rare (2)."
    assert replace(answers, part="train").summary.startswith("4 units, on 270 training images: ")
    dead = lens.show(Asked(TopPatches(unit=0), "l2"))
    assert dead.lines[1:] == ("Unit 0 is dead: 0 for all 270 images. Its 10 parameters do nothing.",)


def test_patches_are_the_very_pixels_and_grey_outside():
    lens = lens_on(small())
    answers, reach = found_by(lens, ["l6"]).answers["l6"], reach_of(lens.network, "l6")
    images = lens.data.test
    found = patches_of(answers, reach, images, [3, 5])
    assert found.values.shape == (2, TOP, 1, *reach.size)
    around = 40
    top = answers.tops["one"]
    for at, unit in enumerate((3, 5)):
        for rank in range(TOP):
            image = images.images([top.images[unit, rank]])[0] / np.float32(255)
            wide = np.pad(image, ((0, 0), (around, around), (around, around)), constant_values=0.5)
            (first, last), (left, right) = reach.at(top.rows[unit, rank], top.columns[unit, rank])
            seen = wide[:, first + around : last + 1 + around, left + around : right + 1 + around]
            np.testing.assert_array_equal(found.values[at, rank, :, : seen.shape[1], : seen.shape[2]], seen)
    np.testing.assert_array_equal(found.answers, top.values[[3, 5]])


def test_part_of_the_images_is_spread_evenly_and_told_by_place_in_the_part():
    lens = lens_on(small())
    answers = found_by(lens, ["l3"], most=30).answers["l3"]
    assert (answers.images, answers.of) == (30, 270)
    assert set(answers.tops["any"].images.flatten()) <= set(range(0, 270, 9))
    values = all_values(lens, "test", ["l3"])["l3"][::9]
    top = answers.tops["one"]
    for unit in range(answers.units):
        expected = brute(values[:, unit], "one")
        assert (top.images[unit] // 9).tolist() == [place[1] for place in expected]


def test_a_search_that_is_called_off_leaves_everything_as_it_was(monkeypatch):
    monkeypatch.setattr(searching, "_MOST_VALUES", 1)
    lens = lens_on(small())
    with unchanged(lens):
        events = search(lens, ["l3"])
        seen = [next(events) for _ in range(4)]
        events.close()
    assert [event.done for event in seen] == [0, 1, 2, 3]
    assert {event.total for event in seen} == {270}
    lens.listener = lambda progress: progress.done < 5
    with unchanged(lens), pytest.raises(CancelledError):
        lens.show(Asked(TopPatches(), "l3"))


def test_the_view_shows_patches_and_what_they_were_answered_for():
    lens = lens_on(small())
    plain = lens.show(Asked(TopPatches(unit=2, per_image="any"), "l6"))
    both = lens.show(Asked(TopPatches(unit=2, per_image="any", projected=True), "l6"))
    np.testing.assert_array_equal(plain.array, both.values)
    assert both.array is both.projected
    assert both.projected.shape == plain.values.shape
    assert lens.show(Asked(TopPatches(), "l6")).units == tuple(range(8))


@pytest.mark.parametrize(
    ("node", "options", "sentence"),
    [
        ("l99", {}, "There is no layer called 'l99'."),
        ("l6", {"part": "none"}, "There is no split 'none': choose train, validation or test."),
    ],
)
def test_what_cannot_be_searched_is_told(node, options, sentence):
    with pytest.raises(LayerloomError) as error:
        found_by(lens_on(small()), [node], **options)
    assert str(error.value).startswith(sentence)


def test_a_unit_that_is_not_there_is_told():
    with pytest.raises(LayerloomError, match="l6 has no unit 8: it has 8 units, counted from 0"):
        lens_on(small()).show(Asked(TopPatches(unit=8), "l6"))


def test_values_that_are_no_numbers_are_refused():
    lens = lens_on(small())
    lens.module.l5.weight.fill_(1e38)
    with unchanged(lens), pytest.raises(LayerloomError, match="l5 gives NaN or infinity, which says nothing"):
        found_by(lens, ["l5"])


def test_a_lens_without_a_data_set_says_so():
    lens = Lens(small(), task=Classification())
    with pytest.raises(LayerloomError, match="There are no images for line"):
        lens.show(Asked(TopPatches(), "l3"))


def test_how_long_a_search_takes_is_told_before():
    lens = lens_on(small())
    assert seconds_of_a_search(lens, ["l3"]) > 0
    words = [search_words(images, seconds) for images, seconds in ((50_000, 171.0), (270, 0.2), (1, 59.4))]
    assert words == [
        "Searching 50\u202f000 images takes about 3 min.",
        "Searching 270 images takes about 1 s.",
        "Searching 1 image takes about 59 s.",
    ]


def test_the_end_of_a_search_is_what_it_found():
    events = list(search(lens_on(small()), ["l3", "l9"]))
    assert all(isinstance(event, Progress) for event in events[:-1])
    assert isinstance(events[-1], Found)
    assert list(events[-1].answers) == ["l3", "l9"]
