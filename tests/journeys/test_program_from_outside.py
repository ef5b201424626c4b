"""The program started by a file outside it, as CONTRIBUTING tells, with what another file there declares."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from contributing import BLOCKS, HEAD, START
from PIL import Image
from safetensors.numpy import load_file

ROOT = Path(__file__).parents[2]
SMALL_MEMORY = "\n\nfrom engine.data import memory_images\n\nmemory_images.IN_MEMORY = 0\n"
STEPS = [{"name": "any_part"}, {"name": "fade", "most": 0.9, "probability": 0.5}]


@pytest.fixture
def outside(tmp_path):
    """A folder with the two files, and one of 40 images named after their class, 12×12 grey."""
    (tmp_path / "mine.py").write_text("\n\n".join([HEAD, *BLOCKS]), "utf-8")
    (tmp_path / "start.py").write_text(START, "utf-8")
    random = np.random.default_rng(0)
    (tmp_path / "images").mkdir()
    for label, name in enumerate(("dark", "light")):
        for index in range(20):
            pixels = random.integers(90 * label, 90 * label + 160, (12, 12), np.uint8)
            Image.fromarray(pixels).save(tmp_path / "images" / f"{name}-{index}.png")
    return tmp_path


def started(folder, *arguments):
    """What a program of that folder prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "start.py", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def trained(folder, run, *arguments):
    """What a run of that folder learns in each epoch, and its weights at the end."""
    lines = started(folder, "train", "mine.loom", "--run", run, "--json", *arguments).splitlines()
    told = [json.loads(line) for line in lines]
    curve = [(event["train"], event["validation"]) for event in told if event["event"] == "epoch_done"]
    return curve, load_file(folder / run / "checkpoints" / "last.safetensors")


def test_images_of_an_outside_source_stream_from_disk_with_the_curves_of_memory(outside):
    started(outside, "new", "lenet5", "-o", "mine.loom")
    project = json.loads((outside / "mine.loom").read_text("utf-8"))
    project["data"]["steps"] = STEPS
    project["network"]["nodes"][-2]["settings"]["out_features"] = 2
    (outside / "mine.loom").write_text(json.dumps(project), "utf-8")
    choices = ("--data", "images", "--epochs", "2", "--batch-size", "8", "--device", "cpu")
    in_memory, weights = trained(outside, "memory", *choices)
    again, _ = trained(outside, "again", *choices)
    assert in_memory == again
    with (outside / "mine.py").open("a", encoding="utf-8") as file:
        file.write(SMALL_MEMORY)
    from_disk, weights_then = trained(outside, "disk", *choices)
    assert from_disk == in_memory
    assert all(np.array_equal(weights[name], weights_then[name]) for name in weights)
    record = json.loads((outside / "disk" / "project.loom").read_text("utf-8"))
    assert record["data"]["source"]["name"] == "named_files"
    assert json.loads((outside / "disk" / "run.json").read_text("utf-8"))["classes"] == ["dark", "light"]
