"""The command line as a program of its own: from training to using what was trained, and how it is interrupted."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from PIL import Image

from cli import app
from cli.window import require_target
from engine.runs.run_folder import RunFolder
from templates import TEMPLATES

MAIN = Path(__file__).parents[2] / "main.py"
LIMIT = 240  # seconds after which a test gives up on a program


def command(place, *arguments):
    """Runs ``python main.py`` in a folder until it ends."""
    return subprocess.run(
        [sys.executable, str(MAIN), *arguments], cwd=place, capture_output=True, text=True, timeout=LIMIT, check=False
    )


def started(place, *arguments):
    """Starts ``python main.py`` in a folder."""
    return subprocess.Popen(
        [sys.executable, str(MAIN), *arguments], cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.slow
def test_from_training_to_prediction(tmp_path):
    trained = command(tmp_path, "train", "lenet5", "--data", "digits", "--epochs", "5", "--json")
    assert trained.returncode == 0
    assert trained.stderr == (
        "The run is in runs/lenet5-1; train longer with: python main.py train runs/lenet5-1 --resume --epochs N\n"
    )
    events = [json.loads(line) for line in trained.stdout.splitlines()]
    assert [event["epoch"] for event in events if event["event"] == "epoch_done"] == [1, 2, 3, 4, 5]
    assert events[-2]["validation"]["accuracy"] >= 0.97

    evaluated = command(tmp_path, "evaluate", "runs/lenet5-1", "--json")
    assert evaluated.returncode == 0
    assert json.loads(evaluated.stdout)["accuracy"] >= 0.95

    Image.new("L", (30, 30), 0).save(tmp_path / "black.png")
    predicted = command(tmp_path, "predict", "runs/lenet5-1", "black.png", "--json")
    assert len(json.loads(predicted.stdout)[0]["predictions"]) == 5
    assert predicted.stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_training_stops_cleanly_and_goes_on(tmp_path, number):
    training = started(tmp_path, "train", "lenet5", "--epochs", "100000", "--run", "my run", "--json")
    for line in training.stdout:
        if json.loads(line)["event"] == "step_done":
            break
    training.send_signal(number)
    out, err = training.communicate(timeout=LIMIT)
    assert training.returncode == 1
    assert json.loads(out.splitlines()[-1])["stopped"]
    assert err == "Stopped. The run is in my run; go on with: python main.py train 'my run' --resume\n"
    assert RunFolder(tmp_path / "my run").end().stopped


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_crash(tmp_path):
    listing = started(tmp_path, "layers", "--json")
    listing.stdout.close()
    assert listing.wait(LIMIT) in (0, 1)
    assert listing.stderr.read() == ""
    listing.stderr.close()


@pytest.mark.slow
def test_a_wrong_command_leaves_no_traceback(tmp_path):
    failed = command(tmp_path, "train", "lenet5", "--data", "nowhere/images")
    assert failed.returncode == 2
    assert failed.stdout == ""
    assert failed.stderr.startswith("There is no folder ")
    assert failed.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments", [("summary", "resnet", "--set", "depth=152"), ("check", "lenet5"), ("templates",), ("layers",)]
)
def test_what_needs_no_torch_does_not_load_it(tmp_path, arguments):
    run = f"code = run_command({list(arguments)!r})"
    watched = f"from cli.app import run_command, sys; {run}; print('torch' in sys.modules, code)"
    paths = {**os.environ, "PYTHONPATH": str(MAIN.parent)}
    done = subprocess.run(
        [sys.executable, "-c", watched],
        cwd=tmp_path,
        env=paths,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "False 0"


@pytest.mark.slow
def test_the_window_is_drawn_off_screen(tmp_path):
    drawn = command(tmp_path, "screenshot", "lenet5", "-o", "window.png")
    assert drawn.returncode == 0, drawn.stderr
    with Image.open(tmp_path / "window.png") as image:
        assert image.width >= 1000


def test_every_template_can_be_named_as_a_target():
    commands = typer.main.get_command(app.app).commands
    for name in TEMPLATES:
        require_target(name, commands)
