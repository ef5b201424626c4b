"""What every registered layer promises besides its arithmetic: words, forms, messages, round trips."""

from __future__ import annotations

import json
import re
from contextlib import nullcontext

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from layer_strategies import ALL, CALLED, cases, layers, run
from pydantic import ValidationError

from engine.layers import LAYERS, Family, Formula, Shape, ShapeMismatch, Window, layer_class
from engine.layers.base import register

FORBIDDEN = re.compile(r"!|\b(please|oops|invalid|dims?|FLOPs)\b", re.IGNORECASE)


def outcome(layer, shapes):
    """The mismatch that a layer reports for inputs, or None."""
    try:
        layer.output_shape(*shapes)
    except ShapeMismatch as mismatch:
        return mismatch
    return None


@pytest.mark.parametrize("name", ALL)
def test_words_for_the_palette(name):
    layer = LAYERS[name]
    assert layer.title
    assert layer.title[0].isupper()
    assert layer.stem.isidentifier()
    assert isinstance(layer.family, Family)
    assert (layer.__doc__ or "").strip().splitlines()[0].endswith((".", ":", ")", ","))
    assert all(alias == alias.strip() for alias in layer.aliases)


def test_titles_are_unique():
    titles = [layer.title for layer in LAYERS.values()]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("name", ALL)
def test_the_schema_has_what_the_inspector_shows(name):
    for field in LAYERS[name].model_json_schema().get("properties", {}).values():
        assert field["title"][0].isupper()
        assert "unit" in field
        assert isinstance(field["advanced"], bool)
        assert "default" in field


@pytest.mark.parametrize("name", ALL)
@given(data=st.data())
@settings(max_examples=25)
def test_settings_survive_json_and_cannot_be_changed(name, data):
    layer = data.draw(layers(LAYERS[name]))
    again = LAYERS[name].model_validate(json.loads(json.dumps(layer.model_dump())))
    assert again == layer
    assert hash(again) == hash(layer)
    for field in type(layer).model_fields:
        with pytest.raises(ValidationError):
            setattr(layer, field, getattr(layer, field))


@pytest.mark.parametrize("name", CALLED)
@given(data=st.data())
@settings(max_examples=50)
def test_everything_shown_has_the_numbers_in_it(name, data):
    layer, shapes = data.draw(cases(LAYERS[name]))
    assert isinstance(layer.summary(), str)
    assert isinstance(layer.summary(*shapes), str)
    if outcome(layer, shapes):
        return
    formulas = {formula.quantity: formula for formula in layer.explain(*shapes)}
    assert all(isinstance(formula, Formula) for formula in formulas.values())
    if "H" in formulas:
        assert formulas["H"].result == str(layer.output_shape(*shapes).height)
    if layer.parameter_count(*shapes):
        assert formulas["Parameters"].result == f"{layer.parameter_count(*shapes):,}".replace(",", "\u202f")
    if layer.multiply_adds(*shapes):
        assert "MACs" in formulas
    window = layer.window(*shapes)
    assert window is None or isinstance(window, Window)
    if layer.keeps_shape:
        assert layer.output_shape(*shapes) == shapes[0]


@pytest.mark.parametrize("name", CALLED)
@given(data=st.data())
@settings(max_examples=50)
def test_a_mismatch_says_what_and_its_suggestions_cure_it(name, data):
    layer, shapes = data.draw(cases(LAYERS[name]))
    mismatch = outcome(layer, shapes)
    if mismatch is None:
        return
    assert re.fullmatch(r"[a-z_]+", mismatch.code)
    assert mismatch.what.endswith(".")
    assert mismatch.what[0].isupper() or mismatch.what[0].isdigit()
    assert re.search(r"\d", mismatch.what), "a message holds the numbers"
    assert not FORBIDDEN.search(mismatch.what + mismatch.hint)
    assert 0 < len(mismatch.short) <= 18
    for suggestion in mismatch.suggestions:
        after = outcome(layer.with_settings(**suggestion.settings), shapes)
        assert after is None or after.code != mismatch.code, suggestion


