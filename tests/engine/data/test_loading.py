import shutil
from dataclasses import replace
from functools import partial
from typing import ClassVar

import numpy as np
import pytest
import torch
from image_files import make_folder

from engine.data import measuring, memory_images
from engine.data.draws import Pass
from engine.data.loading import Earlier, load
from engine.data.normalise import Normalisation
from engine.data.progress import CancelledError
from engine.data.published import Digits
from engine.data.resizing import resize
from engine.data.settings import DataSettings, SplitSettings, choose
from engine.data.source import SOURCES
from engine.data.user_folder import Folder, FolderSource, source_of
from engine.errors import LayerloomError
from engine.layers.shape import Shape

CPU = torch.device("cpu")


def folder_settings(path, **split):
    return DataSettings(source=Folder(path=str(path)), split=SplitSettings(**split))


def all_of(split, batch_size=16):
    batches = list(split.batches(batch_size, device=CPU))
    return torch.cat([x for x, _ in batches]), torch.cat([y for _, y in batches])


def test_digits_come_at_the_networks_shape_and_normalised():
    data = load(DataSettings(), Shape(3, 20, 24))
    images, labels = all_of(data.train)
    assert images.shape == (len(data.train), 3, 20, 24)
    assert images.mean().abs() < 1e-3
    assert (images.std() - 1).abs() < 1e-3
    assert (labels.numpy() == data.train.targets.values).all()
    assert sum(len(split) for split in data.splits.values()) == 1797
    assert torch.equal(images[:, 0], images[:, 1])


def test_the_catalogue_counts_the_digits_right():
    assert tuple(np.bincount(Digits().raw().labels)) == Digits.counts
    assert DataSettings().source.describe().images == 1797


class OwnTests(Digits):
    """Digits whose last hundred are test images of their own."""

    name: ClassVar = "split_digits"
    tests: ClassVar = 100

    def raw(self, *, progress=None):
        return replace(super().raw(progress=progress), tests=100)


def test_a_set_keeps_its_own_test_images():
    SOURCES.register(OwnTests)
    try:
        data = load(DataSettings(source=OwnTests(), split={"validation": 0.2, "test": 0.5}), Shape(1, 8, 8))
    finally:
        SOURCES.unregister("split_digits")
    assert OwnTests().describe().test == len(data.test) == 100
    assert data.test.targets.values.tolist() == Digits().raw().labels[-100:].tolist()
    assert len(data.train) + len(data.validation) == 1697


def test_batches_are_even_and_hold_every_image_once():
    data = load(DataSettings(), Shape(1, 8, 8))
    sizes = [len(batch.targets) for batch in data.train.training_batches(156, device=CPU, drawn_in=Pass(0, 1))]
    assert len(sizes) == data.train.steps(156)
    assert max(sizes) - min(sizes) <= 1
    assert sum(sizes) == len(data.train)


def test_the_pass_decides_the_order_and_who_begins_later_leaves_out_what_was_done():
    data = load(DataSettings(), Shape(1, 8, 8))

    def batches(seed, passed=0):
        return list(data.train.training_batches(100, device=CPU, drawn_in=Pass(seed, 1), passed=passed))

    def same(some, others):
        return all(torch.equal(one.targets, other.targets) for one, other in zip(some, others, strict=True))

    assert same(batches(1), batches(1))
    assert not same(batches(1), batches(2))
    assert same(batches(1)[5:], batches(1, passed=batches(1)[4].passed))


def test_a_folder_loads_with_its_classes(tmp_path):
    data = load(folder_settings(make_folder(tmp_path / "pets", {"cats": 20, "dogs": 10})), Shape(3, 10, 10))
    assert data.title == "pets"
    assert data.classes == ("cats", "dogs")
    assert [sum(c) for c in zip(*(s.targets.counts for s in data.splits.values()), strict=True)] == [20, 10]
    assert data.train.images([0]).shape == (1, 3, 10, 10)


