"""Whether a project can train, as `check` tells it before anything is loaded."""

import pytest
from PIL import Image
from small_training import settings, small_network

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.layers import LAYERS
from engine.network import Severity
from engine.project import Project, problems_of


def errors(network, source, **values):
    project = Project(network, DataSettings(source=source), settings(**values))
    return [problem for problem in problems_of(project) if problem.severity is Severity.ERROR]


@pytest.fixture
def folder(tmp_path):
    """Two classes of one image each."""
    for name in ("cats", "dogs"):
        (tmp_path / name).mkdir()
        Image.new("L", (8, 8)).save(tmp_path / name / "one.png")
    return Folder(path=str(tmp_path))


def test_what_fits_has_no_errors(folder):
    assert errors(small_network(), "digits") == []
    assert errors(small_network(classes=2), folder) == []


def test_a_folder_is_read_for_its_classes(folder):
    (problem,) = errors(small_network(), folder)
    assert problem.message == "Output gives 10 classes, the folder has 2."


def test_data_that_cannot_be_read_are_a_problem(tmp_path):
    (problem,) = errors(small_network(), Folder(path=str(tmp_path / "gone")))
    assert (problem.code, problem.message) == ("data", f"There is no folder {tmp_path / 'gone'}.")
    assert problem.hint == (
        "If the images have moved, say where they are now: in the workspace Data, or by --data FOLDER."
    )


def test_no_folder_is_one_problem():
    assert [problem.code for problem in errors(small_network(), Folder())] == ["no_data"]


def test_a_batch_that_cannot_fit_is_told(folder):
    def wide(classes):
        """A gigabyte and a half an image."""
        network = small_network(classes=classes, size=512)
        network.set_layer("conv", LAYERS["Conv2d"](out_channels=512, kernel_size=3, padding=1))
        network.set_layer("pool", LAYERS["MaxPool2d"](kernel_size=512, stride=512))
        return network

    (problem,) = errors(wide(10), "digits", batch_size=65_536)
    assert problem.code == "out_of_memory"
    assert problem.message.startswith("Memory is full: batch 1257 needs about ")
    assert problem not in errors(wide(2), folder, batch_size=65_536)  # which has two images in all
