"""The command line in this process: what each command answers, and one sentence for each slip."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from a_pipe import ReadPipe
from PIL import Image

from cli import app
from engine import registries
from engine.choices import Choice, Registry
from engine.layers import LAYERS
from engine.project import Project, load_project, save_project
from engine.recipe.recipe import Recipe
from engine.runs.run_folder import RunFolder
from templates import TEMPLATES, build


def one_sentence(text):
    """Whether a person is told something short, and no traceback."""
    return text.count("\n") == 1 and text.endswith((".\n", "?\n")) and "Traceback" not in text


# Answers


def test_templates_are_listed(command):
    code, out, _ = command("templates", "--json")
    found = {entry["name"]: entry for entry in json.loads(out)}
    assert code == 0
    assert set(found) == set(TEMPLATES)
    assert found["resnet"]["year"] == 2015
    assert 152 in found["resnet"]["options"]["depth"]["choices"]
    assert "LeNet-5" in command("templates")[1]


def test_layers_are_listed(command):
    code, out, _ = command("layers", "--json")
    found = {entry["name"]: entry for entry in json.loads(out)}
    assert code == 0
    assert found["Conv2d"]["family"] == "Convolution"
    assert found["Conv2d"]["settings"]["kernel_size"] == [3, 3]
    assert "MaxPool2d" in command("layers")[1]


@pytest.mark.parametrize(
    ("arguments", "parameters"),
    [
        (("lenet5",), 61_706),
        (("resnet", "--set", "depth=50"), 25_557_032),
        (("vgg", "--set", "configuration=D"), 138_357_544),
    ],
)
def test_a_summary_counts_what_torchvision_counts(command, arguments, parameters):
    code, out, _ = command("summary", *arguments, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["total_parameters"] == found["trainable_parameters"] == parameters
    assert sum(layer["parameters"] for layer in found["layers"]) == parameters
    assert sum(layer["multiply_adds"] for layer in found["layers"]) == found["multiply_adds"]


def test_a_summary_has_the_fields_that_scripts_rely_on(command):
    found = json.loads(command("summary", "lenet5", "--batch", "4", "--json")[1])
    assert set(found) >= {"name", "inputs", "outputs", "total_parameters", "trainable_parameters"}
    assert found["inputs"] == {"input": [1, 32, 32]}
    assert found["outputs"] == {"output": [10]}
    one = json.loads(command("summary", "lenet5", "--json")[1])
    assert found["activation_bytes"] == 4 * one["activation_bytes"]
    conv = next(layer for layer in found["layers"] if layer["name"] == "conv2")
    assert conv["layer"] == "Conv2d"
    assert conv["inputs"] == [[6, 14, 14]]
    assert conv["output"] == [16, 10, 10]
    assert conv["receptive_field"] == [14, 14]


@pytest.mark.parametrize(
    ("target", "options"), [("googlenet", ()), ("googlenet", ("variant=torchvision",)), ("inception_v3", ())]
)
def test_a_summary_tells_what_rests_in_evaluation(command, target, options):
    sets = [word for option in options for word in ("--set", option)]
    found = json.loads(command("summary", target, *sets, "--json")[1])
    without = json.loads(command("summary", target, *sets, "--set", "aux=false", "--json")[1])
    assert found["evaluation_multiply_adds"] == without["evaluation_multiply_adds"] == without["multiply_adds"]
    assert found["multiply_adds"] > without["multiply_adds"]
    assert "in auxiliary heads, which rest in evaluation" in command("summary", target, *sets)[1]
    assert "auxiliary" not in command("summary", target, *sets, "--set", "aux=false")[1].splitlines()[-1]


def test_a_summary_reads_well(command):
    code, out, _ = command("summary", "lenet5")
    assert code == 0
    assert "61 706 parameters" in out.replace("\u202f", " ").replace("\u202f", " ")


def test_a_sound_network_checks_out(command):
    assert command("check", "lenet5") == (0, "No problems.\n", "")
    assert json.loads(command("check", "lenet5", "--json")[1]) == {"ok": True, "problems": []}


def test_a_warning_stands_in_nobody_s_way(command, tmp_path):
    network = build("lenet5")
    network.add(LAYERS["ReLU"](), "unused", inputs="conv1")
    save_project(Project(network), tmp_path / "unused.loom")
    code, out, _ = command("check", "unused.loom", "--json")
    found = json.loads(out)
    assert {problem["severity"] for problem in found["problems"]} == {"warning"}
    assert (code, found["ok"]) == (0, True)


def test_problems_are_told_with_their_fixes(command, faulty):
    code, out, _ = command("check", faulty, "--json")
    found = json.loads(out)
    assert code == 1
    assert not found["ok"]
    assert found["problems"][0]["node"] == "fc1"
    assert set(found["problems"][0]) == {"code", "severity", "node", "message", "hint", "fixes"}
    code, out, _ = command("check", faulty)
    assert code == 1
    assert "fc1: Linear needs a vector" in out


def test_a_template_becomes_a_project(command, tmp_path):
    code, out, _ = command("new", "resnet", "--set", "depth=18", "-o", "mine.loom")
    assert (code, out) == (0, "")
    assert load_project(tmp_path / "mine.loom").network == build("resnet", depth=18)
    assert json.loads(command("summary", "mine.loom", "--json")[1])["total_parameters"] == 11_689_512


def test_source_is_exported_and_runs(command, tmp_path, trained):
    assert command("export", "lenet5", "--format", "python", "-o", "net.py", "--weights", trained)[0] == 0
    import torch

    names = {"__name__": "net", "__file__": str(tmp_path / "net.py")}
    exec(compile((tmp_path / "net.py").read_text(), "net.py", "exec"), names)
    images = torch.randn(3, 1, 32, 32)
    expected = RunFolder(trained).load_model()(images)
    assert torch.equal(names["build"]().eval()(images), expected)


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (("new", "lenet5"), b'{\n  "format": "layerloom"'),
        (("export", "lenet5"), b'"""lenet5, drawn with Layerloom."""'),
        (("features", "lenet5", "--node", "conv1", "--image", "dark.png"), b"\x89PNG"),
        (("screenshot", "lenet5"), b"\x89PNG"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_output_goes_into_a_pipe_that_stays_one(tmp_path, arguments, start):
    Image.new("L", (20, 20), 3).save(tmp_path / "dark.png")
    pipe = ReadPipe(tmp_path / "pipe")
    subprocess.run(
        [sys.executable, Path(app.__file__).parents[1] / "main.py", *arguments, "-o", "pipe"], cwd=tmp_path, check=True
    )
    assert pipe.read().startswith(start)


def test_no_weights_stand_beside_a_pipe(command, tmp_path, trained):
    os.mkfifo(tmp_path / "pipe")
    for output in ("pipe", "/dev/stdout", "."):
        code, out, err = command("export", "lenet5", "-o", output, "--weights", trained)
        assert f"{output} is not a file, and nothing can stand beside it: name a file." in err
        assert one_sentence(err)
        assert (code, out) == (2, "")
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_a_hostile_name_for_the_source_runs_nothing(command, tmp_path, trained):
    name = '"); open("harmed", "w"); ("\u2028.py'
    assert command("export", "lenet5", "-o", name, "--weights", trained)[0] == 0
    import torch

    names = {"__name__": "net", "__file__": str(tmp_path / name)}
    exec(compile((tmp_path / name).read_text(encoding="utf-8"), "net.py", "exec"), names)
    weights = names["build"]().state_dict()
    assert all(torch.equal(weights[key], value) for key, value in RunFolder(trained).weights().items())
    assert not (tmp_path / "harmed").exists()


def test_a_template_fits_its_classes_to_a_folder(command, tmp_path):
    for name in ("dark", "light", "grey"):
        (tmp_path / "images" / name).mkdir(parents=True)
        for index in range(6):
            Image.new("L", (16, 16), index * 10).save(tmp_path / "images" / name / f"{index}.png")
    assert command("train", "lenet5", "--data", "images", "--epochs", "1", "--run", "mine")[0] == 0
    run = RunFolder(tmp_path / "mine")
    assert run.record.classes == ("dark", "grey", "light")
    assert command("evaluate", "mine")[0] == 0


# Slips


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("sumary",), "There is no command, file or template 'sumary'. Did you mean 'summary'?"),
        (("summary", "resnett"), "'resnett' is neither a file nor a template. Did you mean 'resnet'?"),
        (("summary", "nowhere.loom"), "nowhere.loom"),
        (("summary", ""), "'' is neither a file nor a template."),
        (("summary", "."), ". is a folder, but neither a project file nor a run."),
        (("summary", "resnet", "--set", "depth=51"), "depth cannot be 51: it is one of 18, 34, 50, 101, 152"),
        (("summary", "resnet", "--set", "dept=50"), "The template resnet has no option 'dept'."),
        (("summary", "resnet", "--set", "depth"), "--set takes KEY=VALUE, such as --set depth=50, not 'depth'."),
        (
            ("summary", "resnet", "--set", "depth=18", "--set", "depth=50"),
            "--set says depth twice: 18 and 50.",
        ),
        (
            ("summary", "lenet5", "--batch", "0"),
            "--batch is '0', but a whole number from 1 to 1\u202f000\u202f000 is needed.",
        ),
        (("summary",), "Missing argument 'TARGET'."),
        (("summary", "lenet5", "--jsn"), "No such option"),
        (("new", "lenet6", "-o", "x.loom"), "No template is called 'lenet6'. Did you mean 'lenet5'?"),
        (("new", "lenet5", "-o", "nowhere/x.loom"), "x.loom could not be saved"),
        (("train", "lenet5", "--epochs", "many"), "Epochs is 'many', but a whole number is needed."),
        (("train", "lenet5", "--epochs", "0"), "Epochs is '0', at least 1 is needed."),
        (("train", "lenet5", "--lr", "-1"), "Learning rate is '-1', more than 0 is needed."),
        (("train", "lenet5", "--lr", "nan"), "Learning rate"),
        (("train", "lenet5", "--device", "tpu"), "Device is 'tpu', but it is one of"),
        (("train", "lenet5", "--data", "mnits"), "'mnits' is neither a data set nor a folder. Did you mean 'mnist'?"),
        (("train", "lenet5", "--data", "/nowhere/images"), "There is no folder /nowhere/images."),
        (("train", "lenet5", "--resume"), "Which run shall go on? Give its folder as --run."),
        (("train", "lenet5", "--resume", "--run", "none"), "There is no run folder none."),
        (("train", "none", "--resume"), "There is no run folder none."),
        (("train", ".", "--resume"), ". is no run: it has no run.json."),
        (("evaluate", "lenet5"), "lenet5 is not trained yet: train it, then give the folder of that run."),
        (("evaluate", "none"), "There is no run folder none."),
        (("evaluate", "."), ". is no run: it has no run.json."),
        (("export", "lenet5", "--format", "onnx", "-o", "x"), "There is no format 'onnx'; there is python."),
        (("export", "lenet5", "-o", "nowhere/x.py"), "nowhere/x.py could not be written: no such file or directory."),
        (("export", "lenet5", "-o", "."), ". could not be written: it is a folder."),
        (("export", "lenet5", "-o", "x.pt", "--weights", "vgg"), "name one that does not end in .pt."),
        (("new", "lenet5", "-o", "."), "could not be saved: it is a folder."),
        (("train", "lenet5", "--run", "/dev/null"), "/dev/null exists already: choose another folder for the run"),
        (("export", "lenet5", "-o", "x.py", "--weights", "vgg"), "vgg is not trained yet"),
        (("features", "lenet5", "--node", "conv1", "--image", "none.png", "-o", "x.png"), "there is no such file"),
        (("screenshot", "lenet6", "-o", "x.png"), "'lenet6'"),
    ],
)
def test_a_slip_gets_one_sentence_and_exit_code_2(command, arguments, sentence):
    code, out, err = command(*arguments)
    assert sentence in err
    assert one_sentence(err)
    assert (code, out) == (2, "")


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", '{"format": "layerloom", "version": 99}', "\0\1\2"])
def test_a_damaged_project_gets_one_sentence_and_stays(command, tmp_path, content):
    (tmp_path / "mine.loom").write_text(content)
    code, out, err = command("summary", "mine.loom")
    assert (code, out) == (2, "")
    assert one_sentence(err)
    assert (tmp_path / "mine.loom").read_text() == content


def test_a_network_with_problems_does_not_train(command, faulty, tmp_path):
    code, _, err = command("train", faulty, "--run", "mine")
    assert code == 1
    assert err.startswith("The network has 1 problem. fc1: Linear needs a vector")
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    "line",
    [
        "--help",
        "templates",
        "layers",
        "summary lenet5",
        "check lenet5",
        "new lenet5 -o a.loom",
        "train lenet5 --run mine",
    ],
)
def test_what_needs_no_torch_answers_without_it(line, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "run.json").write_text("{}")
    code = f"from cli import app; import sys; app.run_command({line.split()}); sys.exit('torch' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(app.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    if "--run" in line:
        assert done.stderr == "mine exists already: choose another folder for the run, or resume it.\n"


def test_a_network_that_does_not_fit_its_data_says_both_numbers(command, tmp_path):
    save_project(Project(build("lenet5", classes=8)), tmp_path / "eight.loom")
    code, _, err = command("train", "eight.loom")
    assert code == 1
    assert "Output gives 8 classes, Digits has 10." in err


def test_a_loss_that_is_no_number_is_told_with_its_place(command, tmp_path):
    network = build("lenet5")
    for name in ("relu1", "relu2", "relu3", "relu4"):
        network.set_node(name, bypassed=True)  # nothing holds the values back
    settings = Recipe(optimiser={"name": "sgd", "momentum": 0.99}, schedule="constant", device="cpu")
    save_project(Project(network, training=settings), tmp_path / "hot.loom")
    code, out, err = command("train", "hot.loom", "--lr", "100", "--epochs", "20", "--run", "mine", "--json")
    assert code == 1
    failed = json.loads(out.splitlines()[-1])
    assert failed["code"] == "not_finite"
    assert "The learning rate 100 is the likely cause." in err
    assert RunFolder(tmp_path / "mine").load_model("last")


def test_a_registry_without_choices_says_so(command):
    empty: Registry[Choice] = Registry("wishes", one="wish")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registries, "REGISTRIES", (empty,))
        assert command("choices", "wishes") == (0, "There is no wish yet.\n", "")
        assert command("choices", "wishes", "--json") == (0, '{"wishes": []}\n', "")
