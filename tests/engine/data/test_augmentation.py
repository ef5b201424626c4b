"""Steps between the stored images and the network: what they get, in which order, and what stays as it was."""

import re
from typing import Annotated, ClassVar

import numpy as np
import pytest
import torch
from image_files import make_folder
from pydantic import Field
from small_training import curve, settings, small_model, small_network

from engine.data import memory_images
from engine.data.augmentation import AUGMENTATION, Step, augmented, storage_shape
from engine.data.draws import Draws, Pass
from engine.data.loading import load
from engine.data.normalise import ZeroToOne
from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.evaluation.evaluating import evaluate
from engine.evaluation.predicting import predict, predict_pixels
from engine.layers import Shape
from engine.project import Project
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.settings import setting
from engine.training.loop import train

CPU = torch.device("cpu")
SHAPE = Shape(1, 8, 8)


class Brighter(Step):
    """Adds a value of its own to each image."""

    name: ClassVar = "brighter"
    title: ClassVar = "Brighter"

    most: Annotated[float, Field(ge=0, le=255)] = setting(50.0, "Most")

    def draw(self, random):
        return {"by": random.uniform(0, self.most)}

    def apply(self, pixels, targets, values):
        return pixels + values["by"].view(-1, 1, 1, 1), targets


class Doubled(Step):
    """Doubles every value."""

    name: ClassVar = "doubled"
    title: ClassVar = "Doubled"

    def apply(self, pixels, targets, values):
        return pixels * 2, targets


class Window(Step):
    """Cuts a window out of larger images, somewhere."""

    name: ClassVar = "window"
    title: ClassVar = "Window"

    margin: Annotated[int, Field(ge=0)] = setting(4, "Margin")

    def storage(self, shape):
        return Shape(shape.channels, shape.height + self.margin, shape.width + self.margin)

    def draw(self, random):
        return {"top": random.whole(self.margin + 1), "left": random.whole(self.margin + 1)}

    def apply(self, pixels, targets, values):
        height, width = (size - self.margin for size in pixels.shape[2:])
        places = zip(pixels, values["top"].int().tolist(), values["left"].int().tolist(), strict=True)
        return torch.stack([one[:, top : top + height, left : left + width] for one, top, left in places]), targets


class Halved(Step):
    """Takes every other pixel."""

    name: ClassVar = "halved"
    title: ClassVar = "Halved"

    def storage(self, shape):
        return Shape(shape.channels, 2 * shape.height, 2 * shape.width)

    def apply(self, pixels, targets, values):
        return pixels[:, :, ::2, ::2], targets


class NextClass(Step):
    """Calls each image one of the next class."""

    name: ClassVar = "next_class"
    title: ClassVar = "Next class"

    def apply(self, pixels, targets, values):
        return pixels, (targets + 1) % 10


@pytest.fixture(autouse=True)
def _registered():
    kinds = (Brighter, Doubled, Window, Halved, NextClass)
    for kind in kinds:
        AUGMENTATION.register(kind)
    yield
    for kind in kinds:
        AUGMENTATION.unregister(kind.name)


def data_with(*steps, source=None, shape=SHAPE):
    chosen = {"source": source} if source else {}
    return load(DataSettings(steps=steps, normalise=ZeroToOne(), **chosen), shape)


def by_position(data, *, batch_size=64, seed=0, epoch=1, passed=0):
    """What each training image becomes in a pass, by its position, on the scale 0 to 255; and its target."""
    order = torch.randperm(len(data.train), generator=torch.Generator().manual_seed(Pass(seed, epoch).order_seed))
    batches = list(data.train.training_batches(batch_size, device=CPU, drawn_in=Pass(seed, epoch), passed=passed))
    pixels, targets = (torch.cat([getattr(batch, name) for batch in batches]) for name in ("pixels", "targets"))
    order = order[len(order) - len(pixels) :]
    found = torch.full((len(data.train), *pixels.shape[1:]), torch.nan)
    found[order] = pixels * 255
    found_targets = torch.full((len(data.train),), -1)
    found_targets[order] = targets
    return found, found_targets