def test_unreadable_files_are_listed_and_left_out(tmp_path):
    folder = make_folder(tmp_path / "pets", {"cats": 10, "dogs": 10})
    (folder / "cats" / "empty.jpg").write_bytes(b"")
    cut = folder / "dogs" / "cut.png"
    cut.write_bytes((folder / "dogs" / "000.png").read_bytes()[:-60])
    data = load(folder_settings(folder), Shape(1, 8, 8))
    assert {entry.path.name: entry.reason for entry in data.skipped} == {
        "empty.jpg": "it is empty",
        "cut.png": "it is damaged",
    }
    assert sum(len(split) for split in data.splits.values()) == 20


@pytest.mark.slow  # starts worker processes
def test_files_on_disk_give_the_same_batches_as_files_in_memory(tmp_path, monkeypatch):
    settings = folder_settings(make_folder(tmp_path / "pets", {"cats": 12, "dogs": 12}))
    in_memory = load(settings, Shape(3, 8, 8))
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    on_disk = load(settings, Shape(3, 8, 8))
    assert on_disk.normalisation == in_memory.normalisation
    for _ in range(2):
        for one, other in zip(all_of(in_memory.train, 6), all_of(on_disk.train, 6), strict=True):
            assert torch.allclose(one, other)
    assert len(all_of(on_disk.validation)[0]) == len(on_disk.validation)


@pytest.mark.slow
def test_a_damaged_file_on_disk_is_left_out_of_its_batch(tmp_path, monkeypatch):
    folder = make_folder(tmp_path / "pets", {"cats": 6, "dogs": 6})
    cut = folder / "dogs" / "003.png"
    cut.write_bytes(cut.read_bytes()[:-60])
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    data = load(folder_settings(folder, validation=0, test=0), Shape(3, 8, 8))
    images, labels = all_of(data.train, 4)
    assert len(images) == len(labels) == 11
    assert labels.tolist() == [0] * 6 + [1] * 5


def test_a_set_too_large_to_hold_resized_is_resized_in_batches(monkeypatch):
    held = load(DataSettings(), Shape(1, 16, 16))
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    resized = load(DataSettings(), Shape(1, 16, 16))
    for one, other in zip(all_of(held.test), all_of(resized.test), strict=True):
        assert torch.allclose(one, other)


@pytest.mark.parametrize(
    ("classes", "sentence"),
    [
        ({}, "has no images in sub-folders: make one sub-folder for each class"),
        (
            {"train": 3, "val": 2, "test": 2},
            "test, train and val may be parts of the data or classes of these names",
        ),
        ({"train": 3, "test": 2}, "test and train may be parts of the data or classes of these names"),
        ({"cats": 3}, "has one class only, 'cats', training needs two"),
        ({"cats": 0, "dogs": 0}, "has no images in sub-folders"),
    ],
)
def test_folders_that_cannot_be_learned_from(tmp_path, classes, sentence):
    (tmp_path / "images").mkdir()
    with pytest.raises(LayerloomError, match=sentence):
        load(folder_settings(make_folder(tmp_path / "images", classes)), Shape(1, 8, 8))


def test_folders_that_are_none(tmp_path):
    with pytest.raises(LayerloomError, match=r"There is no folder"):
        load(folder_settings(tmp_path / "none"), Shape(1, 8, 8))
    (tmp_path / "file").write_text("")
    with pytest.raises(LayerloomError, match=r"is a file: choose the folder"):
        load(folder_settings(tmp_path / "file"), Shape(1, 8, 8))
    with pytest.raises(LayerloomError, match=r"No folder is chosen"):
        load(DataSettings(source="folder"), Shape(1, 8, 8))


def test_only_unreadable_images_say_so(tmp_path):
    for name in ("cats", "dogs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.png").write_bytes(b"nothing")
    with pytest.raises(LayerloomError, match=r"None of the 2 images in"):
        load(folder_settings(tmp_path), Shape(1, 8, 8))


