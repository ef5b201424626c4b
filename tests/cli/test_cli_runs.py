"""The command line in this process: a run is trained, goes on, is evaluated and predicts."""

import ast
import json
import shutil

import numpy as np
from PIL import Image

from engine.runs.run_folder import RunFolder


def test_a_run_is_evaluated_and_predicts(command, trained, tmp_path):
    code, out, _ = command("evaluate", trained, "--json")
    assert code == 0
    assert json.loads(out)["accuracy"] > 0.8
    assert "Accuracy" in command("evaluate", trained, "--split", "validation")[1]
    Image.new("L", (20, 20), 3).save(tmp_path / "dark.png")
    code, out, _ = command("predict", trained, "dark.png", "--top", "2", "--json")
    assert code == 0
    assert len(json.loads(out)[0]["predictions"]) == 2
    assert command("predict", trained, "dark.png")[1].startswith("dark.png: ")
    (tmp_path / "own" / "below").mkdir(parents=True)
    for name in ("b.png", "below/a.png"):
        Image.new("L", (20, 20), 3).save(tmp_path / "own" / name)
    (tmp_path / "own" / "notes.txt").write_text("no image")
    _, out, err = command("predict", trained, "own", "dark.png")
    assert err == ""
    assert [line.split(":")[0] for line in out.splitlines()] == ["own/b.png", "own/below/a.png", "dark.png"]
    (tmp_path / "dark.png").rename(tmp_path / "two\nlines.png")
    assert command("predict", trained, "two\nlines.png")[1].startswith("two\\nlines.png: ")


def test_one_bad_file_leaves_the_others_their_answers(command, trained, tmp_path):
    Image.new("L", (20, 20), 3).save(tmp_path / "dark.png")
    code, out, err = command("predict", trained, "gone.png", "dark.png", "--json")
    bad, good = json.loads(out)
    assert (code, bad["image"], good["image"]) == (1, "gone.png", "dark.png")
    assert bad["error"] == err.strip() == "gone.png could not be read: there is no such file."
    assert len(good["predictions"]) == 5
    assert command("predict", trained, "gone.png")[0] == 2


def test_training_a_run_anew_says_that_it_does_not_go_on(command, trained):
    code, _, err = command("train", trained, "--epochs", "1", "--run", "again")
    assert code == 0
    assert "from initial weights" in err
    assert f"python main.py train {trained} --resume" in err
    assert "initial weights" not in command("train", "lenet5", "--epochs", "1")[2]


def test_the_source_of_a_run_says_how_to_feed_it(command, trained, tmp_path):
    record = RunFolder(trained).record
    for arguments in ((trained,), ("lenet5", "--weights", trained)):
        assert command("export", *arguments, "-o", "net.py")[0] == 0
        about = ast.get_docstring(ast.parse((tmp_path / "net.py").read_text()))
        assert f"mean {record.mean[0]:.6g}, std {record.std[0]:.6g}." in about
        assert "Classes, in the order of the output: 0 0, 1 1, 2 2," in about


def test_feature_maps_are_drawn_for_runs_and_templates(command, trained, tmp_path):
    Image.new("L", (20, 20), 3).save(tmp_path / "dark.png")
    for target in (trained, "lenet5"):
        code, _, err = command("features", target, "--node", "conv1", "--image", "dark.png", "-o", "maps.png")
        assert code == 0
        assert "6 maps of conv1 are in maps.png." in err
        (tmp_path / "maps.png").unlink()


def test_training_prints_an_event_a_line(command, tmp_path):
    code, out, err = command(
        "train", "lenet5", "--data", "digits", "--epochs", "1", "--batch-size", "64", "--lr", "0.002",
        "--device", "cpu", "--seed", "3", "--run", "mine", "--json",
    )  # fmt: skip
    events = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert events[0]["event"] == "started"
    assert [event["epoch"] for event in events if event["event"] == "epoch_done"] == [1]
    assert set(events[-2]["train"]) == {"loss", "accuracy"}
    assert events[-1]["event"] == "finished"
    assert err == "The run is in mine; train longer with: python main.py train mine --resume --epochs N\n"
    settings = RunFolder(tmp_path / "mine").project().training
    assert (settings.batch_size, settings.learning_rate, settings.seed) == (64, 0.002, 3)


