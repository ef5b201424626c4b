"""Images as points by what a layer gives: exact axes, t-SNE as scikit-learn has it, called off at once."""

import os
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from small_training import settings, small_network
from threadpoolctl import threadpool_limits

from engine.data.progress import CancelledError
from engine.errors import LayerloomError
from engine.inspection import Alteration, Embedding
from engine.inspection.embedding_points import principal
from engine.inspection.figures import shown
from engine.inspection.interventions import Off
from engine.inspection.lens import Lens
from engine.inspection.run_images import RunImages
from engine.inspection.sight import Asked
from engine.inspection.tsne import tsne
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    place = tmp_path_factory.mktemp("embedded") / "run"
    list(run_project(Project(small_network(), training=settings(epochs=3)), place))
    return RunFolder(place)


@pytest.fixture
def lens(run):
    found = Lens.of_run(run)
    found.load(run.weights())
    return found


def values_of(lens, node, part="validation"):
    """What a node gives for all images of a part, in one batch."""
    split = lens.images.part(part)
    with torch.no_grad():
        return lens.values(split.pipeline(torch.from_numpy(split.images(range(len(split))))), (node,))[node].double()


@pytest.mark.parametrize(("count", "width"), [(40, 6), (12, 30), (5, 2)])
def test_axes_are_those_of_a_singular_value_decomposition(count, width):
    values = np.random.default_rng(0).normal(size=(count, width)) * np.arange(1, width + 1)
    found, shares = principal(values, 2)
    centred = values - values.mean(axis=0)
    left, sizes, right = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign([row[np.abs(row).argmax()] for row in right[:2]])
    np.testing.assert_allclose(found, (left * sizes)[:, :2] * signs, atol=1e-9)
    np.testing.assert_allclose(shares, (sizes**2 / (sizes**2).sum())[:2], atol=1e-12)


def test_values_along_one_axis_or_none_are_points_too():
    line = np.outer(np.arange(5.0), [3, 4])
    found, shares = principal(line, 2)
    np.testing.assert_allclose(np.diff(found[:, 0]), 5)
    np.testing.assert_allclose([*found[:, 1], shares[1]], 0, atol=1e-9)
    for flat in (np.ones((4, 3)), np.ones((4, 1))):
        assert not principal(flat, 2)[0].any()
    assert principal(np.arange(4.0)[:, None], 2)[0].shape == (4, 2)


@pytest.mark.parametrize(("node", "flatten"), [("conv", False), ("conv", True), ("fc", False), ("input", True)])
def test_points_are_what_a_layer_gives_along_its_axes(lens, node, flatten):
    found = lens.show(Asked(Embedding(flatten=flatten, part="test"), node))
    values = values_of(lens, node, "test")
    values = values.flatten(2).mean(2) if values.ndim > 2 and not flatten else values.flatten(1)
    expected = PCA(2, svd_solver="full").fit(values.numpy())
    np.testing.assert_allclose(np.abs(found.values), np.abs(expected.transform(values.numpy())), atol=1e-4)
    assert found.explained == pytest.approx(expected.explained_variance_ratio_, abs=1e-6)
    split = lens.images.part("test")
    np.testing.assert_array_equal(found.positions, np.arange(len(split)))
    np.testing.assert_array_equal(found.labels, split.targets.values)
    np.testing.assert_array_equal(found.predicted, values_of(lens, "fc", "test").argmax(1))
    assert found.wrong.sum() == (found.labels != found.predicted).sum() > 0
    assert found.to_json()["explained"] == list(found.explained)


def test_points_of_an_altered_network_are_those_of_what_it_gives(lens):
    altered = lens.altered(Alteration(units=[Off(node="conv", units=tuple(range(1, 8)))]))
    found = altered.show(Asked(Embedding(), "conv"))
    assert not found.values[:, 1].any()
    assert found.explained[0] == pytest.approx(1)


