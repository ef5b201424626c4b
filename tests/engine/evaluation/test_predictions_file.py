"""What a run says of each image, as a table."""

import csv
import io
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from small_training import settings, small_network
from torch.nn import functional
from toy_regression import registered, toy_project

from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.evaluation.evaluating import answers_of, evaluate
from engine.evaluation.predicting import predict_pixels
from engine.evaluation.predictions_file import predictions_table
from engine.project import Project
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project

sys.path.append(str(Path(__file__).parents[1] / "data"))
from image_files import make_folder


def table_of(run, part="test"):
    data = load_run_data(run)
    text = predictions_table(answers_of(run, part, data=data), data, run.project())
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def run(tmp_path):
    folder = make_folder(tmp_path / "pets", {"cats, small": 12, "dogs": 12})
    data = DataSettings(source=Folder(path=str(folder)), split=SplitSettings(test=0.25))
    list(run_project(Project(small_network(classes=2), data, settings(batch_size=8)), tmp_path / "run"))
    return RunFolder(tmp_path / "run")


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_each_image_of_a_part_has_a_line_with_what_is_said_of_it(run, part):
    lines, data = table_of(run, part), load_run_data(run)
    assert list(lines[0]) == ["file", "true", "predicted", "confidence", "loss", "cats, small", "dogs"]
    assert [line["file"] for line in lines] == list(getattr(run.parts, part))
    assert [line["true"] for line in lines] == [line["file"].split("/")[0] for line in lines]
    split = data.splits[part]
    probabilities = predict_pixels(run, split.images(range(len(split))))
    shares = np.array([[float(line[name]) for name in data.classes] for line in lines])
    assert shares == pytest.approx(probabilities, abs=1e-6)
    assert [line["predicted"] for line in lines] == [data.classes[index] for index in probabilities.argmax(axis=1)]
    assert [float(line["confidence"]) for line in lines] == shares.max(axis=1).tolist()
    expected = functional.nll_loss(
        torch.from_numpy(probabilities).log(), torch.from_numpy(split.targets.values), reduction="none"
    )
    assert [float(line["loss"]) for line in lines] == pytest.approx(expected.tolist(), rel=1e-4)
    assert np.mean([float(line["loss"]) for line in lines]) == pytest.approx(evaluate(run, part).loss)


def test_another_task_gives_targets_and_values(tmp_path):
    with registered():
        list(run_project(toy_project(epochs=1), tmp_path / "run"))
        run = RunFolder(tmp_path / "run")
        lines = table_of(run)
        assert list(lines[0]) == ["file", "true", "predicted", "loss"]
        assert [int(line["file"]) for line in lines] == list(run.parts.test)
        for line in lines:
            gap = float(line["predicted"]) - float(line["true"])
            assert float(line["loss"]) == pytest.approx(gap**2, rel=1e-5)
