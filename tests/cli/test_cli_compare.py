"""``compare`` in this process: totals, aligned rows, options for one side or both, one sentence for each slip."""

import json

import pytest

from cli import app
from engine.project import Project, save_project
from templates import build

NAIVE_AND_REDUCED = ("inception_module", "inception_module", "--set-a", "variant=naive", "--set-b", "variant=reduced")


@pytest.fixture
def command(capsys, monkeypatch, tmp_path):
    """Runs ``compare`` in a folder of its own; its exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = app.run_command(["compare", *map(str, arguments)])
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


def test_one_document_with_totals_ratios_and_rows(command):
    code, out, err = command(*NAIVE_AND_REDUCED, "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["a"]["multiply_adds"] == 28 * 28 * (256 * 128 + 9 * 256 * 192 + 25 * 256 * 96)
    assert found["ratios"]["multiply_adds"] == found["b"]["multiply_adds"] / found["a"]["multiply_adds"]
    assert found["a"]["receptive_field"] == [5, 5]
    assert found["counts"] == {"same": 7, "changed": 0, "only_a": 0, "only_b": 3}
    alone = [row["b"]["name"] for row in found["rows"] if row["match"] == "only_b"]
    assert alone == ["reduce3x3", "reduce5x5", "project"]
    assert all(row["a"] is None for row in found["rows"] if row["match"] == "only_b")


def test_changed_settings_come_with_both_values(command):
    found = json.loads(command("lenet5", "fashion_cnn", "--json")[1])
    conv1 = next(row for row in found["rows"] if row["a"] and row["a"]["name"] == "conv1")
    assert conv1["match"] == "changed"
    assert conv1["differences"]["padding"] == [[0, 0], [2, 2]]


def test_set_holds_for_both_and_one_sides_own_wins(command):
    arguments = (
        "vgg",
        "vgg",
        "--set",
        "classes=10",
        "--set",
        "configuration=A",
        "--set-b",
        "configuration=D",
        "--json",
    )
    rows = json.loads(command(*arguments)[1])["rows"]
    last = next(row for row in rows if row["a"] and row["a"]["name"] == "classifier.6")
    assert last["match"] == "same"
    assert last["a"]["output"] == last["b"]["output"] == [10]
    assert sum(row["match"] == "only_b" for row in rows) == 2 * (13 - 8)  # 16 against 11 layers that learn


def test_a_project_file_against_a_template(command, tmp_path):
    save_project(Project(build("lenet5")), tmp_path / "mine.loom")
    found = json.loads(command(tmp_path / "mine.loom", "lenet5", "--json")[1])
    assert found["a"] == found["b"]
    assert {row["match"] for row in found["rows"]} == {"same"}


def test_the_tables_read_well(command):
    code, out, _ = command(*NAIVE_AND_REDUCED)
    assert code == 0
    for words in ("A: inception_naive", "0.318×", "Receptive field", "+ only in B", "reduce3x3", "854 M"):
        assert words in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("lenet5",), "TARGET"),
        (("lenet5", "resnett"), "Did you mean 'resnet'?"),
        (("lenet5", "resnet", "--set-b", "depth"), "KEY=VALUE"),
        (("lenet5", "resnet", "--set-b", "depth=51"), "depth cannot be 51"),
        (("lenet5", "resnet", "--set-a", "depth=50"), "has no option 'depth'"),
        (("lenet5", "missing.loom"), "missing.loom"),
    ],
)
def test_slips_are_told_in_a_sentence(command, arguments, words):
    code, out, err = command(*arguments, "--json")
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
