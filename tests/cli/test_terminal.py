"""Tables on standard output: one line a row for files and pipes, cells that wrap for a terminal."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.progress_bar import ProgressBar
from cli.terminal import _show_table, answer, answer_json, answer_table, say
from engine.training.events import EpochDone

ROOT = Path(__file__).parents[2]


def test_a_pipe_gets_every_row_in_one_line(capsys):
    answer_table(
        ("layer", "settings", "MACs"), [("conv1", "x" * 300, "5"), ("fc", "10 features", "48.0 k")], numbers_from=2
    )
    title, first, second = capsys.readouterr().out.splitlines()
    assert first == "conv1  " + "x" * 300 + "       5"
    assert second.endswith("  48.0 k")
    assert title.split() == ["layer", "settings", "MACs"]
    assert len(title) == len(first) == len(second)


HOSTILE = "cat\x1b]0;owned\x07\x1b[2J\r\x9b31m\x00\x7f é 🙂"
HARMLESS = r"cat\x1b]0;owned\x07\x1b[2J\r\x9b31m\x00\x7f é 🙂"


def test_a_name_commands_the_terminal_nothing(capsys):
    answer(HOSTILE)
    say(HOSTILE)
    answer_table(("class",), [(HOSTILE,)])
    shown = capsys.readouterr()
    assert shown.out.splitlines()[0] == shown.out.splitlines()[2] == shown.err.strip() == HARMLESS


def test_a_name_that_breaks_its_line_stands_in_one(capsys):
    answer("two\nlines")
    say("two\tcolumns")
    answer_table(
        ("class", "images"), [("two\nlines", "1"), ("かわいい", "2"), ("e\u0301te\u0301", "3")], numbers_from=1
    )
    written = capsys.readouterr()
    assert written.err == "two\\tcolumns\n"
    first, *table = written.out.splitlines()
    assert first == "two\\nlines"
    assert table == [
        "class       images",
        "two\\nlines       1",
        "かわいい         2",  # each as wide as two letters
        "e\u0301te\u0301" + 14 * " " + "3",
    ]


def test_a_name_in_a_table_commands_the_terminal_nothing(capsys):
    _show_table(("class",), [(HOSTILE,)], numbers_from=1)
    assert "".join(capsys.readouterr().out.split()) == "".join(f"class{HARMLESS}".split())


def test_json_is_what_it_was(capsys):
    answer_json({HOSTILE: [HOSTILE]})
    assert json.loads(capsys.readouterr().out) == {HOSTILE: [HOSTILE]}


def test_a_terminal_gets_cells_that_wrap_to_its_width():
    reader, writer = pytest.importorskip("pty").openpty()
    environment = os.environ | {"TERM": "dumb"}  # 80 columns, no colours
    subprocess.run([sys.executable, "main.py", "templates"], cwd=ROOT, stdout=writer, env=environment, check=True)
    os.close(writer)
    shown = b""
    try:
        while part := os.read(reader, 65536):
            shown += part
    except OSError:  # the end of a terminal that nobody holds open
        pass
    os.close(reader)
    lines = shown.decode().splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert any("lenet5" in line for line in lines)


def test_a_summary_imports_nothing_that_it_does_not_need():
    summary = "run_command(['summary', 'lenet5', '--set', 'classes=3'])"
    code = f"from cli.app import run_command, sys; {summary}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "networkx" in loaded
    assert not loaded & {"numpy", "PIL", "rich", "torch", "sklearn", "PySide6"}


def test_images_that_went_missing_are_told_with_their_epoch(capsys):
    bar = ProgressBar()
    for unread in (0, 1, 12):
        bar.show(EpochDone(1, {}, None, 1.0, best=True, unread=unread))
    missing = [line for line in capsys.readouterr().err.splitlines() if "Epoch" not in line]
    assert missing == [
        "1 image could not be read any more and was left out.",
        "12 images could not be read any more and were left out.",
    ]