def test_images_in_no_folder_of_a_class_are_named_with_what_to_do(tmp_path):
    folder = make_folder(tmp_path, {"photos": 5}) / "photos"
    (folder / "notes").mkdir()
    (folder / "notes" / "a.json").write_text("{}")
    with pytest.raises(LayerloomError) as told:
        load(folder_settings(folder), Shape(1, 8, 8))
    assert "has no images in sub-folders: make one sub-folder for each class" in str(told.value)
    assert "6 files are left out: 000.png, 001.png, 002.png and 2 more (in no folder" in str(told.value)


def test_a_network_with_two_channels_gets_no_images():
    with pytest.raises(LayerloomError, match=r"The input takes 2 channels, images have 1 or 3."):
        load(DataSettings(), Shape(2, 8, 8))


def test_loading_a_folder_can_be_called_off(tmp_path):
    folder = make_folder(tmp_path / "pets", {"cats": 3, "dogs": 3})
    with pytest.raises(CancelledError):
        load(folder_settings(folder), Shape(1, 8, 8), progress=lambda _: False)


def test_a_folder_is_described_with_its_counts(tmp_path):
    found = folder_settings(make_folder(tmp_path / "pets", {"cats": 4, "dogs": 2})).source.describe()
    assert (found.title, found.classes, found.counts, found.shape) == ("pets", ("cats", "dogs"), (4, 2), None)


def test_thumbnails_show_some_of_each_class(tmp_path):
    settings = folder_settings(make_folder(tmp_path / "pets", {"cats": 4, "dogs": 2}))
    found = settings.source.thumbnails(per_class=3, edge=20)
    assert found.pixels.shape == (5, 3, 20, 20)
    assert found.labels.tolist() == [0, 0, 0, 1, 1]
    assert Digits().thumbnails(per_class=2).pixels.shape == (20, 3, 48, 48)


def test_data_are_chosen_by_name_or_folder(tmp_path):
    assert choose("mnist").source.name == "mnist"
    assert choose(str(tmp_path)).source.path == str(tmp_path)
    assert choose(str(tmp_path)).source.note == tmp_path.name
    before = DataSettings(split={"validation": 0.3, "test": 0.2, "seed": 5})
    for text in ("mnist", str(tmp_path)):
        assert choose(text, before).split == before.split
    with pytest.raises(LayerloomError, match=r"'mnits' is neither a data set nor a folder. Did you mean 'mnist'\?"):
        choose("mnits")
    with pytest.raises(LayerloomError, match=r"No data set is called 'cifar'. Did you mean 'cifar10'\?"):
        SOURCES.find("cifar")


@pytest.mark.parametrize("path", ["/pets/" + "y" * 300, "/" + "y/" * 3000, "/pets/\0", "~nobody-of-this-name/pets"])
def test_a_path_that_no_system_takes_is_told_in_a_sentence(path):
    source = choose(path).source
    for read in (
        source.describe,
        source.thumbnails,
        partial(source.first_image, 8),
        partial(source.load, Shape(1, 8, 8)),
    ):
        with pytest.raises(LayerloomError, match="folder"):
            read()


def test_a_word_that_is_too_long_for_a_folder_is_no_data_set():
    with pytest.raises(LayerloomError, match="neither a data set nor a folder"):
        choose("y" * 300)


@pytest.mark.parametrize("stratified", [True, False])
def test_a_division_keeps_the_shares_of_classes_unless_told_otherwise(tmp_path, stratified):
    settings = folder_settings(
        make_folder(tmp_path / "pets", {"cats": 90, "dogs": 30}), validation=0, test=1 / 3, stratified=stratified
    )
    data = load(settings, Shape(1, 4, 4))
    assert len(data.train) == 80 == settings.training_images(settings.source.describe())
    assert (data.train.targets.counts == (60, 20)) is stratified


def test_pixels_may_be_taken_as_they_are():
    data = load(DataSettings(normalise="zero_to_one"), Shape(3, 8, 8))
    images, _ = all_of(data.test)
    assert torch.allclose(images * 255, torch.from_numpy(data.test.images(range(len(data.test)))).float(), atol=1e-4)
    assert (data.normalisation.mean, data.normalisation.std) == ((0, 0, 0), (1, 1, 1))


