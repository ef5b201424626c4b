"""Two runs on the same images: who changed sides, and whether chance may explain it."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom, chi2
from small_training import settings, small_network

from engine.data.settings import DataSettings, SplitSettings
from engine.errors import LayerloomError
from engine.evaluation.comparing import compare, compare_runs, mcnemar, paired_interval
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.tasks.class_evaluation import summarise
from engine.words import p_text


def evaluation(right, *, classes=("a", "b"), positions=None):
    """One of images of the first class, of which some are answered right."""
    probabilities = np.where(np.asarray(right)[:, None], [0.8, 0.2], [0.3, 0.7])
    labels = np.zeros(len(right) if positions is None else 99, int)[: len(right) if positions is None else None]
    return summarise("test", classes, probabilities=probabilities, labels=labels, positions=positions)


@pytest.mark.parametrize(("lost", "gained"), [(0, 0), (0, 1), (3, 3), (2, 9), (12, 12), (24, 0)])
def test_below_25_images_the_test_is_the_exact_one(lost, gained):
    test, p = mcnemar(lost, gained)
    total = lost + gained
    assert test == "exact"
    assert p == pytest.approx(min(1, 2 * binom.cdf(min(lost, gained), total, 0.5)) if total else 1)
    assert mcnemar(gained, lost)[1] == pytest.approx(p)


@pytest.mark.parametrize(("lost", "gained"), [(12, 13), (20, 40), (25, 0), (3000, 3200), (30, 30)])
def test_from_25_on_it_is_chi2_with_continuity_correction(lost, gained):
    test, p = mcnemar(lost, gained)
    assert test == "chi2"
    assert p == pytest.approx(chi2.sf(max(abs(lost - gained) - 1, 0) ** 2 / (lost + gained), 1))


@pytest.mark.parametrize(("lost", "gained", "images"), [(0, 0, 1), (1, 0, 1), (7, 25, 270), (40, 30, 5000)])
def test_the_interval_holds_the_difference_and_is_that_of_agresti_and_min(lost, gained, images):
    low, high = paired_interval(lost, gained, images)
    assert -1 <= low <= (gained - lost) / images <= high <= 1
    b, c, n = lost + 0.5, gained + 0.5, images + 2
    spread = 1.959963984540054 * np.sqrt(((b + c) - (c - b) ** 2 / n) / n**2)
    assert low == pytest.approx(max(-1, (c - b) / n - spread))
    assert high == pytest.approx(min(1, (c - b) / n + spread))


def test_images_are_matched_by_their_keys_and_others_left_out():
    first = evaluation([True, True, False, False, True])
    second = evaluation([False, True, False, True])  # of images 3 2 1 0 … in another order
    found = compare(first, second, keys=(["a", "b", "c", "d", "e"], ["d", "c", "b", "x"]))
    assert found.images == 3
    assert found.left_out == (2, 1)
    assert found.both.tolist() == []
    assert found.only_first.tolist() == [[1, 2]]
    assert found.only_second.tolist() == [[2, 1]]
    assert found.neither.tolist() == [[3, 0]]
    assert found.accuracies == pytest.approx((1 / 3, 1 / 3))
    assert json.loads(json.dumps(found.to_json()))["left_out"] == {"first": 2, "second": 1}


def test_the_difference_is_what_the_second_gains():
    for right, second, expected in (([0, 0, 0, 1], True, 0.75), ([1, 1, 1, 0], False, -0.75)):
        found = compare(evaluation(np.array(right, bool)), evaluation([second] * 4), keys=(range(4), range(4)))
        assert found.difference == expected == found.accuracies[1] - found.accuracies[0]
        assert found.interval[0] < expected < found.interval[1]


def test_an_image_that_one_could_not_read_is_left_out():
    first, second = evaluation([True] * 98, positions=np.arange(1, 99)), evaluation([True] * 99)
    found = compare(first, second, keys=(range(99), range(99)))
    assert (found.images, found.left_out) == (98, (1, 1))
    assert found.left_words("test") == "1 test image that one of them cannot read is left out."
    found = compare(first, second, keys=(range(99), range(1, 100)))
    assert found.left_words("test") == (
        "2 test images that only one of them has are left out."  # the first could not read it either
    )
    found = compare(first, second, keys=(range(99), [*range(10), *range(110, 199)]))
    assert found.left_words("validation") == (
        "178 validation images that only one of them has are left out. "
        "1 validation image that one of them cannot read is left out."
    )


def test_what_does_not_compare_is_refused():
    one = evaluation([True, False])
    with pytest.raises(LayerloomError, match="tell other classes apart"):
        compare(one, evaluation([True], classes=("a", "c")), keys=("xy", "x"))
    with pytest.raises(LayerloomError, match="no images in common"):
        compare(one, one, keys=("xy", "vw"))
    assert compare(one, evaluation([True], classes=("b", "a")), keys=("xy", "x")).images == 1


def test_the_verdict_says_no_more_than_the_figures():
    def verdict(lost, gained, both=50):
        right = np.repeat([[1, 1], [1, 0], [0, 1]], (both, lost, gained), axis=0).astype(bool)
        sides = [evaluation(right[:, side]) for side in (0, 1)]
        return compare(*sides, keys=(range(len(right)), range(len(right)))).verdict("run 6", "run 7")

    assert verdict(0, 0) == "On all 50 images run 6 and run 7 are right and wrong alike."
    assert verdict(0, 0, 1) == "On the one image run 6 and run 7 are right and wrong alike."
    assert verdict(4, 9) == (
        "Of 63 images, run 7 alone is right on 9, run 6 alone on 4: that is no more than chance may give (McNemar's "
        "exact test, p = 0.267). In truth run 7 may be anything from 3.4 points worse to 18.8 points better."
    )
    assert verdict(9, 4).endswith("In truth run 6 may be anything from 3.4 points worse to 18.8 points better.")
    assert verdict(9, 2, 49).endswith(  # the interval leaves 0 out, the exact test does not reject
        "p = 0.065). It is not far from more: run 6 may be anything from 0.7 to 21.9 points better."
    )
    assert "run 7 is right more often than run 6, by 20.0 points (95 % interval" in verdict(5, 25, 70)
    assert "continuity correction, p < 0.001). Another training" in verdict(3, 27, 70)
    assert "run 6 is right more often than run 7, by 20.0 points (95 % interval 9.6 to 29.6;" in verdict(25, 5, 70)
    assert p_text(0.0005) == "p = 0.001"


def test_two_runs_are_compared_on_images_that_neither_trained_on(tmp_path):
    runs = []
    for seed in (1, 2):
        data = DataSettings(split=SplitSettings(seed=seed))
        list(run_project(Project(small_network(), data, settings(epochs=1)), tmp_path / f"{seed}"))
        runs.append(RunFolder(tmp_path / f"{seed}"))
    found = compare_runs(tuple(runs))
    common = set(runs[0].parts.test) & set(runs[1].parts.test)
    assert found.comparison.images == len(common) > 10
    left = sum(len(run.parts.test) - len(common) for run in runs)
    assert found.comparison.left_words("test") == f"{left} test images that only one of them has are left out."
    for places in (found.comparison.both, found.comparison.only_second):
        names = [
            [one.data.names[one.data.test.indices[place]] for place in places[:, side]]
            for side, one in enumerate(found.sides)
        ]
        assert names[0] == names[1]
        assert set(names[0]) <= common
        assert found.second.predictions.right[places[:, 1]].all()
    same = compare_runs((runs[0], runs[0]))
    assert (same.comparison.difference, same.comparison.p, same.comparison.images) == (0, 1, 270)
    assert replace(same.comparison, p=0.04).differs
    assert same.comparison.left_words("test") == ""
