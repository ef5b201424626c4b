"""Commands about a network as it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.arguments import count, pairs, settings_by_path
from cli.opening import to_train
from cli.options import FINE, NO, Data, Json, Out, Recipe, Set, SetA, SetB, Target, With
from cli.terminal import answer, answer_json, answer_table, say
from engine.errors import LayerloomError

if TYPE_CHECKING:
    from engine.compiling.feeding import Feeding


def new(template: str, output: Out, options: Set = None) -> None:
    """Write a template as a project file."""
    from engine.project import Project, save_project
    from templates import build

    save_project(Project(build(template, **pairs(options))), output)
    say(f"{template} is in {output}.")


def summary(
    target: Target,
    options: Set = None,
    batch: Annotated[str, typer.Option(metavar="N", help="Images at once, for the activation memory.")] = "1",
    as_json: Json = False,
) -> None:
    """Show shapes, parameters and multiply-adds."""
    from cli.report_words import summary_rows, summary_totals
    from cli.reports import summary as report
    from engine.network import analyse
    from templates.targets import load_target

    network = load_target(target, pairs(options)).network
    found = report(network, analyse(network), batch=count("--batch", batch))
    if as_json:
        answer_json(found)
        return
    titles = ("name", "layer", "output", "parameters", "MACs", "sees")
    answer_table(titles, summary_rows(found), numbers_from=3)
    answer(summary_totals(found))


def check(
    target: Target,
    options: Set = None,
    data: Data = "",
    recipe: Recipe = None,
    settings: With = None,
    as_json: Json = False,
) -> None:
    """Say whether the network can be trained on its data; if not, why and what helps."""
    from cli.report_words import problem_line
    from cli.reports import check as report
    from engine.data.data_words import description_notes
    from engine.project import data_problems, describe, problems_of

    project = to_train(target, options, data=data, recipe=recipe, values=settings_by_path(settings))
    described = describe(project)
    problems = [*problems_of(project, described), *data_problems(project, described.description)]
    if described.description:
        for note in description_notes(described.description, project.data.split):
            say(note)
    if as_json:
        answer_json(report(problems))
    for line in () if as_json else [problem_line(problem) for problem in problems] or ["No problems."]:
        answer(line)
    raise typer.Exit(NO if any(problem.severity.blocks for problem in problems) else FINE)


def compare(
    a: Target,
    b: Target,
    options: Set = None,
    options_a: SetA = None,
    options_b: SetB = None,
    as_json: Json = False,
) -> None:
    """Put two networks side by side: what each costs, and where they differ."""
    from engine.network.comparison import compare as compared
    from engine.network.comparison_words import tables
    from templates.targets import load_target

    both = pairs(options)
    networks = [load_target(target, {**both, **pairs(own)}).network for target, own in ((a, options_a), (b, options_b))]
    found = compared(*networks)
    if as_json:
        answer_json(found.to_json())
        return
    totals, rows = tables(found)
    answer_table(("", f"A: {found.a.name}", f"B: {found.b.name}", "B / A"), totals, numbers_from=1)
    answer("")
    answer_table(("difference", "name", "layer", "parameters A", "B", "MACs A", "B"), rows, numbers_from=3)


def export(
    target: Target,
    output: Out,
    format: Annotated[str, typer.Option("--format", help="python")] = "python",  # noqa: A002
    options: Set = None,
    weights: Annotated[str, typer.Option(metavar="RUN", help="The run whose best weights go with it.")] = "",
) -> None:
    """Write the network as Python that needs only torch and defines build()."""
    from engine.compiling import python_source
    from engine.files import file_beside, save_whole
    from engine.network import analyse
    from templates.targets import load_target, open_run

    if format != "python":
        raise LayerloomError(f"There is no format '{format}'; there is python.")
    network = load_target(target, pairs(options)).network
    analysis = analyse(network)
    if not analysis.ok:
        raise LayerloomError(f"The network has problems and cannot be exported: python main.py check {target}")
    feeding = _feeding(weights or target)
    file = file_beside(output, ".pt") if weights else None
    if file is not None:
        from engine.runs.weights_file import write_weights

        write_weights(open_run(weights), network, file)
    source = python_source(network, weights=file.name if file else "", feeding=feeding)
    save_whole(output, source.text.encode())
    say(f"{network.name or 'The network'} is in {output}" + (f", its weights in {file}." if file else "."))


def _feeding(target: str) -> Feeding | None:
    """How a run wants its images; None for what is no run."""
    from engine.compiling.feeding import Feeding
    from engine.runs.run_folder import RunFolder

    if not RunFolder.is_run(target):
        return None
    run = RunFolder(target)
    shape, normalisation, record = run.input_shape, run.normalisation, run.record
    deep = record.intensities.ranges.items() if record.intensities else ()
    return Feeding(
        (shape.channels, shape.height, shape.width),
        normalisation.mean,
        normalisation.std,
        record.classes,
        tuple((depth.value, one.low, one.high) for depth, one in deep),
    )