def plain(data):
    return torch.from_numpy(data.train.images(np.arange(len(data.train)))).float()


def test_steps_change_training_images_alone():
    data, before = data_with(Doubled()), data_with()
    assert torch.allclose(by_position(data)[0], 2 * plain(before))
    for changed, kept in ((data.validation, before.validation), (data.test, before.test), (data.train, before.train)):
        pairs = zip(changed.batches(64, device=CPU), kept.batches(64, device=CPU), strict=True)
        assert all(torch.equal(a, x) and torch.equal(b, y) for (a, b), (x, y) in pairs)


def test_steps_come_in_their_order_and_each_image_gets_values_of_its_own():
    first, second = (by_position(data_with(*steps))[0] for steps in ((Brighter(), Doubled()), (Doubled(), Brighter())))
    base = plain(data_with())
    by = (second - 2 * base).flatten(1)
    assert torch.allclose(by, by[:, :1].expand_as(by), atol=1e-3)
    assert torch.allclose(first, 2 * (base + by[:, :1].view(-1, 1, 1, 1)), atol=1e-3)
    assert 0 <= by.min() < 1
    assert 49 < by.max() <= 50
    assert len(by[:, 0].round(decimals=3).unique()) > 1000


def test_an_image_becomes_the_same_in_any_batch_and_after_a_pause_and_another_each_epoch():
    data = data_with(Brighter())
    whole, targets = by_position(data)
    for batch_size in (1, 16, 2000):
        assert torch.allclose(by_position(data, batch_size=batch_size)[0], whole, atol=1e-3)
    later, _ = by_position(data, passed=630)
    seen = ~later[:, 0, 0, 0].isnan()
    assert 0 < seen.sum() < len(seen)
    assert torch.equal(later[seen], whole[seen])
    for other in (by_position(data, epoch=2), by_position(data, seed=1)):
        assert not torch.isclose(other[0][:, 0, 0, 0], whole[:, 0, 0, 0]).any()
        assert torch.equal(other[1], targets)


def test_another_step_before_it_leaves_what_a_step_draws_as_it_was():
    assert torch.allclose(
        by_position(data_with(Doubled(), Brighter()))[0] - 2 * plain(data_with()),
        by_position(data_with(Brighter()))[0] - plain(data_with()),
        atol=1e-3,
    )
    twice = by_position(data_with(Brighter(), Brighter()))[0] - plain(data_with())
    once = by_position(data_with(Brighter()))[0] - plain(data_with())
    assert not torch.allclose(twice, 2 * once, atol=1)  # the second draws anew


def test_a_probability_leaves_some_images_as_they_are():
    found, _ = by_position(data_with(Doubled(probability=0.25)))
    base = plain(data_with())
    changed = torch.tensor([torch.allclose(one, 2 * other) for one, other in zip(found, base, strict=True)])
    kept = torch.tensor([torch.allclose(one, other) for one, other in zip(found, base, strict=True)])
    assert (changed ^ kept).all()
    assert 0.2 < changed.float().mean() < 0.3


def test_targets_may_move_with_the_pixels():
    data = data_with(NextClass(probability=0.5))
    _, targets = by_position(data)
    true = torch.from_numpy(data.train.targets.values)
    moved = targets == (true + 1) % 10
    assert (moved | (targets == true)).all()
    assert 0.4 < moved.float().mean() < 0.6