class Fewer:
    """Images of which some cannot be read any more."""

    def __init__(self, images, gone):
        self._images, self._gone = images, gone

    def stream(self, batches, device, **options):
        for batch, (pixels, kept) in zip(batches, self._images.stream(batches, device, **options), strict=True):
            there = [int(index) not in self._gone for index in batch]
            yield pixels[there], kept[there]


def test_images_that_can_be_read_no_more_leave_each_of_the_others_its_own_label(lens, run):
    asked, data, split = Asked(Embedding(), "fc"), lens.data, lens.data.validation
    whole = lens.show(asked)
    images = Fewer(split.stored, set(split.indices[[0, 7]].tolist()))
    lens.images = RunImages("", lambda _: replace(data, validation=replace(split, stored=images)))
    lens.load(run.weights())
    found = lens.show(asked)
    for name in ("positions", "labels", "predicted"):
        np.testing.assert_array_equal(getattr(found, name), np.delete(getattr(whole, name), [0, 7]))


def test_t_sne_is_that_of_scikit_learn_and_the_same_each_time(lens):
    found = lens.show(Asked(Embedding(method="tsne", perplexity=12, descents=300, seed=3), "fc"))
    values = values_of(lens, "fc").numpy()
    reduced = PCA(10, svd_solver="covariance_eigh").fit_transform(values)
    with threadpool_limits(1):
        expected = TSNE(2, perplexity=12, max_iter=300, random_state=3, init="pca").fit_transform(reduced)
    np.testing.assert_allclose(found.values, expected, atol=1e-3)
    assert found.explained == ()
    np.testing.assert_array_equal(tsne(reduced, perplexity=12, steps=300, seed=3).astype(np.float32), found.values)


def test_few_images_have_a_lower_perplexity():
    values = np.random.default_rng(0).normal(size=(7, 3))
    with threadpool_limits(1):
        expected = TSNE(2, perplexity=2, max_iter=250, random_state=0, init="pca").fit_transform(values)
    np.testing.assert_allclose(tsne(values, perplexity=30, steps=250, seed=0), expected, atol=1e-3)


@pytest.mark.parametrize("until", [0, 50])
def test_what_is_called_off_ends_the_other_process(until):
    heard = []

    def hear(progress):
        heard.append(progress.done)
        return progress.done < until

    with pytest.raises(CancelledError, match=r"Placing points was cancelled\."):
        tsne(np.random.default_rng(0).normal(size=(300, 3)), perplexity=30, steps=20_000, seed=0, listener=hear)
    assert set(heard) == {0, until}
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_what_goes_wrong_in_the_other_process_is_told():
    with pytest.raises(RuntimeError, match=r"(?s)^t-SNE ended with 1:.*ValueError: Input X contains NaN"):
        tsne(np.full((10, 3), np.nan), perplexity=3, steps=250, seed=0)


def test_values_that_are_no_numbers_have_no_place(lens):
    weights = lens.module.state_dict()
    lens.load({**weights, "conv.weight": torch.full_like(weights["conv.weight"], 1e38)})
    with pytest.raises(LayerloomError, match=r"Some of what conv gives is NaN or infinite, which has no place\."):
        lens.show(Asked(Embedding(), "conv"))


def test_more_values_than_can_be_compared_are_told(lens, monkeypatch):
    monkeypatch.setattr("engine.inspection.embedding_points._MOST", 100)
    with pytest.raises(
        LayerloomError, match=r"512 values for each of 270 images, .*: let each map count by its mean\."
    ):
        lens.show(Asked(Embedding(flatten=True), "conv"))
    lens.show(Asked(Embedding(), "conv"))


def test_a_picture_shows_the_points(lens):
    found = Image.fromarray(shown(lens.show(Asked(Embedding(), "conv"))))
    assert (found.mode, found.size) == ("L", (800, 800))
    assert found.getextrema() == (0, 255)
