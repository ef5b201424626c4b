import numpy as np
import pytest
from image_files import make_folder, png
from PIL import Image

from engine.data import memory_images
from engine.data.deep_files import DeepFiles
from engine.data.intensity import Depth, Intensities, IntensityRange
from engine.data.loading import Earlier, load
from engine.data.measuring import measure
from engine.data.published import Digits
from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.layers.shape import Shape


def folder_settings(path, **split):
    return DataSettings(source=Folder(path=str(path)), split=SplitSettings(**split))


def save_deep(place, values):
    """A folder of two classes with a TIFF for each image ``(H, W)``, every second one of the other class."""
    for index, image in enumerate(values):
        (place / "ab"[index % 2]).mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(place / "ab"[index % 2] / f"{index:03d}.tif")
    return folder_settings(place, validation=0, test=0)


def floats(low, high):
    return Intensities({Depth.FLOATS: IntensityRange(low, high)})


def pixels_of(data):
    """What the training images became, in the order of their names."""
    files = sorted(range(len(data.train)), key=lambda place: data.parts.train[place].rpartition("/")[2])
    return data.train.images(files)


@pytest.mark.parametrize("in_memory", [True, False])
def test_floats_share_one_scale_however_high_they_peak(tmp_path, monkeypatch, in_memory):
    if not in_memory:
        monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    values = Digits().raw().pixels[:20, 0] / np.float32(255)
    values = values / values.max(axis=(1, 2), keepdims=True)
    values[3] *= 1.02
    data = load(save_deep(tmp_path, values), Shape(1, 8, 8))
    assert data.intensities == floats(0, values.max())
    assert np.abs(pixels_of(data)[:, 0] - values / 1.02 * 255).max() <= 0.51


def test_a_wide_range_is_kept_and_an_infinite_pixel_changes_nothing_else(tmp_path):
    values = np.linspace(-1000, 1000, 8 * 16, dtype=np.float32).reshape(8, 4, 4)
    clean = load(save_deep(tmp_path / "clean", values), Shape(1, 4, 4))
    values[5, 1, 1] = np.inf
    hot = load(save_deep(tmp_path / "hot", values), Shape(1, 4, 4))
    assert clean.intensities == hot.intensities == floats(-1000, 1000)
    assert pixels_of(clean).min() == 0
    assert pixels_of(clean).max() == 255
    assert np.argwhere(pixels_of(clean) != pixels_of(hot)).tolist() == [[5, 0, 1, 1]]


