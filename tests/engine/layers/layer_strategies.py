"""What hypothesis draws layers and inputs from; everything comes from the registry and the layers' own schemas."""

from __future__ import annotations

import importlib
from typing import Any

from hypothesis import strategies as st

from engine.layers import LAYERS, Call, Inputs, Layer, Shape, ShapeMismatch

SMALL = 6  # how far above its least value an integer setting is drawn


def from_schema(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a JSON schema of a setting allows."""
    match schema:
        case {"enum": values}:
            return st.sampled_from(values)
        case {"const": value}:
            return st.just(value)
        case {"anyOf": choices}:
            return st.one_of([from_schema(choice) for choice in choices])
        case {"type": "boolean"}:
            return st.booleans()
        case {"type": "integer"}:
            least = schema.get("minimum", 0)
            return st.integers(least, min(schema.get("maximum", least + SMALL), least + SMALL))
        case {"type": "number"}:
            low = schema.get("minimum", schema.get("exclusiveMinimum", 0.0))
            high = schema.get("maximum", schema.get("exclusiveMaximum", low + 4))
            step = (min(high, low + 4) - low) / 16
            return st.integers(1, 15).map(lambda i: low + i * step)
        case {"type": "array", "prefixItems": items}:
            return st.tuples(*(from_schema(item) for item in items))
        case {"type": "array", "items": item}:
            return st.lists(from_schema(item), min_size=schema.get("minItems", 1), max_size=4).map(tuple)
    raise AssertionError(f"no strategy for {schema}")


def layers(layer: type[Layer]) -> st.SearchStrategy[Layer]:
    """Layers of a class with every setting drawn."""
    properties = layer.model_json_schema().get("properties", {})
    return st.fixed_dictionaries({name: from_schema(schema) for name, schema in properties.items()}).map(
        layer.model_validate
    )


maps = st.builds(Shape, st.sampled_from((1, 2, 3, 4, 6, 8, 12)), st.integers(1, 17), st.integers(1, 17))
vectors = st.builds(Shape, st.integers(1, 24))
shapes = st.one_of(maps, maps, maps, vectors)


@st.composite
def inputs(draw: st.DrawFn, layer: type[Layer]) -> tuple[Shape, ...]:
    """Shapes for every input port; those of a merge often, not always, go together."""
    if not layer.variadic:
        return tuple(draw(shapes) for _ in layer.input_ports)
    first, count = draw(shapes), draw(st.integers(2, 4))
    return (first, *(draw(st.one_of(st.just(first), st.just(first), shapes)) for _ in range(count - 1)))


@st.composite
def cases(draw: st.DrawFn, layer: type[Layer]) -> tuple[Layer, tuple[Shape, ...]]:
    """A layer as it works in a network, and shapes for its inputs; one with a partner often gets what fits that."""
    drawn = draw(layers(layer))
    if not layer.partner:
        return drawn, draw(inputs(layer))
    partner, read = draw(layers(layer.partner.layer)), draw(maps)
    try:
        fitting = partner.output_shape(read)
    except ShapeMismatch:
        fitting = read
    given = draw(st.one_of(st.just(fitting), st.just(fitting), st.just(fitting), shapes))
    return drawn.paired_with(partner, "partner"), (given, read)


def resolve(target: str) -> Any:
    """The torch class or function that a call names."""
    path, _, name = target.rpartition(".")
    return getattr(importlib.import_module(path), name)


def run(call: Call, *values: Any) -> Any:
    """What the compiler makes of a call, on real or meta tensors."""
    target = resolve(call.target)
    if call.is_module:
        return target(*call.arguments, **call.keywords)(*values)
    if call.inputs is Inputs.LIST:
        return target(list(values), **call.keywords)
    if call.inputs is Inputs.FOLD:
        total = values[0]
        for value in values[1:]:
            total = target(total, value, **call.keywords)
        return total
    return target(*values, **call.keywords)


def parameters(call: Call) -> int:
    """How many parameters torch makes for a call."""
    if not call.is_module:
        return 0
    module = resolve(call.target)(*call.arguments, **call.keywords)
    return sum(parameter.numel() for parameter in module.parameters())


ALL = sorted(LAYERS)
CALLED = [name for name in ALL if LAYERS[name].has_output and LAYERS[name].input_ports]
