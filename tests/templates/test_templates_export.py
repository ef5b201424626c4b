"""Exported source of every template stands on torch alone and gives what the drawing gives."""

from __future__ import annotations

import types

import pytest
import torch
from template_variants import VARIANTS, label

from engine.compiling import compile_network, python_source
from engine.network import analyse
from templates import TEMPLATES, build

# Each template as it comes, and its named variants; depths and widths repeat the same parts.
CASES = [(name, {}) for name in TEMPLATES if "variant" not in TEMPLATES[name].options] + [
    (name, {"variant": variant})
    for name, template in TEMPLATES.items()
    for variant in (template.options["variant"].choices if "variant" in template.options else ())
]


def shrunk(name, options):
    """The variant with few classes on a small image, where that is one of its options."""
    offered = TEMPLATES[name].options
    changes = {"classes": 3} if options.get("variant") != "1998" else {}
    if "input_size" in offered and name not in ("googlenet", "inception_v3"):
        changes["input_size"] = max(32, int(offered["input_size"].least))
    return {**options, **changes}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "options"), CASES, ids=label)
def test_the_exported_file_gives_the_same_output_for_the_same_weights(name, options):
    network = build(name, **shrunk(name, options))
    text = python_source(network).text
    assert "engine" not in text
    exported = types.ModuleType("exported")
    exec(compile(text, "exported.py", "exec"), exported.__dict__)
    drawn, written = compile_network(network, seed=0).eval(), exported.build().eval()
    written.load_state_dict(drawn.state_dict())
    images = torch.rand(2, *analyse(network)["input"].output)
    with torch.no_grad():
        torch.testing.assert_close(written(images), drawn(images))


def test_every_named_variant_is_a_case():
    assert {name for name, _ in VARIANTS} == {name for name, _ in CASES}