def test_a_run_goes_on(command, tmp_path):
    assert command("train", "lenet5", "--epochs", "1")[0] == 0
    assert command("train", "runs/lenet5-1", "--resume", "--epochs", "2")[0] == 0
    assert RunFolder(tmp_path / "runs/lenet5-1").kept_epochs() == (1, 2)
    assert command("train", "lenet5", "--run", "runs/lenet5-1", "--resume", "--epochs", "3")[0] == 0


def test_a_run_that_goes_on_keeps_its_data_however_they_are_named(command, trained):
    for *options, kept, left_out in (
        ("--data", "mnist", "data", "--data"),
        ("--with", "data.source=mnist", "data", "--with data.source"),
        ("--with", "data.split.seed=3", "data", "--with data.split.seed"),
        ("--set", "classes=3", "network", "--set"),
    ):
        code, out, err = command("train", trained, "--resume", "--epochs", "3", *options)
        assert (code, out, err) == (2, "", f"A resumed run keeps its {kept}: leave out {left_out}.\n")


def test_an_option_of_its_own_wins_over_a_path_and_an_early_end_is_told(command, tmp_path):
    code, _, err = command(
        "train", "lenet5", "--run", "mine", "--device", "cpu", "--epochs", "30", "--with", "training.epochs=7",
        "--with", "training.learning_rate=1e-12", "--patience", "1",
    )  # fmt: skip
    run = RunFolder(tmp_path / "mine")
    assert code == 0
    assert run.project().training.epochs == 30
    assert f"It ended early: no epoch was better than {run.end().best_epoch}. The run is in mine.\n" in err
    shares = [f"accuracy {100 * event.validation['accuracy']:.1f} %" for event in run.epochs()]
    assert all(share in err for share in shares)


def test_a_check_takes_settings_by_path(command):
    code, out, _ = command("check", "lenet5", "--with", "data.source=folder", "--json")
    assert code == 1
    assert [problem["code"] for problem in json.loads(out)["problems"]] == ["no_data"]


def test_an_evaluation_reads_in_per_cent(command, trained):
    found = json.loads(command("evaluate", trained, "--json")[1])
    last = command("evaluate", trained)[1].splitlines()[-1]
    low, high = found["interval"]
    assert last == (
        f"Accuracy {100 * found['accuracy']:.1f} % ({100 * low:.1f} % to {100 * high:.1f} % with 95 % confidence), "
        f"top-5 {100 * found['top5']:.1f} %, loss {found['loss']:.3f} on 270 test images"
    )


def test_what_is_said_of_each_image_is_written_as_a_table(command, trained, tmp_path):
    code, out, err = command("evaluate", trained, "--predictions", "said.csv", "--json")
    lines = (tmp_path / "said.csv").read_text("utf-8").splitlines()
    assert (code, json.loads(out)["images"]) == (0, 270)
    assert "What is said of each image is in said.csv." in err
    assert lines[0] == "file,true,predicted,confidence,loss,0,1,2,3,4,5,6,7,8,9"
    assert [int(line.split(",")[0]) for line in lines[1:]] == list(RunFolder(trained).parts.test)
    right = sum(line.split(",")[1] == line.split(",")[2] for line in lines[1:])
    assert right == round(270 * json.loads(out)["accuracy"])
    code, out, err = command("evaluate", trained, "--predictions", "none/said.csv")
    assert (code, out) == (2, "")
    assert "none/said.csv could not be written" in err


def test_a_check_tells_how_a_folder_was_read(command, tmp_path):
    generator = np.random.default_rng(0)
    for place in ("train/cats", "train/dogs", "test/cats", "test/dogs"):
        (tmp_path / "pets" / place).mkdir(parents=True)
        for index in range(3):
            pixels = np.repeat(generator.integers(0, 256, (8, 8, 1), np.uint8), 3, axis=2)
            Image.fromarray(pixels).save(tmp_path / "pets" / place / f"{index}.png")
    shutil.copy(tmp_path / "pets" / "train" / "cats" / "0.png", tmp_path / "pets" / "test" / "cats" / "copy.png")
    (tmp_path / "pets" / "train" / "cats" / "a.heic").write_bytes(b"x")
    code, out, err = command("check", "lenet5", "--data", "pets", "--json")
    assert (code, json.loads(out)) == (0, {"ok": True, "problems": []})
    assert err.splitlines() == [
        "2 parts found: train for training and test for test.",
        "1 file is a copy of another, byte for byte; in different parts, what trains would also test: "
        "train/cats/0.png = test/cats/copy.png. Keep one of each.",
        "Images for validation are cut from training.",
        "1 file is left out: train/cats/a.heic (HEIC is not read: save it as PNG or JPEG).",
    ]
