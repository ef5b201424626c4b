"""Every template and every variant: draws, analyses clean, and counts what an independent reference counts."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest
from template_variants import VARIANTS, label

from engine.errors import LayerloomError
from engine.network import analyse
from templates import TEMPLATES, build, find


@pytest.mark.parametrize(("name", "options"), VARIANTS, ids=label)
def test_every_variant_analyses_without_problems(name, options):
    network = build(name, **options)
    analysis = analyse(network)
    assert analysis.ok, analysis.errors
    assert list(network.inputs) == ["input"]
    assert network.outputs


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_number_of_classes_is_the_size_of_every_output(name):
    if "classes" not in TEMPLATES[name].options:
        return
    network = build(name, classes=7)
    analysis = analyse(network)
    assert {analysis[output].output.elements for output in network.outputs} == {7}


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_gallery_has_words_for_each(name):
    template = TEMPLATES[name]
    assert template.title
    assert template.authors
    assert template.paper
    assert template.idea.endswith(".")
    assert len(template.idea) <= 80
    assert 1943 <= template.year <= 2026
    assert template.top5 is None or template.top5_note
    for option in template.options.values():
        assert option.check(option.default) == option.default
        assert option.check(",".join(map(str, option.default)) if option.kind == "sizes" else str(option.default)) == (
            option.default
        )


def test_wide_drawings_open_with_their_stages_collapsed():
    network = build("resnet", depth=152)
    assert len(network.children("")) == 13
    assert all(network.block(f"layer{stage}").collapsed for stage in (1, 2, 3, 4))
    assert network.block("layer3.7").kind == "Bottleneck"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"depth": 51}, "depth cannot be 51: it is one of 18, 34, 50, 101, 152."),
        ({"classes": 0}, "classes cannot be 0: it is a whole number from 1 to 100000."),
        ({"classes": "many"}, "classes cannot be many: it is a whole number from 1 to 100000."),
        ({"classes": 2.5}, "classes cannot be 2.5: it is a whole number from 1 to 100000."),
    ],
)
def test_a_value_that_no_table_has_is_refused_with_what_would_work(options, sentence):
    with pytest.raises(LayerloomError) as refusal:
        build("resnet", **options)
    assert str(refusal.value) == sentence


def test_unknown_names_are_refused_with_the_nearest():
    with pytest.raises(LayerloomError, match="Did you mean 'resnet'"):
        find("resnett")
    with pytest.raises(LayerloomError, match="has no option 'deepness'"):
        build("resnet", deepness=50)


def test_the_same_options_draw_the_same_network():
    for name in TEMPLATES:
        assert build(name) == build(name)


def test_templates_need_no_torch():
    code = "import sys, templates; [t.build() for t in templates.TEMPLATES.values()]; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_blocks_and_nodes_never_clash():
    for name, options in itertools.islice(VARIANTS, 0, None, 3):
        network = build(name, **options)
        assert all(network.is_block(prefix) for prefix in network.blocks)
