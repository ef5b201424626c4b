"""The range of deep images is kept with a run, and gone by wherever the run is asked."""

import json

import numpy as np
import pytest
from PIL import Image
from small_training import settings, small_network

from engine.data.intensity import Depth, Intensities, IntensityRange
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.evaluation.evaluating import evaluate
from engine.evaluation.predicting import predict
from engine.inspection.lens import Lens
from engine.project import Project
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project


@pytest.fixture
def run(tmp_path):
    """A run on floats from 0 to 2, of which dogs are the brighter."""
    generator = np.random.default_rng(0)
    for level, name in enumerate(("cats", "dogs")):
        (tmp_path / name).mkdir()
        for index in range(20):
            values = generator.uniform(0, 0.8, (8, 8)).astype(np.float32) + np.float32(1.2 * level)
            Image.fromarray(values).save(tmp_path / name / f"{index:02d}.tif")
    data = DataSettings(source=Folder(path=str(tmp_path)))
    list(run_project(Project(small_network(classes=2), data, settings(epochs=4, batch_size=8)), tmp_path / "run"))
    return RunFolder(tmp_path / "run")


def test_the_range_is_kept_and_what_is_predicted_is_what_was_evaluated(run, tmp_path):
    kept = run.record.intensities
    floats = kept.ranges[Depth.FLOATS]
    assert 0 <= floats.low < 0.1
    assert 1.9 < floats.high <= 2
    data = load_run_data(run)
    assert data.intensities == kept
    answers = evaluate(run, "test", data=data).predictions
    files = [tmp_path / name for name in data.parts.test]
    said = [one.readings[0] for one in predict(run, files)]
    assert [reading.name for reading in said] == [data.classes[index] for index in answers.predicted]
    assert [reading.value for reading in said] == pytest.approx(answers.confidence, abs=1e-6)
    lens = Lens.of_run(run)
    np.testing.assert_array_equal([lens.read(file) for file in files], data.test.images(range(len(files))))


def test_a_run_from_before_the_range_goes_by_the_kind_of_the_values(run, tmp_path):
    record = json.loads(run.record_file.read_text("utf-8"))
    del record["intensities"]
    run.record_file.write_text(json.dumps(record), "utf-8")
    old = RunFolder(run.path)
    assert old.record.intensities is None
    assert load_run_data(old).intensities is None
    bright = tmp_path / "dogs" / "00.tif"
    assert Lens.of_run(old).read(bright).max() <= 2


@pytest.mark.parametrize("damaged", [{"low": 2, "high": 1}, {"low": 0}, [0, 1], "wide"])
def test_a_damaged_range_is_refused(run, damaged):
    record = json.loads(run.record_file.read_text("utf-8"))
    run.record_file.write_text(json.dumps({**record, "intensities": damaged}), "utf-8")
    with pytest.raises(LayerloomError, match=r"is damaged"):
        _ = RunFolder(run.path).record


def test_the_range_is_a_value_in_the_record(run):
    kept = json.loads(run.record_file.read_text("utf-8"))["intensities"]
    assert {Depth(depth): IntensityRange(**ends) for depth, ends in kept["ranges"].items()} == (
        run.record.intensities.ranges
    )


def test_a_run_whose_images_of_every_depth_shared_a_range_keeps_to_it(run):
    record = json.loads(run.record_file.read_text("utf-8"))
    run.record_file.write_text(json.dumps({**record, "intensities": {"low": 0, "high": 4}}), "utf-8")
    old = RunFolder(run.path)
    assert old.record.intensities == Intensities.of_all(IntensityRange(0, 4))
    assert load_run_data(old).train.images([0]).max() <= 128


@pytest.mark.parametrize("name", ["run.json", "parts.json", "fingerprints.json", "metrics.jsonl", "project.loom"])
def test_a_byte_order_mark_of_an_editor_changes_nothing(run, name):
    before = evaluate(run, "test").accuracy
    file = run.path / name
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    again = RunFolder(run.path)
    assert evaluate(again, "test").accuracy == before
    assert [*again.events()] == [*run.events()]
