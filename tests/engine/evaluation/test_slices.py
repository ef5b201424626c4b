"""How good a network is on some of its images."""

import itertools

import numpy as np
import pytest
from PIL import Image
from scipy.stats import fisher_exact, norm
from small_training import settings, small_network

from engine.data.listing import ArrayPictures, FilePictures
from engine.data.progress import CancelledError
from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.evaluation.evaluating import evaluate
from engine.evaluation.slices import (
    folder_groups,
    holm,
    judged,
    measure_images,
    quantile_groups,
    slices_of,
    two_proportions,
)
from engine.project import Project
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.tasks.class_evaluation import summarise, wilson_interval


def evaluation(right):
    probabilities = np.where(np.asarray(right)[:, None], [0.8, 0.2], [0.3, 0.7])
    return summarise("test", ("a", "b"), probabilities=probabilities, labels=np.zeros(len(right), int))


@pytest.fixture
def run(tmp_path):
    """A run on images of which those in "night" are small and dark, and of two classes noise alone."""
    random = np.random.default_rng(0)
    for name, place, number in itertools.product("ab", ("day", "night"), range(12)):
        edge, level = (8, 20) if place == "night" else (24, 180)
        (tmp_path / "images" / name / place).mkdir(parents=True, exist_ok=True)
        pixels = random.integers(level, level + 40, (edge, edge), np.uint8)
        Image.fromarray(pixels).save(tmp_path / "images" / name / place / f"{number}.png")
    data = DataSettings(source=Folder(path=str(tmp_path / "images")), split=SplitSettings(test=0.5))
    list(run_project(Project(small_network(classes=2), data, settings(epochs=1)), tmp_path / "run"))
    return RunFolder(tmp_path / "run")


def test_images_are_told_apart_by_size_brightness_and_folder(run):
    data = load_run_data(run)
    found, told = evaluate(run, data=data), []
    slices = slices_of(found, data, run.project().data.source, progress=lambda progress: told.append(progress.task))
    names = [str(data.names[place]) for place in data.test.indices]
    night = [place for place, name in enumerate(names) if "/night/" in name]
    by_kind = {kind: list(some) for kind, some in itertools.groupby(slices, lambda one: one.kind)}
    assert [one.title for one in by_kind["Folder"]] == ["day", "night"]
    assert by_kind["Folder"][1].positions.tolist() == night
    assert by_kind["Size"][0].title == "64 pixels"
    assert by_kind["Size"][0].positions.tolist() == night
    assert [one.images for one in by_kind["Brightness"]] == [pytest.approx(len(names) / 4, abs=1)] * 4
    assert set(np.concatenate([one.positions for one in by_kind["Brightness"][:2]])) >= set(night[:-1])
    assert "Class size" not in by_kind  # both classes have as many
    for one in slices:
        right = found.predictions.right[one.positions]
        assert one.accuracy == right.mean()
        assert one.interval == wilson_interval(right.sum(), one.images)
    assert "Measuring images" in told
    (run.project().data.source.folder / names[0]).unlink()
    measured = [one for one in slices_of(found, data, run.project().data.source) if one.kind == "Brightness"]
    assert 0 not in np.concatenate([one.positions for one in measured])
    assert sum(one.images for one in measured) == len(names) - 1


def test_measuring_can_be_called_off_and_takes_what_cannot_be_read(tmp_path):
    pictures = ArrayPictures(np.full((100, 3, 4, 6), 51, np.uint8))
    found = measure_images(pictures, [3, -1, 5])
    assert found.pixels.tolist() == pytest.approx([24, np.nan, 24], nan_ok=True)
    assert found.brightness.tolist() == pytest.approx([0.2, np.nan, 0.2], nan_ok=True)
    with pytest.raises(CancelledError):
        measure_images(pictures, range(100), progress=lambda progress: progress.done == 0)
    (tmp_path / "bad.png").write_bytes(b"no image")
    assert np.isnan(measure_images(FilePictures([tmp_path / "bad.png"]), [0]).pixels).all()


@pytest.mark.parametrize("values", [[], [5.0], [1.0, 1, 1, 2], range(100), [0.0] * 60 + [*range(1, 6)], [np.nan, 1, 2]])
def test_groups_hold_each_known_value_once_in_order(values):
    values = np.asarray(values, float)
    groups = [places for _, places in quantile_groups(values, str)]
    known = np.flatnonzero(np.isfinite(values))
    assert len(groups) == 0 if len(np.unique(values[known])) < 2 else 2 <= len(groups) <= 4
    if groups:
        assert sorted(np.concatenate(groups)) == known.tolist()
        assert all(len(group) for group in groups)
        assert all(values[one].max() < values[other].min() for one, other in itertools.pairwise(groups))


def test_folders_below_the_class_are_those_without_its_own():
    names = ("train/cat/a/1.png", "cat/a/2.png", "cat/3.png", "a/cat/4.png", "dog/b/cat/5.png")
    groups = dict(folder_groups(names, ["cat"] * 5))
    assert {title: places.tolist() for title, places in groups.items()} == {
        "the class's own folder": [2],
        "a": [1, 3],
        "dog/b": [4],
        "train/a": [0],
    }
    assert list(folder_groups((1, 2), "ab")) == []
    many = [f"{folder:02}/{image}.png" for folder in range(25) for image in range(1 + folder)]
    assert [title for title, _ in folder_groups(many, ["cat"] * len(many))] == [f"{one:02}" for one in range(5, 25)]


@pytest.mark.parametrize(("hits", "images"), [(40, 60), (80, 100), (0, 1), (1, 1), (10, 10), (500, 600)])
def test_shares_are_compared_by_z_or_exactly(hits, images):
    right, total = 850, 1000
    others, rest = total - images, right - hits
    share = right / total
    p = two_proportions(hits, images, right, total)
    if images * (1 - share) < 5:
        assert p == pytest.approx(fisher_exact([[hits, images - hits], [rest, others - rest]])[1])
    else:
        z = (hits / images - rest / others) / np.sqrt(share * (1 - share) * (1 / images + 1 / others))
        assert p == pytest.approx(2 * norm.sf(abs(z)))
    assert two_proportions(total, total, total, total) == two_proportions(3, 3, 9, 9) == 1


def test_holm_corrects_and_keeps_the_order():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])  # Holm 1979
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_only_what_is_worse_beyond_chance_is_marked():
    right = np.r_[np.zeros(30, bool), np.ones(170, bool)]
    right[100] = False
    groups = {"Kind": [("bad", np.arange(40)), ("one", np.array([100])), ("good", np.arange(101, 200))]}
    bad, one, good = judged(evaluation(right), groups)
    assert bad.worse
    assert not one.worse  # a single image proves nothing
    assert not good.worse
    assert good.p < 0.05
    assert bad.to_json()["worse"] is True
    some = summarise(
        "test", ("a", "b"), probabilities=np.eye(2)[[0, 1]], labels=np.zeros(3, int), positions=np.array([0, 2])
    )
    (half,) = judged(some, {"Kind": [("all", np.arange(3)), ("not read", np.array([1]))]})
    assert (half.positions.tolist(), half.accuracy) == ([0, 2], 0.5)
    assert judged(evaluation([True]), {"Kind": [("all", np.array([0]))]})[0].p == 1
