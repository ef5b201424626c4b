"""What was found is kept with its run, read again only where it is whole and of the same weights and images."""

import dataclasses

import numpy as np
import pytest
from small_training import settings, small_network
from unit_parts import unchanged

from engine.data.normalise import Normalisation
from engine.data.progress import Progress, finished
from engine.inspection.alteration import Alteration
from engine.inspection.damages import Noise
from engine.inspection.interventions import Constant
from engine.inspection.lens import Lens
from engine.inspection.maximise import Maximise
from engine.inspection.units.deconvnet import project
from engine.inspection.units.epochs import unit_by_epoch
from engine.inspection.units.keeping import Shelf
from engine.inspection.units.maximising import maximise
from engine.inspection.units.search import search
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project


@pytest.fixture
def run(tmp_path):
    list(run_project(Project(small_network(), training=settings(epochs=2)), tmp_path / "run"))
    return RunFolder(tmp_path / "run")


def lens_of(run, which="best"):
    lens = Lens.of_run(run)
    lens.load(run.weights(which))
    return lens


def searched(lens, *nodes, **options):
    """How many times progress was told, and what was found."""
    *told, found = search(lens, nodes or ("relu",), **options)
    assert all(isinstance(event, Progress) for event in told)
    return len(told), found


def same(one, other):
    for field in dataclasses.fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if field.name == "tops":
            assert all(np.array_equal(getattr(a[kind], name), getattr(b[kind], name), equal_nan=name == "values")
                       for kind in a for name in ("values", "images", "rows", "columns"))  # fmt: skip
        elif isinstance(a, np.ndarray):
            np.testing.assert_array_equal(a, b)
        else:
            assert a == b


def files(run):
    return sorted((run.path / "inside").glob("*"))


def test_what_was_found_is_there_the_next_time_and_its_file_holds_no_code(run):
    passes, first = searched(lens_of(run), "relu", "fc")
    assert passes > 0
    assert [file.name.partition("-")[0] for file in files(run)] == ["fc", "relu"]
    assert all(file.read_bytes()[8:9] == b"{" for file in files(run))  # the header of safetensors
    passes, again = searched(lens_of(run), "relu", "fc")
    assert (passes, again.notes) == (0, ())
    for node in ("relu", "fc"):
        same(again.answers[node], first.answers[node])
    assert searched(lens_of(run), "relu", "conv")[0] > 0


@pytest.mark.parametrize("options", [{"part": "validation"}, {"most": 50}])
def test_other_images_and_other_weights_are_searched_for_themselves(run, options):
    searched(lens_of(run))
    assert searched(lens_of(run), **options)[0] > 0
    assert searched(lens_of(run), **options)[0] == 0
    lens = lens_of(run)
    lens.module.conv.bias += 1
    assert searched(lens)[0] > 0
    assert searched(lens_of(run))[0] == 0
    assert len(files(run)) == 3


def test_images_with_other_contents_labels_names_or_brightness_are_other_images(run):
    lens = lens_of(run)
    data, chosen = lens.data, np.arange(20)
    test, train, names = data.test, data.train, list(data.names)
    first = int(test.indices[0])
    names[first] = "another"
    known, strange = ["known"] * len(names), ["known"] * len(names)
    strange[first] = "strange"
    brighter = dataclasses.replace(train.pipeline, normalisation=Normalisation((0.1,), (0.9,)))
    others = (
        data,
        dataclasses.replace(data, names=names),
        dataclasses.replace(data, train=dataclasses.replace(train, pipeline=brighter)),
        dataclasses.replace(data, fingerprints=known),
        dataclasses.replace(data, fingerprints=strange),
        dataclasses.replace(data, test=dataclasses.replace(test, targets=test.targets.of(np.roll(chosen, 1)))),
    )
    assert (test.targets.strata[chosen] != np.roll(test.targets.strata[chosen], 1)).any()
    marks = [Shelf.of_images(lens, one, "test", chosen).file("relu") for one in others]
    assert len(set(marks)) == len(marks)


