"""The drawing as Python that a person would write: the same calls as the compiled module; needs no torch."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.compiling.carried import Carried, Import, carried, format_imports
from engine.compiling.classes import classes_of
from engine.compiling.expressions import Bracketed, Text, lay_out, plain, quoted
from engine.compiling.feeding import Feeding
from engine.compiling.plan import Plan, frozen_parts, plan
from engine.compiling.units import units_of
from engine.compiling.writer import FROZEN, Lines, Writer, write_class, write_network
from engine.network import Analysis, Network, analyse

_MOST_NAMED = 8  # nodes that a comment lists before it only counts


@dataclass(frozen=True, slots=True)
class PythonSource:
    """A Python file that needs only torch and defines ``build() -> nn.Module``; and where each node stands in it."""

    text: str
    lines: dict[str, Lines]


def python_source(
    network: Network, *, analysis: Analysis | None = None, weights: str = "", feeding: Feeding | None = None
) -> PythonSource:
    """The source of a network; of a half-drawn one, what can run so far, with the rest named in comments.

    The module that ``build()`` makes has the parameter names, the modes and the outputs of
    `engine.compiling.compile_network`. ``analysis`` must be current, and is made if left out. ``weights`` names a
    file beside the source from which ``build()`` then loads the weights unless told otherwise. ``feeding`` goes into
    the docstring of the file.
    """
    analysis = analysis or analyse(network)
    steps = plan(network, analysis=analysis)
    root = units_of(steps)
    copied = carried(step.call.target for step in steps.steps.values() if step.call)
    shapes = {name: step.shape for name, step in steps.steps.items()}
    classes = classes_of(root, network, shapes, taken=_taken(copied))
    writer = Writer()
    for source in classes[:-1]:
        write_class(writer, source)
    frozen = frozen_parts(steps)
    if frozen:
        listed = Bracketed("[", tuple(Text(quoted(path)) for path in frozen), "]")
        writer.write_all(lay_out(listed, indent=0, prefix=f"{FROZEN} = "))
        writer.write()
        writer.write()
    write_network(writer, classes[-1], steps, list(_unwritten(network, analysis, steps)), frozen=bool(frozen))
    _write_build(writer, classes[-1].name, frozen=bool(frozen), weights=weights)
    head = [*_about(network, feeding), *_head(copied, _imports(steps, writer.text))]
    return PythonSource("\n".join([*head, writer.text, ""]), writer.places(below=len(head)))


def _taken(copied: Carried) -> set[str]:
    """What a class cannot be called: words of Python, and whatever else the file has under that name."""
    imported = {item.binds for item in copied.imports}
    return {*keyword.kwlist, *dir(builtins), "F", "Tensor", "OrderedDict", "Path", FROZEN, *copied.names, *imported}


def _unwritten(network: Network, analysis: Analysis, steps: Plan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Comments on the nodes that the code leaves out, each with the nodes it is about."""
    for problem in analysis.blocking:
        yield (f"{problem.node}: {problem.message}" if problem.node else problem.message), (problem.node,)
    explained = {problem.node for problem in analysis.blocking}
    missing = [name for name in network if name not in steps.steps and name not in explained]
    if missing:
        more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
        yield f"Not in the code: {', '.join(missing[:_MOST_NAMED])}{more}.", tuple(missing)


def _write_build(writer: Writer, name: str, *, frozen: bool, weights: str) -> None:
    beside = f"Path(__file__).with_name({quoted(weights)})"
    default = f"str | Path | None = {beside}" if weights else "str | None = None"
    writer.write()
    writer.write()
    writer.write(f"def build(weights: {default}) -> nn.Module:")
    writer.write('    """Make the network; ``weights`` is a file that ``torch.save`` made of its state dict."""')
    writer.write(f"    model = {name}()")
    if frozen:
        writer.write(f"    for name in {FROZEN}:")
        writer.write("        model.get_submodule(name).requires_grad_(False)")
        writer.write("    model.train()")
    writer.write("    if weights is not None:")
    writer.write('        model.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))')
    writer.write("    return model")


def _imports(steps: Plan, text: str) -> Iterator[Import]:
    """What the text itself needs, besides what carried modules need."""
    yield from (Import("torch"), Import("torch", "nn"), Import("torch", "Tensor"))
    if any(step.call and step.call.target.startswith("torch.nn.functional.") for step in steps.steps.values()):
        yield Import("torch.nn.functional", alias="F")
    if "OrderedDict(" in text:
        yield Import("collections", "OrderedDict")
    if "Path(" in text:
        yield Import("pathlib", "Path")


def _about(network: Network, feeding: Feeding | None) -> list[str]:
    """The docstring of the file: what it is, and how to feed it where that is known."""
    title = f'"""{plain(network.name)}, drawn with Layerloom.'
    return [f'{title}"""'] if feeding is None else [title, "", *feeding.lines(), '"""']


def _head(copied: Carried, imports: Iterable[Import]) -> list[str]:
    """Everything between docstring and first class: imports, modules that torch lacks."""
    head = ["", *format_imports({*imports, *copied.imports}), ""]
    below_block = False
    for definition in copied.definitions:
        is_block = definition.startswith(("class ", "def ", "@"))
        head += [*([""] if is_block or below_block else []), *definition.splitlines(), ""]
        below_block = is_block
    return [*head, ""]
