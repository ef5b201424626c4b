"""Of one thing no sentence speaks as of several: over all layers and the fixes of small networks."""

import itertools
import random
import re
from contextlib import suppress

import pytest

from engine.layers import LAYERS, Shape
from engine.layers.input_output import Input, Output
from engine.network import Network, analyse
from engine.network.measuring import measure
from templates import build

PLURAL = re.compile(
    r"(?<![\w.,×·\u202f+-])1 (?:more |other |output |input |colour )?"
    r"(maps|features|channels|classes|groups|parameters|params|planes|rows|columns|kernels|layers|problems|inputs"
    r"|values|pixels|images|paths|units|connections|branches)\b(?! (?:or|and) more)"
)
SHAPES = [Shape(1, 1, 1), Shape(1, 4, 4), Shape(1), Shape(2, 1, 1), Shape(3, 5, 5)]


def plural(words: str) -> str:
    found = PLURAL.search(words)
    return found[0] if found else ""


def test_the_search_finds_what_it_should():
    assert plural("Linear gives 1 features.") == "1 features"
    assert not plural("It has 1 feature, 11 maps, 2.1 maps and 1\u202f001 features.")


@pytest.mark.parametrize("name", sorted(LAYERS))
def test_what_a_layer_says_of_one(name):
    kind = LAYERS[name]
    layers = [kind()]
    for key in (key for key, field in kind.model_fields.items() if field.annotation is int):
        with suppress(ValueError):
            layers.append(kind(**{key: 1}))
    count = 2 if kind.variadic else len(kind.input_ports)
    for layer in layers:
        for shapes in itertools.product(SHAPES, repeat=count):
            mismatch = measure(layer, shapes).mismatch
            said = [layer.summary(), layer.summary(*shapes)]
            if mismatch:
                said += [mismatch.what, mismatch.hint, mismatch.short, *(s.label for s in mismatch.suggestions)]
            else:
                said += [part for formula in layer.explain(*shapes) for part in (formula.note, formula.result)]
            assert not [words for words in said if plural(words)]


def small(draw: random.Random) -> Network:
    """A template with most widths 1, of which some do not go together."""
    network = build(draw.choice(["lenet5", "resnet", "googlenet", "densenet"]))
    for node in list(network):
        width = network.layer(node).width_setting
        if width and draw.random() < 0.7:
            with suppress(ValueError):
                network.set_layer(node, network.layer(node).with_settings(**{width: draw.choice([1, 1, 2])}))
    return network


@pytest.mark.parametrize("seed", range(6))
def test_what_problems_and_fixes_say_of_one(seed):
    for problem in analyse(small(random.Random(seed))).problems:
        said = [problem.message, problem.hint, problem.short]
        said += [words for fix in problem.fixes for words in (fix.label, fix.effect)]
        assert not [words for words in said if plural(words)]


@pytest.mark.parametrize("name", sorted(name for name, kind in LAYERS.items() if kind.input_ports or kind.variadic))
def test_what_is_said_where_one_value_comes_in(name):
    network = Network()
    network.add(Input(channels=1, height=1, width=1), "input")
    network.add(LAYERS[name](), "x", inputs="input")
    if LAYERS[name].has_output:
        network.add(Output(), "output", inputs="x")
    for problem in analyse(network).problems:
        said = [problem.message, problem.hint, *(words for fix in problem.fixes for words in (fix.label, fix.effect))]
        assert not [words for words in said if plural(words)]