def test_images_are_kept_as_large_as_the_steps_need(tmp_path):
    assert DataSettings(steps=(Halved(), Doubled(), Window(margin=5))).stored_at(SHAPE) == Shape(1, 26, 26)
    assert DataSettings(steps=(Window(margin=5), Halved())).stored_at(SHAPE) == Shape(1, 21, 21)
    assert DataSettings().stored_at(SHAPE) == SHAPE
    data = data_with(Window(), source={"name": "folder", "path": str(make_folder(tmp_path / "pets", {"a": 9, "b": 9}))})
    assert data.train.stored.read(torch.arange(2)).shape == (2, 1, 12, 12)
    found, _ = by_position(data)
    stored = data.train.stored.read(torch.from_numpy(data.train.indices)).float()
    places = []
    for one, kept in zip(found, stored, strict=True):
        fits = [(y, x) for y in range(5) for x in range(5) if torch.allclose(one, kept[:, y : y + 8, x : x + 8])]
        assert len(fits) == 1
        places += fits
    assert len(set(places)) > 4
    assert next(iter(data.test.batches(2, device=CPU)))[0].shape[1:] == (1, 8, 8)
    assert data.train.images([0]).shape == (1, 1, 8, 8)


def test_a_file_is_predicted_as_it_is_evaluated_where_images_are_kept_larger(tmp_path):
    folder = make_folder(tmp_path / "pets", {"cats": 12, "dogs": 12}, edge=30)
    made = DataSettings(source={"name": "folder", "path": str(folder)}, steps=(Window(margin=9),))
    list(run_project(Project(small_network(classes=2), made, settings(epochs=1)), tmp_path / "run"))
    run = RunFolder(tmp_path / "run")
    found = evaluate(run, "validation").predictions
    said = predict(run, [folder / name for name in run.parts.validation])
    assert [one.readings[0].value for one in said] == pytest.approx(found.confidence, abs=1e-5)
    images = load_run_data(run).validation.images(range(len(said)))
    assert predict_pixels(run, images).max(axis=1) == pytest.approx(found.confidence, abs=0.02)  # rounded once more


@pytest.mark.slow  # starts worker processes
def test_images_on_disk_and_in_memory_give_the_same_batches_and_figures(tmp_path, monkeypatch):
    folder = make_folder(tmp_path / "pets", {str(digit): 6 for digit in range(10)})
    cut = folder / "3" / "002.png"
    cut.write_bytes(cut.read_bytes()[:-60])
    made = DataSettings(source={"name": "folder", "path": str(folder)}, steps=(Window(), Brighter(probability=0.5)))
    in_memory = load(made, SHAPE)
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    on_disk = load(made, SHAPE)
    assert type(on_disk.train.stored) is not type(in_memory.train.stored)
    assert on_disk.parts == in_memory.parts
    assert on_disk.normalisation == in_memory.normalisation
    assert [bad.path for bad in on_disk.skipped] == [bad.path for bad in in_memory.skipped] == [cut]
    for one, other in zip(by_position(in_memory), by_position(on_disk), strict=True):
        assert torch.equal(one, other)
    curves = [curve(train(small_model(), data, settings(batch_size=8))) for data in (in_memory, on_disk)]
    assert curves[0] == curves[1]
    assert len(curves[0]) == 2


def test_published_images_too_many_to_hold_resized_give_the_same_batches_and_figures(monkeypatch):
    held = load(DataSettings(steps=(Brighter(),)), Shape(1, 12, 12))
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    resized = load(DataSettings(steps=(Brighter(),)), Shape(1, 12, 12))
    assert resized.normalisation == held.normalisation
    for one, other in zip(by_position(held), by_position(resized), strict=True):
        assert torch.equal(one, other)


def test_steps_are_saved_by_name_with_their_settings_and_a_wrong_one_is_told():
    made = DataSettings(steps=("doubled", {"name": "brighter", "most": 20}))
    assert made.steps == (Doubled(), Brighter(most=20))
    saved = made.model_dump(mode="json")
    assert saved["steps"][1] == {"name": "brighter", "probability": 1.0, "most": 20.0}
    assert DataSettings.model_validate(saved) == made
    with pytest.raises((LayerloomError, ValueError), match=r"No augmentation step is called 'dubled'. Did you mean"):
        DataSettings(steps=("dubled",))