def takers(*shape):
    """Every layer, with its default settings, that one value of this shape may reach."""
    single = [LAYERS[name]() for name in CALLED if len(LAYERS[name].input_ports) == 1 and not LAYERS[name].variadic]
    return [layer for layer in single if outcome(layer, [Shape(*shape)]) is None]


@pytest.mark.parametrize("name", [name for name in ALL if LAYERS[name].width_setting])
@given(width=st.integers(8, 40))
@settings(max_examples=10)
def test_the_setting_of_the_width_says_how_many_come_out(name, width):
    layer = LAYERS[name](**{LAYERS[name].width_setting: width})
    fitting = [shape for shape in (Shape(8, 6, 6), Shape(7)) if outcome(layer, [shape]) is None]
    assert [layer.output_shape(shape).channels for shape in fitting] == [width]
    assert layer.output_shape(*fitting).is_vector or not layer.gives_scores


@pytest.mark.parametrize("name", ALL)
def test_what_is_typed_goes_to_settings_that_the_layer_has(name):
    kind = LAYERS[name]
    declared = {kind.width_setting, kind.size_setting, kind.fraction_setting, *kind.map_settings} - {""}
    assert declared <= set(kind.model_fields)
    assert kind.fraction_setting or not kind.fraction_symbol
    if kind.size_setting:
        size = kind().with_settings(**{kind.size_setting: (3, 4)})
        assert getattr(size, kind.size_setting) == (3, 4)
    if kind.fraction_setting:
        assert getattr(kind().with_settings(**{kind.fraction_setting: 0.25}), kind.fraction_setting) == 0.25


def test_probabilities_are_positive_and_add_up_to_1():
    images = 9 * torch.rand(2, 5) - 4
    found = [(layer, run(layer.call(Shape(5)), images)) for layer in takers(5)]
    add_up = {type(layer) for layer, y in found if (y > 0).all() and torch.allclose(y.sum(1), torch.ones(2))}
    assert add_up == {type(layer) for layer in takers(5) if layer.gives_probabilities}


@pytest.mark.parametrize("shape", [(8,), (8, 1, 1)])
def test_what_normalises_over_the_batch_alone_refuses_one_value_a_channel(shape):
    for layer in takers(*shape):
        allowed = pytest.raises(ValueError) if layer.normalises_over_batch else nullcontext()
        with allowed:
            run(layer.call(Shape(*shape)), torch.rand(1, *shape))


def test_a_bias_before_what_subtracts_the_mean_has_no_effect_and_before_others_one():
    images, bias = torch.randn(2, 16, 6, 6), torch.randn(16, 1, 1)
    for layer in takers(16, 6, 6):
        if layer.width_setting or layer.family in {Family.NORMALISATION, Family.ACTIVATION}:
            call = layer.call(Shape(16, 6, 6))
            torch.manual_seed(0)
            plain = run(call, images)
            torch.manual_seed(0)
            assert torch.allclose(plain, run(call, images + bias), atol=1e-3) == layer.subtracts_mean


