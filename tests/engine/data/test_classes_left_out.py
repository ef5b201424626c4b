"""Classes of a folder that are left out because the settings say so."""

import unicodedata

import numpy as np
import pytest
from image_files import make_folder

from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.data.synset_folder import ImageNet
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.layers.shape import Shape

COUNTS = {"bee": 6, "cow": 2, "élan": 5, "owl": 7}
SHAPE = Shape(3, 8, 8)


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "pets", COUNTS)


def source(folder, *names):
    return Folder(path=str(folder), left_out=names)


def test_the_others_are_what_a_folder_without_it_would_give(folder, tmp_path):
    less = make_folder(tmp_path / "less" / "pets", COUNTS)
    for file in (less / "cow").iterdir():
        file.unlink()
    (less / "cow").rmdir()
    left, without = source(folder, "cow"), source(less)
    found, other = left.describe(), without.describe()
    assert (found.classes, found.counts) == (other.classes, other.counts) == (("bee", "owl", "élan"), (6, 7, 5))
    assert found.left_out == (("cow", 2),)
    assert found.notes == ("cow is left out, 2 images.",)
    assert left.class_count() == 3
    assert left.listed().names == without.listed().names
    loaded, as_if = (load(DataSettings(source=one), SHAPE) for one in (left, without))
    assert loaded.parts == as_if.parts
    assert loaded.fingerprints == as_if.fingerprints
    assert loaded.normalisation == as_if.normalisation
    assert np.array_equal(loaded.train.targets.values, as_if.train.targets.values)


def test_no_picture_of_a_class_that_is_left_out_stands_for_the_set(folder):
    cow = source(folder, "bee", "élan", "owl").first_image(8)
    assert not np.array_equal(source(folder).first_image(8), cow)
    assert np.array_equal(source(folder, "bee").first_image(8), cow)


def test_a_name_counts_in_whatever_form_it_is_written(folder):
    decomposed = unicodedata.normalize("NFD", "élan")
    assert source(folder, decomposed).describe().left_out == (("élan", 5),)
    only = source(folder, "bee", "cow", "owl", decomposed)
    with pytest.raises(LayerloomError, match=r"No image in .* can be read"):
        only.first_image(8)


def test_what_else_is_to_be_said_of_the_folder_stays_said(folder):
    (folder / "yak").mkdir()
    (folder / "yak" / "notes.txt").write_text("no image")
    before = source(folder).describe().notes
    assert before
    assert source(folder, "cow").describe().notes == (*before, "cow is left out, 2 images.")


def test_a_name_that_no_class_has_is_told(folder):
    found = source(folder, "cwo", "cow", "elk").describe()
    assert found.notes == (
        "cow is left out, 2 images.",
        "There are no classes cwo and elk that could be left out.",
    )


def test_synsets_go_by_their_names_and_by_those_of_their_folders(tmp_path):
    top = make_folder(
        tmp_path / "top" / "train", {"n01440764": 3, "n02012849": 3, "n03126707": 3, "n03888257": 3}
    ).parent
    (top / "LOC_synset_mapping.txt").write_text("n01440764 tench\nn02012849 crane\nn03888257 parachute\n")
    found = ImageNet(path=str(top), left_out=("tench", "n03888257")).describe()
    assert found.classes == ("crane", "n03126707")
    assert [one.name for one in found.left_out] == ["tench", "parachute"]


def test_one_class_or_none_is_too_few(folder):
    with pytest.raises(LayerloomError, match="has one class only, 'owl', as others are left out"):
        source(folder, "bee", "cow", "élan").describe()
    with pytest.raises(LayerloomError, match=r"All classes of the folder .* are left out: training needs two"):
        source(folder, *COUNTS).describe()


def test_data_saved_before_classes_could_be_left_out_open(folder):
    saved = DataSettings(source=source(folder)).model_dump(mode="json")
    del saved["source"]["left_out"]
    assert DataSettings.model_validate(saved) == DataSettings(source=source(folder))