class Listed(FolderSource):
    """A folder with a list of what its images show."""

    name: ClassVar = "listed"
    title: ClassVar = "Listed images"

    @classmethod
    def reads(cls, folder):
        return (folder / "list.txt").is_file()


def test_a_folder_is_read_by_the_source_that_knows_its_layout(tmp_path):
    SOURCES.register(Listed)
    try:
        assert source_of(tmp_path) == Folder(path=str(tmp_path))
        (tmp_path / "list.txt").touch()
        assert source_of(tmp_path) == choose(str(tmp_path)).source == Listed(path=str(tmp_path))
        with pytest.raises(LayerloomError, match="Which folder"):
            choose("listed")
    finally:
        SOURCES.unregister("listed")
    assert source_of(tmp_path) == Folder(path=str(tmp_path))
    with pytest.raises(TypeError, match="Digits takes no folder"):
        Digits.at(str(tmp_path))


@pytest.fixture
def with_a_damaged_file(tmp_path):
    folder = make_folder(tmp_path / "pets", {"cats": 10, "dogs": 10})
    cut = folder / "dogs" / "003.png"
    cut.write_bytes(cut.read_bytes()[:-60])
    return folder


def test_large_folders_are_checked_before_they_are_divided(with_a_damaged_file, monkeypatch):
    settings = folder_settings(with_a_damaged_file)
    in_memory = load(settings, Shape(1, 8, 8))
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    on_disk = load(settings, Shape(1, 8, 8))
    assert on_disk.parts == in_memory.parts
    assert on_disk.normalisation == in_memory.normalisation
    assert on_disk.skipped == in_memory.skipped
    assert [bad.path.name for bad in on_disk.skipped] == ["003.png"]


@pytest.mark.parametrize("bytes_in_memory", [0, 2**20])
def test_an_earlier_training_gives_parts_and_normalisation(with_a_damaged_file, monkeypatch, bytes_in_memory):
    settings, normalisation = folder_settings(with_a_damaged_file), Normalisation((0.25,), (0.5,))
    parts = load(settings, Shape(1, 8, 8)).parts
    monkeypatch.setattr(memory_images, "IN_MEMORY", bytes_in_memory)
    (with_a_damaged_file / parts.test[0]).unlink()
    again = load(settings, Shape(1, 8, 8), as_in=Earlier(parts, normalisation))
    assert again.parts == parts
    assert again.normalisation == normalisation
    assert (again.unassigned, again.gone) == (0, 1)
    assert len(again.skipped) == 1
    (with_a_damaged_file / "cats" / "new.png").write_bytes((with_a_damaged_file / parts.train[0]).read_bytes())
    assert load(settings, Shape(1, 8, 8), as_in=Earlier(parts, normalisation)).unassigned == 1


def test_the_rule_of_version_1_divides_damaged_files_of_large_folders_with_the_others(with_a_damaged_file, monkeypatch):
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    old = load(folder_settings(with_a_damaged_file), Shape(1, 8, 8), as_in=Earlier(None, Normalisation((0,), (1,))))
    assert "dogs/003.png" in (*old.parts.train, *old.parts.validation, *old.parts.test)
    assert (old.parts.images, old.unassigned, old.gone) == (20, 0, 0)