def test_what_an_altered_network_or_image_gives_is_not_taken_for_what_the_run_gives(run):
    lens = lens_of(run)
    own = searched(lens)[1].answers["relu"]
    for change in (
        Alteration(damages=[Noise(amount=0.5)]),
        *(Alteration(units=[Constant(node="conv", units=(1,), value=value)]) for value in (2.0, 5.0)),
    ):
        altered = lens.altered(change)
        found = searched(altered)[1].answers["relu"]
        same(found, searched(altered, keep=False)[1].answers["relu"])
        assert not np.array_equal(found.highest, own.highest)
    passes, again = searched(lens)
    assert passes == 0
    same(again.answers["relu"], own)


def test_one_is_searched_anew_if_it_is_not_to_be_kept(run):
    assert searched(lens_of(run), keep=False)[0] > 0
    assert not (run.path / "inside").exists()


def cut_short(file):
    file.write_bytes(file.read_bytes()[:-100])


def other_sizes(file):
    file.write_bytes(file.read_bytes().replace(b'"shape":[8]', b'"shape":[4]', 1))


def places_far_off(file):
    content = bytearray(file.read_bytes())
    start = content.index(b'"one.images"')
    offset = content.index(b'"data_offsets":[', start) + len(b'"data_offsets":[')
    first = int(content[offset : content.index(b",", offset)])
    header = 8 + int.from_bytes(content[:8], "little")
    content[header + first : header + first + 8] = (10**6).to_bytes(8, "little")
    file.write_bytes(content)


def another_bit(file):
    content = bytearray(file.read_bytes())
    content[-1000] ^= 1
    file.write_bytes(content)


def other_names(file):
    file.write_bytes(file.read_bytes().replace(b'"lowest"', b'"loWest"'))


def of_no_images(file):
    file.write_bytes(file.read_bytes().replace(b'"images":"270"', b'"images":"000"'))


def no_number_of_images(file):
    file.write_bytes(file.read_bytes().replace(b'"images":"270"', b'"images":"2x0"'))


def another_one(file):
    other = next(path for path in file.parent.glob("fc-*"))
    file.write_bytes(other.read_bytes())


@pytest.mark.parametrize(
    "damage",
    [cut_short, other_sizes, places_far_off, another_bit, other_names, of_no_images, no_number_of_images, another_one],
)
def test_a_damaged_file_is_refused_with_its_reason_and_searched_again(run, damage):
    first = searched(lens_of(run), "relu", "fc")[1].answers["relu"]
    (file,) = (run.path / "inside").glob("relu-*")
    damage(file)
    passes, found = searched(lens_of(run))
    assert passes > 0
    assert found.notes[0].startswith(f"{file} is damaged and was searched anew: ")
    same(found.answers["relu"], first)
    assert searched(lens_of(run))[0] == 0


def test_where_nothing_can_be_kept_it_is_found_all_the_same_and_told(run):
    (run.path / "inside").write_text("in the way")
    passes, found = searched(lens_of(run))
    assert passes > 0
    assert "could not be kept" in found.notes[0]
    assert found.answers["relu"].images == 270


def test_a_search_that_is_called_off_keeps_nothing(run):
    events = search(lens_of(run), ["relu"])
    next(events)
    events.close()
    assert not (run.path / "inside").exists()


def test_each_epoch_shows_what_its_own_weights_show(run):
    lens = lens_of(run)
    image, quick = lens.data.test.images([3])[0], Maximise(adam_steps=10)
    with unchanged(lens):
        found = list(unit_by_epoch(run, "relu", 2, image, how=quick))
    assert [one.epoch for one in found] == list(run.kept_epochs()) == [1, 2]
    for one in found:
        then = lens_of(run, one.epoch)
        (projection,) = finished(project(then, "relu", image[None], [2]), None)
        *_, (picture,) = maximise(then, "relu", (2,), quick)
        np.testing.assert_array_equal(one.projection.values, projection.values)
        np.testing.assert_array_equal(one.maximised.values, picture.values)
    (began,) = unit_by_epoch(run, "relu", 2, image, epochs=(0,), how=quick)
    lens.load(Lens.of_project(run.project()).module.state_dict())
    (projection,) = finished(project(lens, "relu", image[None], [2]), None)
    np.testing.assert_array_equal(began.projection.values, projection.values)
    run.checkpoint(1).unlink()
    assert [one.epoch for one in unit_by_epoch(run, "relu", 2, image, how=quick)] == [2]
    with pytest.raises(Exception, match="The weights of '1' are not kept"):
        list(unit_by_epoch(run, "relu", 2, image, epochs=(1,), how=quick))
