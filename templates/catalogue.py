"""What a template is, the options it offers, and the table of all of them.

A template is one function from keyword options to a `Network`; its signature declares the options::

    @template(title="VGG", year=2014, ...)
    def vgg(*, configuration: Literal["A", "B"] = "B", batch_norm: bool = False, classes: Classes = 1000) -> Network:
"""

from __future__ import annotations

import inspect
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, get_type_hints

from engine.errors import LayerloomError
from engine.network import Network, analyse
from templates.options import Option, option_from


@dataclass(frozen=True, slots=True)
class Template:
    """A known architecture: what the gallery tells of it, what it offers, and the function that draws it.

    ``group`` is its place in the gallery: "Classics", "Building blocks" or "Lecture exercises". ``defaults`` are the
    options that a variant changes by itself. ``top5`` is the ILSVRC top-5 error in per cent where the lectures give it,
    ``top5_note`` what it was measured with. Parameters and multiply-adds are never noted: they are computed from the
    drawing.
    """

    name: str
    title: str
    year: int
    authors: str
    paper: str
    idea: str
    draw: Callable[..., Network] = field(repr=False)
    options: MappingProxyType[str, Option]
    top5: float | None = None
    top5_note: str = ""
    group: str = "Classics"
    defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def build(self, **options: Any) -> Network:
        """Draw it; numbers may come as text.

        Raises `LayerloomError` for an option or value there is not, and for options that do not go together.
        """
        unknown = next((name for name in options if name not in self.options), None)
        if unknown is not None:
            known = ", ".join(self.options)
            raise LayerloomError(f"The template {self.name} has no option '{unknown}'. It has {known}.")
        options = {**self.defaults.get(str(options.get("variant")), {}), **options}
        checked = {name: self.options[name].check(value) for name, value in options.items()}
        network = self.draw(**checked)
        if options:
            self._check(network, checked)
        return network

    def _check(self, network: Network, options: Mapping[str, Any]) -> None:
        """Refuse what the options make impossible, such as an image that the strides shrink to nothing."""
        for problem in analyse(network).errors[:1]:
            where = f"{self.title} cannot be drawn so. At {problem.node}: {problem.message}"
            raise LayerloomError(f"{where}{self._larger_image(options)}")

    def _larger_image(self, options: Mapping[str, Any]) -> str:
        """What would work in place of too small an image."""
        if "input_size" not in options:
            return ""
        sizes = range(options["input_size"], int(self.options["input_size"].most or 0) + 1)
        found = bisect_left(sizes, True, key=lambda size: analyse(self.draw(**{**options, "input_size": size})).ok)
        return f" An input_size from {sizes[found]} on works." if found < len(sizes) else ""

    def to_json(self) -> dict[str, Any]:
        """What scripts read of it: each option with its default and, where there are only some, its choices."""
        options = {
            option.name: {"default": option.default, "choices": list(option.choices) if option.choices else None}
            for option in self.options.values()
        }
        return {"name": self.name, "title": self.title, "year": self.year, "options": options}


TEMPLATES: dict[str, Template] = {}


def template(
    *,
    title: str,
    year: int,
    authors: str,
    paper: str,
    idea: str,
    top5: float | None = None,
    top5_note: str = "",
    group: str = "Classics",
    defaults: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> Callable[[Callable[..., Network]], Callable[..., Network]]:
    """Add the function below to the table, under its own name and with the options its signature declares."""

    def register(draw: Callable[..., Network]) -> Callable[..., Network]:
        name = draw.__name__
        if name in TEMPLATES:
            raise ValueError(f"a template called {name} is registered already")
        hints = get_type_hints(draw, include_extras=True)
        parameters = inspect.signature(draw).parameters.values()
        options = {p.name: option_from(p.name, hints[p.name], p.default) for p in parameters}
        TEMPLATES[name] = Template(
            name,
            title,
            year,
            authors,
            paper,
            idea,
            draw,
            MappingProxyType(options),
            top5=top5,
            top5_note=top5_note,
            group=group,
            defaults=defaults,
        )
        return draw

    return register