def test_a_step_that_changes_the_size_cannot_leave_some_images_out(tmp_path):
    data = data_with(Window(probability=0.5))
    with pytest.raises(LayerloomError, match=r"Window changes the size of images: its probability must be 1\."):
        next(data.train.training_batches(8, device=CPU, drawn_in=Pass(0, 1)))


def test_what_an_image_draws_is_keyed_by_its_index_in_the_data():
    drawn_in, data = Pass(3, 2), data_with(Brighter())
    by = (by_position(data, seed=3, epoch=2)[0] - plain(data_with()))[:, 0, 0, 0]
    for place in (0, 1, 17, 1256):
        alone = Draws.of(drawn_in, data.train.indices[[place]], np.array([0])).for_("brighter 0")
        alone.uniform()  # whether it takes part
        assert by[place].item() == pytest.approx(alone.uniform(0, 50).item(), abs=1e-3)


def strange(**hooks):
    """A step with other methods than `Step` has."""
    names = {"name": "strange", "title": "Strange", "__annotations__": {"name": ClassVar[str], "title": ClassVar[str]}}
    return type(Step)("Strange", (Step,), {"__doc__": "Strange.", "__module__": __name__, **names, **hooks})()


@pytest.mark.parametrize(
    ("images", "made"),
    [
        (lambda pixels: pixels[:1], "torch.float32 (1, 1, 8, 8) of torch.float32 (4, 1, 8, 8)"),
        (lambda pixels: pixels[0], "torch.float32 (1, 8, 8) of torch.float32 (4, 1, 8, 8)"),
        (lambda pixels: pixels[:, :, :0], "torch.float32 (4, 1, 0, 8) of torch.float32 (4, 1, 8, 8)"),
        (lambda pixels: pixels.repeat(1, 2, 1, 1), "torch.float32 (4, 2, 8, 8) of torch.float32 (4, 1, 8, 8)"),
        (lambda pixels: pixels.byte(), "torch.uint8 (4, 1, 8, 8) of torch.float32 (4, 1, 8, 8)"),
        (lambda pixels: None, "NoneType () of torch.float32 (4, 1, 8, 8)"),
    ],
)
def test_images_that_a_step_may_not_make_are_refused_with_both_shapes(images, made):
    step = strange(apply=lambda self, pixels, targets, values: (images(pixels), targets))
    with pytest.raises(LayerloomError, match=re.escape(f"The augmentation step Strange made {made}")):
        augmented((step,), torch.zeros(4, 1, 8, 8), torch.zeros(4), Draws(np.arange(4, dtype=np.uint64)), shape=SHAPE)


def test_targets_that_a_step_leaves_out_are_refused():
    step = strange(apply=lambda self, pixels, targets, values: (pixels, targets[:1]))
    with pytest.raises(LayerloomError, match=re.escape("The augmentation step Strange made targets (1,) of (4,).")):
        augmented((step,), torch.zeros(4, 1, 8, 8), torch.zeros(4), Draws(np.arange(4, dtype=np.uint64)), shape=SHAPE)


@pytest.mark.parametrize("stored", [None, Shape(1, 0, 0), Shape(8, 8), Shape(2, 8, 8), (1, 8, 8)])
def test_a_shape_that_no_images_have_is_no_storage(stored):
    with pytest.raises(LayerloomError, match=r"The augmentation step Strange wants images of .* to give such of 1×8×8"):
        storage_shape((strange(storage=lambda self, shape: stored),), SHAPE)


def test_a_storage_that_raises_is_told_of_its_step():
    with pytest.raises(LayerloomError, match="The augmentation step Strange ended unexpectedly: ZeroDivisionError"):
        storage_shape((strange(storage=lambda self, shape: 1 // 0),), SHAPE)
