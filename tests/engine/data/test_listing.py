"""Listings: all images of a source in its own order, as those that training gets."""

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from engine.data.asking import listed
from engine.data.images import UnreadableImageError, read_image, size_of_file
from engine.data.loading import load
from engine.data.measuring import fair_sample, measure
from engine.data.published import Digits
from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.layers import Shape

SHAPE = Shape(3, 12, 12)


@pytest.fixture
def folder(tmp_path):
    """Three classes of images of unlike sizes, one of them cut short and two of them the same."""
    random = np.random.default_rng(0)
    for name, count in (("cat", 9), ("dog", 7), ("owl", 5)):
        (tmp_path / name).mkdir()
        for index in range(count):
            pixels = random.integers(0, 256, (10 + index, 14, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / f"{index}.png")
    whole = (tmp_path / "dog" / "3.png").read_bytes()
    (tmp_path / "dog" / "3.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "owl" / "copy.png").write_bytes((tmp_path / "owl" / "0.png").read_bytes())
    return tmp_path


@pytest.mark.parametrize("split", [SplitSettings(), SplitSettings(seed=5, stratified=False), SplitSettings(test=0.4)])
def test_a_listing_is_divided_as_training_divides(folder, split):
    settings = DataSettings(source=Folder(path=str(folder)), split=split)
    listing, loaded = listed(settings.source), load(settings, SHAPE)
    listing = listing.check(None)
    assert list(listing.names) == list(loaded.names)
    division = listing.divided(split)
    for part, name in zip(division, ("train", "validation", "test"), strict=True):
        assert [listing.names[place] for place in part] == list(getattr(loaded.parts, name))


def test_a_damaged_file_goes_once_all_are_read(folder):
    first = listed(Folder(path=str(folder)))
    assert "dog/3.png" in first.names
    second = first.check(None)
    assert set(first.names) - set(second.names) == {"dog/3.png"}
    assert second.description.counts == (9, 6, 6)
    assert [file.name for file in second.description.unreadable] == ["dog/3.png"]
    assert [[second.names[place] for place in group] for group in second.copies] == [["owl/0.png", "owl/copy.png"]]


def test_images_are_numbered_within_their_class(folder):
    listing = listed(Folder(path=str(folder)))
    for label, count in ((0, 9), (1, 7), (2, 6)):
        assert listing.numbers[listing.labels == label].tolist() == list(range(1, count + 1))


@pytest.mark.parametrize(("edge", "shape"), [(7, (3, 7, 6)), (100, (3, 17, 14))])
def test_a_thumbnail_keeps_its_proportions_and_is_not_enlarged(folder, edge, shape):
    listing = listed(Folder(path=str(folder)))
    assert listing.thumbnail(listing.names.index("cat/7.png"), edge).shape == shape


def test_a_file_that_is_gone_is_unreadable(folder):
    listing = listed(Folder(path=str(folder)))
    (folder / "cat" / "0.png").unlink()
    with pytest.raises(UnreadableImageError, match="there is no such file"):
        listing.thumbnail(listing.names.index("cat/0.png"), 8)


def test_an_upright_image_is_measured_upright(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        image = Image.new("RGB", (20, 10))
        exif = image.getexif()
        exif[0x0112] = 6
        image.save(tmp_path / name / "turned.jpg", exif=exif)
    listing = listed(Folder(path=str(tmp_path)))
    assert listing.pictures.size(0) == (20, 10)
    assert listing.thumbnail(0, 10).shape == (3, 10, 5)


@pytest.mark.parametrize("last", [False, True])
def test_a_png_is_measured_upright_and_decoded_only_where_it_may_tell_last(tmp_path, monkeypatch, last):
    image, exif = Image.new("RGB", (20, 10)), Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "turned.png"
    image.save(path, exif=exif)
    if last:
        content = path.read_bytes()
        at = content.index(b"eXIf") - 4
        end = at + 12 + int.from_bytes(content[at : at + 4])
        path.write_bytes(content[:at] + content[end:-12] + content[at:end] + content[-12:])
    decoded, prepare = [], PngImageFile.load_prepare
    monkeypatch.setattr(PngImageFile, "load_prepare", lambda image: decoded.append(image) or prepare(image))
    assert size_of_file(path) == (20, 10)
    assert len(decoded) == last
    assert read_image(path, Shape(3, 20, 10)).shape == (3, 20, 10)


def test_digits_are_those_that_train():
    listing, loaded = listed(Digits()), load(DataSettings(), Shape(1, 8, 8))
    place = int(loaded.test.indices[0])
    assert np.array_equal(listing.pictures.read(place, Shape(1, 8, 8)), loaded.test.images([0])[0])
    assert listing.label(place) == str(loaded.test.targets.values[0])


@pytest.mark.parametrize("shape", [Shape(1, 8, 8), Shape(3, 12, 12)])
def test_the_figures_are_those_that_normalising_takes(folder, shape):
    settings = DataSettings(source=Folder(path=str(folder)))
    listing, loaded = listed(settings.source).check(None), load(settings, shape)
    found = measure(listing, listing.divided(settings.split).train, shape)
    assert found.images == len(loaded.train)
    assert found.mean == pytest.approx(loaded.normalisation.mean)
    assert found.std == pytest.approx(loaded.normalisation.std)
    assert found.sizes[0] == (10, 14)
    assert found.colour == found.images
    assert not found.same_size


def test_grey_images_are_told():
    listing = listed(Digits())
    found = measure(listing, listing.divided(SplitSettings()).train, Shape(1, 8, 8))
    assert (found.colour, found.same_size, found.sizes[1]) == (0, True, (8, 8))


def folder_of(top, *images):
    for number, pixels in enumerate(images):
        (top / "ab"[number % 2]).mkdir(exist_ok=True)
        Image.fromarray(pixels).save(top / "ab"[number % 2] / f"{number}.png")
    return listed(Folder(path=str(top)))


@pytest.mark.parametrize(("tint", "colour"), [(24, 0), (25, 4)])
def test_grey_images_with_a_tint_are_grey(tmp_path, tint, colour):
    pixels = np.full((6, 6, 3), (90, 90 + tint, 95), np.uint8)
    found = measure(folder_of(tmp_path, *[pixels] * 4), np.arange(4), SHAPE)
    assert (found.images, found.colour) == (4, colour)


def test_sizes_are_those_of_the_smallest_middle_and_largest_image_by_pixels(tmp_path):
    sizes = ((30, 5), (12, 12), (10, 20), (3, 90))
    listing = folder_of(tmp_path, *(np.zeros(size, np.uint8) for size in sizes))
    assert measure(listing, np.arange(4), SHAPE).sizes == ((12, 12), (10, 20), (3, 90))


def test_a_deep_image_is_shown_by_its_own_range(tmp_path):
    ramp = np.linspace(0, 1023, 64).reshape(8, 8).astype(np.uint16)
    listing = folder_of(tmp_path, ramp, ramp * 64)
    for place in (0, 1):
        assert np.ptp(listing.thumbnail(place, 8)) >= 254


def test_a_sample_is_spread_evenly():
    assert fair_sample(np.arange(100), Shape(3, 8, 8)).tolist() == list(range(100))
    many = fair_sample(np.arange(1000), Shape(3, 512, 512))
    assert len(many) <= 256
    assert set(np.diff(many)) == {4}


def test_nothing_that_can_be_read_has_no_figures(folder):
    listing = listed(Folder(path=str(folder)))
    for file in folder.rglob("*.png"):
        file.unlink()
    with pytest.raises(LayerloomError, match="None of the training images can be read"):
        measure(listing, np.arange(3), SHAPE)


def test_images_are_called_by_class_and_number(folder):
    listing = listed(Folder(path=str(folder)))
    place = listing.names.index("dog/2.png")
    assert listing.caption(place) == "dog\u00a03"
    assert listing.words[place] == "dog/2.png"
