"""Typed text and the values it stands for."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.layers import LAYERS
from gui.widgets.values import Editor, TypedError, arithmetic, from_text, kinds_of, numbers_in, to_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("64*2", 128),
        (" 224 / 7 ", 32),
        ("(3+4)*2-1", 13),
        ("2·8", 16),
        ("7//2", 3),
        ("1e-3", 0.001),
        ("-3", -3),
        ("10/4", 2.5),
        (".5", 0.5),
    ],
)
def test_arithmetic(text, value):
    assert arithmetic(text) == value


@pytest.mark.parametrize(
    "text", ["", "a", "3x", "1/0", "2**9", "__import__('os')", "9" * 41, "(" * 20, "1e400", "0777", "True", "3 3", "1e"]
)
def test_what_is_no_arithmetic_is_refused_in_a_sentence(text):
    with pytest.raises(TypedError, match=r"^Type a number or arithmetic, such as 64 or 64\*2\.$"):
        arithmetic(text)


@given(st.integers(0, 10**6), st.integers(1, 10**5))
def test_whole_results_are_whole(a, b):
    assert arithmetic(f"{a}*{b}/{b}") == a
    assert isinstance(arithmetic(f"{a}*{b}//{b}"), int)


@given(st.floats(-1e9, 1e9, allow_nan=False))
def test_real_numbers_read_back(value):
    assert math.isclose(arithmetic(f"{value:.12g}"), value, rel_tol=1e-9, abs_tol=1e-9)


def test_pairs():
    assert numbers_in("3x5") == numbers_in("3 × 5") == numbers_in("(3, 5)") == (3, 5)
    assert numbers_in("2*3x4") == (6, 4)


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.__name__)
def test_every_default_reads_back_as_it_is_written(layer):
    for kind in kinds_of(layer):
        assert from_text(kind, to_text(kind, kind.default)) == kind.default


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.__name__)
def test_every_setting_has_words_and_an_editor_of_its_own(layer):
    for kind in kinds_of(layer):
        assert kind.title
        assert kind.title[0].isupper()
        assert kind.editor is not Editor.TEXT or isinstance(kind.default, str)


def test_limits_come_from_the_declaration():
    kinds = {kind.name: kind for kind in kinds_of(LAYERS["Conv2d"])}
    assert kinds["out_channels"].least == 1
    assert kinds["kernel_size"].least == 1
    assert kinds["padding"].least == 0
    assert kinds["padding"].words == ("same",)
