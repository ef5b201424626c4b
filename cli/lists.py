"""What there is to choose from."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import Json
from cli.terminal import answer, answer_json, answer_table


def templates(as_json: Json = False) -> None:
    """List the templates."""
    from templates import TEMPLATES

    if as_json:
        answer_json([template.to_json() for template in TEMPLATES.values()])
        return
    rows = [(t.name, f"{t.title} ({t.year})", ", ".join(t.options), t.idea) for t in TEMPLATES.values()]
    answer_table(("template", "title", "options", "idea"), rows)


def layers(as_json: Json = False) -> None:
    """List the layers."""
    from cli.report_words import layer_rows
    from cli.reports import layers as report

    found = report()
    if as_json:
        answer_json(found)
        return
    answer_table(("layer", "family", "settings"), layer_rows(found))


def choices(
    registry: Annotated[str, typer.Argument(metavar="[REGISTRY]", help="One kind alone, such as optimisers.")] = "",
    as_json: Json = False,
) -> None:
    """List what data, training, tasks and views can be chosen from."""
    from cli.report_words import choice_rows
    from cli.reports import choices as report
    from engine.registries import registries

    asked = registries(registry)
    found = report(asked)
    if as_json:
        answer_json(found)
        return
    if not any(found.values()):
        answer(f"There is no {' or '.join(one.one for one in asked)} yet.")
        return
    answer_table(("registry", "choice", "settings", "what it is"), choice_rows(found))
