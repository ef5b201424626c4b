"""The benchmarks can be listed and run, and measure what they say."""

import json
import subprocess
import sys

import pytest

from benchmarks.__main__ import main, names
from benchmarks.canvas import drawn
from benchmarks.evaluation import browsing, predictions
from benchmarks.evaluation import measured as evaluated
from benchmarks.indexing import measured
from benchmarks.keeping import measured as what_is_kept
from benchmarks.loading import measured as streamed
from benchmarks.matrix import painted
from benchmarks.outside import from_outside
from benchmarks.timing import busy_seconds, compared, seconds
from benchmarks.training import cases, noise, watching
from benchmarks.training import measured as held_against_a_hand_loop
from engine.compiling import compile_network
from engine.recipe.recipe import Device, Recipe
from engine.training.loop import train


def test_the_list_says_what_each_measures(capsys):
    assert main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == names()
    assert {"analysis", "canvas", "compiled", "indexing", "responsive", "startup", "templates"} <= set(names())
    assert all(line.endswith(".") for line in lines)


def test_listing_loads_neither_torch_nor_qt():
    code = (
        "import sys; from benchmarks.__main__ import main; main([]); assert not {'torch', 'PySide6'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_an_unknown_name_is_answered_with_those_there_are(capsys):
    assert main(["analysis", "--rounds", "3"]) == main(["training", "--rounds", "0"]) == 2
    capsys.readouterr()
    assert main(["speed"]) == 2
    assert "There is no benchmark 'speed'; there are analysis," in capsys.readouterr().err


def test_a_result_is_one_line_of_json_with_a_ratio(capsys):
    assert main(["analysis"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["benchmark"] == "analysis"
    assert result["ratio"] > 0
    assert result["edit_keeping_shapes_visited"] < result["nodes"]


@pytest.mark.parametrize(("nodes", "wires"), [(700, 800), (5000, 5715)])
def test_the_drawn_network_has_the_size_it_is_said_to_have(nodes, wires):
    network = drawn(nodes, wires)
    assert (len(network), len(network.edges())) == (nodes, wires)


def test_turns_are_taken_evenly():
    calls = []
    first, second, ratio = compared(lambda: calls.append("a"), lambda: calls.append("b"), rounds=4)
    assert calls == list("abbaabba")
    assert min(first, second, ratio) > 0


def test_seconds_are_not_negative():
    assert seconds(lambda: None) >= 0
    assert busy_seconds(lambda: None) >= 0


def test_a_folder_is_indexed_and_its_memory_is_told():
    found = measured(200)
    assert found["images"] == 200
    assert found["seconds"] >= 0  # in tenths
    assert found["memory_mb"] >= 0


def test_training_takes_turns_with_a_loop_written_by_hand():
    found = held_against_a_hand_loop(cases()["lenet5_16"]._replace(steps=2), rounds=1)
    assert found["ratio"] == pytest.approx(found["by_hand_us"] / found["step_us"], rel=0.01)


def test_the_training_that_is_timed_runs_over_one_image_more_than_the_loop_by_hand():
    case, seen = cases()["lenet5_16"]._replace(steps=2), []
    model = compile_network(case.network, logits=True, seed=0)
    model.register_forward_hook(lambda _model, given, _outputs: seen.append(len(given[0])))
    list(train(model, noise(case), Recipe(epochs=1, batch_size=case.batch, device=Device.CPU)))
    assert seen == [case.batch, case.batch, 1]


def test_evaluating_takes_turns_with_a_bare_forward_loop():
    found = evaluated(cases()["lenet5_16"]._replace(steps=2), rounds=1)
    assert found["images"] == 32
    assert found["ratio"] > 0
    assert min(browsing(predictions(100, 5)).values()) >= 0


def test_a_matrix_of_a_thousand_classes_is_painted_once_coloured_and_once_kept(qapp):
    found = painted()
    assert found["first_paint_ms"] > found["paint_ms"] > 0


def test_what_is_kept_of_a_run_is_measured():
    found = what_is_kept(3)
    assert 0 < found["share"] < 1
    assert found["files"] == 10  # the folder of checkpoints, three epochs, best, last, project, run, parts, metrics


def test_what_watching_costs_is_a_share_of_the_training():
    assert -1 < watching(cases()["lenet5_16"]._replace(steps=2), rounds=1)["share"] < 1


@pytest.mark.slow
def test_a_training_from_outside_is_held_against_one_by_hand():
    found = from_outside(64, rounds=1)
    assert found["ratio"] > 0
    assert found["epoch_ms"] > 0


@pytest.mark.slow
def test_a_folder_is_streamed_beside_torchvision_and_beside_one_process():
    found = streamed(6, rounds=1)
    assert min(found["ratio"], found["of_all_workers"], found["images_a_second"]) >= 0
    assert found["workers"] >= 1