@pytest.mark.parametrize("kernel", [1, 3, 5])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("name", CALLED)
def test_matching_padding_keeps_the_size_but_for_the_stride(name, kernel, stride):
    fields = LAYERS[name].model_fields
    sizes = {"kernel_size": (kernel, kernel), "stride": (stride, stride)}
    layer = LAYERS[name](**{field: size for field, size in sizes.items() if field in fields})
    padding = layer.matching_padding()
    padded = layer.with_settings(**padding)
    if padding:
        steps = stride if "stride" in fields else 1
        assert padded.output_shape(Shape(6, 12, 12)).height in (12 // steps, 12 * steps)


@pytest.mark.parametrize(
    ("layer", "x", "message", "labels"),
    [
        ({"kernel_size": 7}, (3, 5, 5), "The 7×7 kernel is larger than its 5×5 input.", ["Pad 1", "Kernel 5"]),
        (
            {"kernel_size": 7, "padding": 1},
            (3, 4, 9),
            "The 7×7 kernel is larger than its padded 6×11 input.",
            ["Pad 2×1", "Kernel 6×7"],
        ),
        (
            {"out_channels": 512, "groups": 3},
            (12, 8, 8),
            "512 output channels do not divide by 3 groups.",
            ["Groups 4"],
        ),
        (
            {"padding": 5, "padding_mode": "reflect"},
            (3, 4, 4),
            "Reflect padding of 5 needs a larger map than 4×4: it can mirror at most 3.",
            ["Pad 3", "Pad with zeros"],
        ),
    ],
)
def test_convolution_messages(layer, x, message, labels):
    mismatch = outcome(LAYERS["Conv2d"].model_validate(layer), [Shape(*x)])
    assert str(mismatch) == message
    assert [suggestion.label for suggestion in mismatch.suggestions] == labels


def test_merge_and_linear_messages():
    add = outcome(LAYERS["Add"](), [Shape(128, 28, 28), Shape(64, 56, 56)])
    assert str(add) == "Add needs equal shapes: input 1 is 128×28×28, input 2 is 64×56×56."
    fc = outcome(LAYERS["Linear"](), [Shape(512, 1, 1)])
    assert str(fc) == "Linear needs a vector, but it gets a 512×1×1 map."
    pool = outcome(LAYERS["MaxPool2d"](padding=(2, 2)), [Shape(3, 8, 8)])
    assert str(pool) == "Padding 2 is more than half of the 2×2 window."


def test_a_mismatch_can_name_who_gives_what_the_layer_gets():
    fc = outcome(LAYERS["Linear"](), [Shape(512, 1, 1)])
    assert fc.sentence(["relu1"]) == "Linear needs a vector, but relu1 gives a 512×1×1 map."
    pool = outcome(LAYERS["MaxPool2d"](padding=(2, 2)), [Shape(3, 8, 8)])
    assert pool.sentence(["relu1"]) == pool.what
    gate = outcome(LAYERS["Multiply"](), [Shape(8, 1, 1), Shape(4, 1, 1), Shape(8, 5, 5)])
    assert gate.what == "Multiply needs equal shapes, or gates of 1×1: input 2 alone is 4×1×1, input 1 is 8×1×1."
    assert gate.sentence(["a", "b", "c"]).endswith(": b alone gives 4×1×1, a gives 8×1×1.")


def test_group_norm_refuses_single_values_which_one_image_could_not_pass():
    layer = LAYERS["GroupNorm"](groups=8)
    single = outcome(layer, [Shape(8)])
    assert str(single) == "Group norm needs more than one value in each group, but 8 groups share 8."
    assert [suggestion.label for suggestion in single.suggestions] == ["Groups 4"]
    assert outcome(layer, [Shape(8, 1, 1)]).code == "one_value_a_group"
    assert outcome(layer, [Shape(8, 1, 2)]) is None


def test_vectors_that_are_added_are_not_taken_for_numbers():
    assert str(LAYERS["Add"]().explain(Shape(10), Shape(10))[0]) == "Output = 10 features + 10 features = 10 features"


def test_the_arithmetic_of_a_strided_convolution_is_written_out():
    layer = LAYERS["Conv2d"](out_channels=128, stride=(2, 2), padding=(1, 1), bias=False)
    height, weights, macs = layer.explain(Shape(64, 56, 56))
    assert height.steps == ("⌊(H_in + 2p − k) / s⌋ + 1", "⌊(56 + 2·1 − 3) / 2⌋ + 1", "⌊27.5⌋ + 1")
    assert "27.5 is rounded down: the last padded row and column are not read." in height.note
    assert str(weights) == "Parameters = 3·3·64·128 = 73\u202f728"
    assert str(macs) == "MACs = 73\u202f728·28·28 = 57.8 M"


def test_a_second_layer_of_the_same_name_is_refused():
    with pytest.raises(ValueError, match="already"):
        register(LAYERS["Conv2d"])


def test_an_unknown_layer_names_the_nearest():
    with pytest.raises(Exception, match="Did you mean 'Conv2d'"):
        layer_class("Conv2D")


@pytest.mark.parametrize("settings", [{"out_channels": 0}, {"kernel_size": 0}, {"out_channels": 10**9}, {"stride": -1}])
def test_impossible_settings_are_refused(settings):
    with pytest.raises(ValidationError):
        LAYERS["Conv2d"].model_validate(settings)