@pytest.mark.parametrize(("highest", "white"), [(900, 1023), (4000, 4095), (10000, 16383), (60000, 65535)])
def test_sixteen_bits_are_as_many_as_the_training_images_need(tmp_path, highest, white):
    values = np.zeros((6, 4, 4), np.uint16)
    values[0], values[1] = highest, highest // 2
    data = load(save_deep(tmp_path, values), Shape(1, 4, 4))
    assert data.intensities == Intensities({Depth.SIXTEEN: IntensityRange(0, white)})
    assert pixels_of(data)[:2, 0, 0, 0].tolist() == [round(highest / white * 255), round(highest // 2 / white * 255)]


def test_the_range_is_that_of_the_training_images(tmp_path):
    values = np.array([np.full((4, 4), index, np.float32) for index in range(20)])
    settings = save_deep(tmp_path, values)
    data = load(settings.model_copy(update={"split": SplitSettings(validation=0.2, test=0.2)}), Shape(1, 4, 4))
    trained = [int(name[2:5]) for name in data.parts.train]
    assert data.intensities == floats(min(trained), max(trained))


def test_deep_and_other_images_go_together(tmp_path):
    values = [np.full((4, 4), 7, np.uint8), np.full((4, 4), 4095, np.uint16), np.full((4, 4), 0, np.uint16)]
    data = load(save_deep(tmp_path, values), Shape(1, 4, 4))
    assert pixels_of(data)[:, 0, 0, 0].tolist() == [7, 255, 0]
    assert data.notes == (
        "Images of each depth have a range of their own: 1 image of 8 bits (0 to 255) and 2 of 16 bits (0 to 4095).",
    )


def test_where_no_deep_image_trains_those_that_test_share_a_range(tmp_path):
    make_folder(tmp_path / "train", {"a": 3, "b": 3}, edge=4)
    for place, value in (("a", 900), ("b", 1000)):
        (tmp_path / "test" / place).mkdir(parents=True)
        Image.fromarray(np.full((4, 4), value, np.uint16)).save(tmp_path / "test" / place / "deep.png")
    data = load(folder_settings(tmp_path, validation=0), Shape(1, 4, 4))
    assert data.intensities == Intensities({Depth.SIXTEEN: IntensityRange(0, 1023)})
    assert sorted(data.test.images([0, 1])[:, 0, 0, 0].tolist()) == [round(v / 1023 * 255) for v in (900, 1000)]


def test_floats_beside_sixteen_bits_blacken_nothing(tmp_path):
    values = [np.full((4, 4), value, np.float32) for value in (0, 1)]
    values += [np.full((4, 4), value, np.uint16) for value in (0, 60000)]
    data = load(save_deep(tmp_path, values), Shape(1, 4, 4))
    assert pixels_of(data)[:, 0, 0, 0].tolist() == [0, 255, 0, round(60000 / 65535 * 255)]
    assert data.notes == (
        "Images of each depth have a range of their own: 2 of 16 bits (0 to 65535) and 2 of floats (0 to 1).",
    )


@pytest.mark.parametrize("in_memory", [True, False])
@pytest.mark.parametrize("wild", [1e20, -1e20, np.finfo(np.float32).max, 1e6])
def test_a_wild_value_changes_no_other_image_and_is_told(tmp_path, monkeypatch, wild, in_memory):
    if not in_memory:
        monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    values = Digits().raw().pixels[:20, 0] / np.float32(255)
    clean = pixels_of(load(save_deep(tmp_path / "clean", values), Shape(1, 8, 8)))
    values[7, 2, 3] = wild
    data = load(save_deep(tmp_path / "wild", values), Shape(1, 8, 8))
    assert set(np.argwhere(pixels_of(data) != clean)[:, 0].tolist()) <= {7}
    assert data.notes == (f"1 value {'above 1' if wild > 0 else 'below 0'} is cut, far from all others.",)


def test_an_image_without_any_number_is_left_out_and_told(tmp_path):
    values = np.arange(6 * 16, dtype=np.float32).reshape(6, 4, 4)
    values[2], values[3] = np.nan, np.inf
    data = load(save_deep(tmp_path, values), Shape(1, 4, 4))
    assert len(data.train) == 4
    assert {file.path.name: file.reason for file in data.skipped} == dict.fromkeys(
        ("002.tif", "003.tif"), "all its values are NaN or infinite"
    )


def test_colours_of_sixteen_bits_share_a_range_with_greys_of_as_many(tmp_path):
    colours = np.random.default_rng(0).integers(0, 4096, (6, 4, 4, 3)).astype(np.uint16)
    colours[0, 0, 0, 0] = 4095
    settings = save_deep(tmp_path, np.full((2, 4, 4), 2000, np.uint16))
    for index, values in enumerate(colours):
        png(tmp_path / "ab"[index % 2] / f"{index + 2:03d}.png", values, color=2)
    data = load(settings, Shape(3, 4, 4))
    assert data.intensities == Intensities({Depth.SIXTEEN: IntensityRange(0, 4095)})
    expected = (colours / 4095 * 255).round().transpose(0, 3, 1, 2)
    np.testing.assert_array_equal(pixels_of(data)[2:], expected)


def test_eight_bits_have_no_range(tmp_path):
    assert load(folder_settings(make_folder(tmp_path / "pets", {"a": 3, "b": 3})), Shape(1, 8, 8)).intensities is None


def test_an_earlier_range_is_used_again_and_one_that_had_none_goes_by_the_kind(tmp_path):
    settings = save_deep(tmp_path, np.arange(4, dtype=np.float32)[:, None, None].repeat(4, 1).repeat(4, 2))
    first = load(settings, Shape(1, 4, 4))
    for intensities, expected in ((floats(0, 6), [0, 42, 85, 128]), (None, [0, 255, 2, 3])):
        again = load(settings, Shape(1, 4, 4), as_in=Earlier(first.parts, first.normalisation, intensities))
        assert again.intensities == intensities
        assert pixels_of(again)[:, 0, 0, 0].tolist() == expected


def test_a_deep_image_that_vanishes_meanwhile_has_no_part_in_the_range(tmp_path):
    files = {place: tmp_path / f"{place}.tif" for place in (0, 3, 7)}
    for place in (0, 7):
        Image.fromarray(np.full((2, 2), place, np.float32)).save(files[place])
    (found,) = DeepFiles(files, on=lambda _: None).ranges_of([0, 3, 7, 9], progress=None)
    assert (found.depth, found.range, found.images) == (Depth.FLOATS, IntensityRange(0, 7), 2)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.arange(8 * 16, dtype=np.uint16).reshape(8, 4, 4) * 30, "16 bit, scaled by 4095"),
        (np.linspace(0, 1.02, 8 * 16, dtype=np.float32).reshape(8, 4, 4), "float, 0 to 1.02"),
        (np.linspace(-1000, 1000, 8 * 16, dtype=np.float32).reshape(8, 4, 4), "float, -1000 to 1000"),
        (np.arange(8 * 16, dtype=np.uint8).reshape(8, 4, 4), "8 bit"),
    ],
)
def test_the_depth_of_a_set_is_said_with_what_scales_it(tmp_path, values, words):
    settings = save_deep(tmp_path, values)
    listing, shape = settings.source.listed(), Shape(1, 4, 4)
    train = listing.divided(settings.split).train
    found = measure(listing, train, shape)
    assert found.bit_depth == words
    wanted = load(settings, shape).normalisation
    assert [*found.mean, *found.std] == pytest.approx([*wanted.mean, *wanted.std])


def test_several_depths_are_all_named(tmp_path):
    settings = save_deep(tmp_path, np.arange(8 * 16, dtype=np.uint16).reshape(8, 4, 4))
    Image.new("L", (4, 4)).save(tmp_path / "a" / "plain.png")
    listing = settings.source.listed()
    assert measure(listing, np.arange(9), Shape(1, 4, 4)).bit_depth == "8 bit; 16 bit, scaled by 1023"