def test_files_found_damaged_while_they_are_streamed_are_left_out_with_their_targets(tmp_path, monkeypatch):
    folder = make_folder(tmp_path / "pets", {"cats": 6, "dogs": 6}, edge=4)
    whole = load(folder_settings(folder, validation=0, test=0), Shape(1, 4, 4)).train
    for name in ("cats/002.png", "dogs/002.png", "dogs/003.png"):  # half of a batch, and a batch
        (folder / name).write_bytes((folder / name).read_bytes()[:-30])
    monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    earlier = Earlier(None, whole.pipeline.normalisation)
    settings = folder_settings(folder, validation=0, test=0).model_copy(update={"workers": 1})
    train = load(settings, Shape(1, 4, 4), as_in=earlier).train
    positions = np.array([0, 1, 3, 4, 5, 6, 7, 10, 11])
    expected = torch.cat([pixels for pixels, _ in whole.batches(2, device=CPU)])
    found = list(train.located(2, device=CPU))
    assert [len(kept) for _, kept in found] == [3, 2, 2, 2]
    assert torch.equal(torch.cat([kept for _, kept in found]), torch.from_numpy(positions))
    assert torch.equal(torch.cat([pixels for pixels, _ in found]), expected[positions])
    trained = list(train.training_batches(2, device=CPU, drawn_in=Pass(seed=1, epoch=1)))
    labels = torch.cat([batch.targets for batch in trained])
    brightness = torch.cat([batch.pixels for batch in trained]).mean(dim=(1, 2, 3))
    assert sorted(labels.tolist()) == [0] * 5 + [1] * 4
    assert torch.equal(brightness > 0, labels == 1)  # dogs are bright


def test_normalising_leaves_the_pixels_that_it_was_given():
    pixels = torch.full((2, 1, 3, 3), 51.0)
    assert torch.allclose(Normalisation((0.1,), (0.5,))(pixels), torch.tensor(0.2))
    assert (pixels == 51).all()


def test_the_normalisation_of_an_earlier_training_is_kept_where_it_kept_no_parts():
    given = Normalisation((0.25,), (0.5,))
    assert load(DataSettings(), Shape(1, 8, 8), as_in=Earlier(None, given)).normalisation == given


def test_a_sample_for_mean_and_deviation_is_taken_from_all_classes(tmp_path, monkeypatch):
    settings = folder_settings(make_folder(tmp_path / "pets", {"dark": 32, "bright": 32}), validation=0, test=0)
    whole = load(settings, Shape(1, 8, 8)).normalisation
    monkeypatch.setattr(measuring, "_SAMPLE_BYTES", 1)
    monkeypatch.setattr(measuring, "_SMALLEST_SAMPLE", 8)
    sample = load(settings, Shape(1, 8, 8)).normalisation
    assert sample != whole
    assert sample.mean[0] == pytest.approx(whole.mean[0], abs=0.05)
    assert sample.std[0] == pytest.approx(whole.std[0], abs=0.05)


def test_making_images_smaller_mixes_all_that_lies_between():
    columns = torch.arange(64).remainder(8)
    lines = ((columns == 3) | (columns == 4)).mul(255).to(torch.uint8).expand(1, 1, 64, 64)
    found = resize(lines, Shape(1, 8, 8))
    assert 40 < found.min() < found.max() < 130  # two of eight are white: 64 on average


def test_a_folder_is_remembered_from_the_root(tmp_path, monkeypatch):
    make_folder(tmp_path / "pets", {"cats": 1, "dogs": 1})
    monkeypatch.chdir(tmp_path)
    assert choose("./pets").source.path == str(tmp_path / "pets")


@pytest.mark.parametrize(
    "name",
    [".thumbnails", "@eaDir", "__MACOSX", "$RECYCLE.BIN", "lost+found", "System Volume Information", "#recycle"],
)
def test_folders_that_are_not_of_the_user_are_passed_over_at_every_depth(tmp_path, name):
    folder = make_folder(tmp_path / "pets", {"cats": 3, "dogs": 3})
    for place in (folder, folder / "cats", folder / "cats" / "indoor", folder / "cats" / name / "deep"):
        (place / name).mkdir(parents=True)
        shutil.copy(folder / "dogs" / "000.png", place / name / "copy.png")
    shutil.copy(folder / "dogs" / "000.png", folder / "cats" / "indoor" / "own.png")
    found = folder_settings(folder).source.describe()
    assert (found.classes, found.counts) == (("cats", "dogs"), (4, 3))
