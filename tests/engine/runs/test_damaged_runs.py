"""Records and checkpoints that are damaged, or of another kind: each is one sentence."""

import json

import pytest
import torch
from small_training import settings, small_network

from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.evaluation.evaluating import evaluate
from engine.evaluation.predicting import predict
from engine.inspection.lens import Lens
from engine.project import Project
from engine.runs.checkpoints import load_position, load_weights, save_weights
from engine.runs.preparing import prepare
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.words import shape_text


def project(*, dropout=0.3, **values):
    return Project(small_network(dropout=dropout), DataSettings(), settings(**values))


def test_damaged_checkpoints_are_one_sentence(tmp_path):
    list(run_project(project(epochs=1), tmp_path / "run"))
    run = RunFolder(tmp_path / "run")
    run.checkpoint("best").unlink()
    run.checkpoint("last").write_bytes(b"nothing")
    with pytest.raises(LayerloomError, match=r"last.safetensors is damaged and cannot be read."):
        run.weights("best")
    with pytest.raises(LayerloomError, match=r"kept epochs: 1"):
        run.weights(7)
    save_weights(run.checkpoint("last"), torch.nn.Linear(2, 2))
    assert set(load_weights(run.checkpoint("last"))) == {"weight", "bias"}
    with pytest.raises(LayerloomError, match=r"holds weights, but no training to go on with."):
        load_position(run.checkpoint("last"))
    with pytest.raises(LayerloomError, match=r"do not fit its network"):
        run.load_model("last")


def test_a_folder_without_a_run_says_so(tmp_path):
    with pytest.raises(LayerloomError, match=r"is no run: it has no run.json."):
        RunFolder(tmp_path)
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(LayerloomError, match=r"run.json is damaged\. name is missing\."):
        RunFolder(tmp_path).record  # noqa: B018


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": 4}, r"run.json was written by a newer Layerloom: its version is 4, this one reads up to 3\."),
        ({"version": 4, "classes": {}, "of later": 1}, "was written by a newer Layerloom"),
        *(({"version": value}, r"is damaged\. version is .* needed\.") for value in (0, "2", 2.5, True, None, [])),
        *(({key: value}, "is damaged") for key in ("mean", "std") for value in (None, "x", ["0.5"], [True], [])),
        ({"mean": [float("nan")]}, "mean › 0 is not a finite number"),
        ({"mean": [0.5, 0.5]}, "mean has 2 numbers, but input_shape has 1 channel"),
        ({"std": [0.5, 0.5]}, "std has 2 numbers, but input_shape has 1 channel"),
        *(({"std": [value]}, "std › 0 is .*, at least 1e-06 is needed") for value in (0, 0.0, -1, 1e-40)),
        *(({"std": [value]}, "std › 0 is not a finite number") for value in (float("inf"), float("nan"))),
        ({"std": [1e300]}, "std › 0 is .*, at most 1e"),
        ({"input_shape": [8, 8]}, "input_shape › 2 takes another number"),
        ({"input_shape": [1, 8, 8, 8]}, "input_shape is .* a list of another length is needed"),
        ({"input_shape": [1, 0, 8]}, "input_shape › 1 is 0, at least 1 is needed"),
        ({"input_shape": [1, 8.5, 8]}, "input_shape › 1 is 8.5, but a whole number is needed"),
    ],
)
def test_a_record_of_another_kind_says_so(tmp_path, changes, said):
    record = prepare(project()).record.model_dump(mode="json")
    (tmp_path / "run.json").write_text(json.dumps(record))
    assert RunFolder(tmp_path).record.model_dump(mode="json") == record
    (tmp_path / "run.json").write_text(json.dumps({**record, **changes}))
    with pytest.raises(LayerloomError, match=said):
        RunFolder(tmp_path).record  # noqa: B018


@pytest.mark.parametrize(
    "use", [evaluate, lambda run: predict(run, []), Lens.of_run], ids=["evaluate", "predict", "look"]
)
@pytest.mark.parametrize("shape", [[1, 9, 9], [3, 8, 8], [1, 10**9, 10**9]])
def test_a_record_of_another_shape_than_the_network_is_refused(tmp_path, use, shape):
    list(run_project(project(epochs=1), tmp_path / "run"))
    file = tmp_path / "run" / "run.json"
    edited = {"input_shape": shape, "mean": [0.5] * shape[0], "std": [0.5] * shape[0]}
    file.write_text(json.dumps({**json.loads(file.read_text()), **edited}))
    said = f"{file} is damaged: its input_shape is {shape_text(shape)}, but the network in project.loom takes 1×8×8."
    with pytest.raises(LayerloomError) as refused:
        use(RunFolder(tmp_path / "run"))
    assert str(refused.value) == said
