"""Runs that are kept among the images they learn from are no images, and nothing is said of them."""

import sys
from pathlib import Path

import pytest
from small_training import settings, small_network

from engine.data.folder import scan_folder
from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.project import Project
from engine.runs.session import run_project

sys.path.append(str(Path(__file__).parents[1] / "data"))
from image_files import make_folder

LAYOUTS = [
    {"cats": 12, "dogs": 12},
    {"train/cats": 8, "train/dogs": 8, "test/cats": 4, "test/dogs": 4},
    {"pictures/cats": 12, "pictures/dogs": 12},
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: next(iter(layout)))
@pytest.mark.parametrize("place", ["pets-runs/run-1", "runs/tiny-1", "run"])
def test_a_folder_of_images_is_read_as_if_no_run_were_in_it(tmp_path, layout, place):
    make_folder(tmp_path, layout)
    before = scan_folder(tmp_path)
    data = DataSettings(source=Folder(path=str(tmp_path)), split=SplitSettings(validation=0.25, test=0.25))
    list(run_project(Project(small_network(classes=2), data, settings(epochs=1, batch_size=8)), tmp_path / place))
    assert (tmp_path / place / "checkpoints").is_dir()
    assert scan_folder(tmp_path) == before


def test_a_folder_of_runs_alone_has_no_images(tmp_path):
    images = tmp_path / "images"
    make_folder(images, LAYOUTS[0])
    data = DataSettings(source=Folder(path=str(images)))
    list(
        run_project(Project(small_network(classes=2), data, settings(epochs=1)), tmp_path / "work" / "pets-runs" / "1")
    )
    with pytest.raises(LayerloomError, match="has no images in sub-folders"):
        scan_folder(tmp_path / "work")


def test_images_beside_a_run_stay_images(tmp_path):
    make_folder(tmp_path, {"cats": 3, "cats/project.loom": 3, "dogs": 3, "dogs/run.json": 2})
    assert len(scan_folder(tmp_path).images) == 11
