"""A named pipe where a run keeps a file is damage that is told, and nothing that is waited for."""

import os
import shutil

import pytest
from small_training import settings, small_network

from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")

FILES = ("checkpoints/last.safetensors", "parts.json", "metrics.jsonl")


def project(epochs):
    return Project(small_network(), DataSettings(), settings(epochs=epochs))


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    place = tmp_path_factory.mktemp("trained") / "run"
    list(run_project(project(1), place))
    return place


@pytest.fixture
def with_pipe(trained, tmp_path):
    def make(name):
        run = shutil.copytree(trained, tmp_path / "run")
        (run / name).unlink()
        os.mkfifo(run / name)
        return RunFolder(run)

    return make


@pytest.mark.parametrize("name", FILES)
def test_a_run_is_not_resumed(with_pipe, name):
    run = with_pipe(name)
    with pytest.raises(LayerloomError):
        list(run_project(project(2), run.path, resume=True))


@pytest.mark.parametrize(("name", "which"), [("best", "best"), ("last", "last"), ("epoch_001", 1)])
def test_no_weights_come_of_it(with_pipe, name, which):
    run = with_pipe(f"checkpoints/{name}.safetensors")
    with pytest.raises(LayerloomError, match="is damaged and cannot be read"):
        run.weights(which)
