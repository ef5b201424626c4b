"""Killed with SIGKILL at any moment, saving and training lose nothing and leave nothing behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from killing import killed_at

from engine.network import Network
from engine.project import Project, load_project, save_project

HERE = Path(__file__).parent

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork")


@pytest.mark.timeout(0)
def test_a_killed_training_goes_on_as_if_nothing_had_been(soak, tmp_path):
    rounds = soak.rounds(3)
    paths = os.pathsep.join(map(str, (HERE, HERE.parent, HERE.parent.parent)))
    done = subprocess.run(
        [sys.executable, str(HERE / "train_killed.py"), str(tmp_path), str(soak.seed), str(rounds)],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == rounds
    assert [one for one in told if one["differs"]] == []
    soak.tell(sum(sum(one["killed"]) for one in told), "kills in training")
    assert any(any(one["killed"]) for one in told)


def test_a_killed_saving_leaves_the_old_file_or_the_new_one(soak, tmp_path):
    path, chances = tmp_path / "net.loom", soak.random()
    save_project(Project(Network("net-0")), path)
    kills = 0
    for number in range(1, soak.rounds(40) + 1):
        before = load_project(path).network.name
        project = Project(Network(f"net-{number}"))
        kills += killed_at(chances.randint(1, 6), tmp_path, lambda project=project: save_project(project, path))
        assert load_project(path).network.name in (before, f"net-{number}")
    soak.tell(kills, "kills in saving")
    assert kills
    save_project(Project(Network("last")), path)
    assert load_project(path).network.name == "last"
    assert list(tmp_path.glob(".*.part")) == []
