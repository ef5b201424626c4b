"""Commands in this process, and what they work on."""

import pytest
from small_training import settings, small_network

from cli import app
from engine.data.settings import DataSettings
from engine.project import Project, save_project
from engine.recipe.recipe import Recipe
from engine.runs.session import run_project
from templates import build


@pytest.fixture
def command(capsys, monkeypatch, tmp_path):
    """Runs a command in a folder of its own; its exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = app.run_command([str(argument) for argument in arguments])
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


@pytest.fixture
def project(tmp_path):
    """The file of a small project, in the folder where commands run."""
    save_project(Project(small_network(), training=settings(epochs=1)), tmp_path / "small.loom")
    return "small.loom"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A short run of LeNet-5 on the digits."""
    place = tmp_path_factory.mktemp("trained") / "run"
    list(run_project(Project(build("lenet5"), DataSettings(), Recipe(epochs=2, device="cpu")), place))
    return place


@pytest.fixture
def faulty(tmp_path):
    """A project with a Linear layer on a map."""
    network = build("lenet5")
    network.remove("flatten")
    network.connect("pool2", "fc1")
    save_project(Project(network), tmp_path / "faulty.loom")
    return tmp_path / "faulty.loom"
