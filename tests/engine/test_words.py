"""Numbers in words, reasons in sentences, and files written whole."""

import math
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from engine.files import write_whole
from engine.layers.convolution import Conv2d
from engine.layers.pooling import MaxPool2d
from engine.reasons import reason
from engine.recipe.recipe import Recipe
from engine.words import (
    block_path_text,
    counted,
    known_part,
    memory,
    number_text,
    path_text,
    percent_text,
    scientific_text,
    si,
    signed_text,
    thousands,
    undivided,
    with_article,
)

ROOT = Path(__file__).parents[2]


def test_numbers():
    assert thousands(73728) == "73\u202f728"
    assert [si(n) for n in (84, 999, 1000, 148_000, 999_600, 2_100_000, 11_689_512, 1_814_073_344)] == [
        *("84", "999", "1.00 k", "148 k", "1.00 M", "2.10 M", "11.7 M", "1.81 G")
    ]
    assert [memory(n) for n in (0, 999, 12_845_056, 1_030_000_000)] == ["0 B", "999 B", "12.8 MB", "1.03 GB"]
    assert counted(1, "class", "classes") == "1 class"
    assert counted(1000, "class", "classes") == "1\u202f000 classes"
    assert [number_text(value, 2) for value in (-0.384, -0.001, 0, 1.5)] == ["\u22120.38", "0.00", "0.00", "1.50"]
    assert [signed_text(text) for text in ("-5.1e-3", "2.0e-3")] == ["\u22125.1e-3", "2.0e-3"]
    assert percent_text(0.9414) == "94.1 %"
    assert undivided(512, "output channel", 3) == "512 output channels do not divide by 3 groups."
    assert undivided(1, "input channel", 4) == "1 input channel does not divide by 4 groups."
    assert path_text("layer2.0.conv1") == "layer2 › block 0 › conv1"
    assert path_text("features.0") == "features › 0"
    assert block_path_text("layer2.0") == "layer2 › block 0"


def test_two_digits_and_an_exponent():
    texts = [scientific_text(value) for value in (0.41, 8.6e-17, 1.1, 0.0, math.nan, math.inf)]
    assert texts == ["4.1e-1", "8.6e-17", "1.1e0", "0", "NaN", "∞"]


def test_a_number_has_the_article_that_is_spoken_before_it():
    an = (8, 11, 18, 80, 88, 800, 8000, 11_000, 18_500, 80_000, 11_000_000)
    a = (0, 1, 7, 9, 10, 12, 17, 19, 28, 100, 110, 118, 180, 1100, 1800, 110_000, 180_000)
    for said in (str, thousands):
        assert [number for number in an if not with_article(f"{said(number)} map").startswith("an ")] == []
        assert [number for number in a if not with_article(f"{said(number)} map").startswith("a ")] == []
    assert with_article("8×16×16 map") == "an 8×16×16 map"
    assert with_article("max pool") == "a max pool"


def test_figures_that_are_not_all_known():
    assert known_part("12 k", known=True, value=12_000) == "12 k"
    assert known_part("12 k", known=False, value=12_000) == "12 k + ?"
    assert known_part("0", known=False, value=0) == "?"


@pytest.mark.parametrize(
    ("kind", "settings", "says"),
    [
        (Conv2d, {"out_channels": 0}, "Output channels is 0, at least 1 is needed."),
        (Conv2d, {"out_channels": 10**9}, "Output channels is 1 000 000 000, at most 1 000 000 fits."),
        (Conv2d, {"out_channels": 2.5}, "Output channels is 2.5, but a whole number is needed."),
        (Conv2d, {"bias": "maybe"}, "Bias is 'maybe', but true or false is needed."),
        (
            MaxPool2d,
            {"depth": 3},
            "There is nothing called 'depth' here. There are kernel_size, stride, padding, dilation, ceil_mode.",
        ),
        (Recipe, {"optimiser": {"name": "sgd", "momentum": 1}}, "Momentum is 1, less than 1 is needed."),
        (Recipe, {"learning_rate": float("nan")}, "Learning rate is not a finite number."),
        (MaxPool2d, {"stride": [1]}, "Stride takes another number."),
        (MaxPool2d, {"stride": [1, "x"]}, "Stride is 'x', but a whole number is needed."),
    ],
)
def test_reasons_name_the_setting_and_the_numbers(kind, settings, says):
    with pytest.raises(ValidationError) as error:
        kind.model_validate(settings)
    assert reason(error.value, kind).replace("\u202f", " ") == says


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "notes.txt"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_replaced_leaves_nothing(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "folder", b"one")
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


def test_no_line_breaks_inside_a_number():
    assert thousands(7_978_856) == "7\u202f978\u202f856"  # narrow no-break space: Unicode line breaking class GL
    written = [path for part in ("engine", "gui", "cli", "templates") for path in (ROOT / part).rglob("*.py")]
    apart = {path.name for path in written if re.search(r":,\}|:_\}|\\u2009|\u2009", path.read_text(encoding="utf-8"))}
    assert apart == {"words.py"}  # all others ask it
