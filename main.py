"""The command line; without arguments it opens the window.

Machine output is one JSON document (``train``: one a line) on standard output with ``--json``. Exit codes: 0 fine,
1 the answer is no, 2 the input cannot be used; then standard error says why in one sentence.
"""

from __future__ import annotations

import difflib
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.arguments import count, pairs
from engine.data.progress import CancelledError
from engine.errors import LayerloomError
from engine.terminal import answer, answer_event, answer_json, answer_table, say

if TYPE_CHECKING:
    from engine.project import Project

FINE, NO, UNUSABLE = 0, 1, 2

_UsageError: Any = typer.BadParameter.__base__  # Typer carries a Click of its own since 0.20, so it is found from there


class _Commands(typer.core.TyperGroup):
    """The commands; anything else that stands first is what the window shall open."""

    def parse_args(self, context: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and not args[0].startswith("-")):
            args = ["open", *args]
        parsed: list[str] = super().parse_args(context, args)
        return parsed


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    help="Draw, train and look inside.",
)

Target = Annotated[
    str, typer.Argument(metavar="TARGET", help="A project file, the folder of a run, or a template's name.")
]
Run = Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")]
Json = Annotated[bool, typer.Option("--json", help="Machine output.")]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="An option of the template.")]
SetA = Annotated[list[str] | None, typer.Option("--set-a", metavar="KEY=VALUE", help="An option of the first alone.")]
SetB = Annotated[list[str] | None, typer.Option("--set-b", metavar="KEY=VALUE", help="An option of the second alone.")]
Out = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")]


@app.command("open", hidden=True)
def open_window(
    target: Annotated[str, typer.Argument(metavar="[FILE|TEMPLATE]")] = "",
) -> None:
    """Open the window, with a project or a template in it."""
    if target:
        _require_target(target)
    from gui.desktop import libraries_of_the_desktop

    with libraries_of_the_desktop():
        from gui.app import run
    raise typer.Exit(run(target or None))


@app.command()
def templates(as_json: Json = False) -> None:
    """List the templates."""
    from templates import TEMPLATES

    if as_json:
        answer_json([template.to_json() for template in TEMPLATES.values()])
        return
    rows = [(t.name, f"{t.title} ({t.year})", ", ".join(t.options), t.idea) for t in TEMPLATES.values()]
    answer_table(("template", "title", "options", "idea"), rows)


@app.command()
def layers(as_json: Json = False) -> None:
    """List the layers."""
    from engine.report_words import layer_rows
    from engine.reports import layers as report

    found = report()
    if as_json:
        answer_json(found)
        return
    answer_table(("layer", "family", "settings"), layer_rows(found))


@app.command()
def new(template: str, output: Out, options: Set = None) -> None:
    """Write a template as a project file."""
    from engine.project import Project, save_project
    from templates import build

    save_project(Project(build(template, **pairs(options))), output)
    say(f"{template} is in {output}.")


@app.command()
def summary(
    target: Target,
    options: Set = None,
    batch: Annotated[str, typer.Option(metavar="N", help="Images at once, for the activation memory.")] = "1",
    as_json: Json = False,
) -> None:
    """Show shapes, parameters and multiply-adds."""
    from engine.network import analyse
    from engine.report_words import summary_rows, summary_totals
    from engine.reports import summary as report
    from templates.targets import load_target

    network = load_target(target, pairs(options)).network
    found = report(network, analyse(network), batch=count("--batch", batch))
    if as_json:
        answer_json(found)
        return
    titles = ("name", "layer", "output", "parameters", "MACs", "sees")
    answer_table(titles, summary_rows(found), numbers_from=3)
    answer(summary_totals(found))


@app.command()
def check(target: Target, options: Set = None, as_json: Json = False) -> None:
    """Say whether the network can be trained; if not, why and what helps."""
    from engine.network import analyse
    from engine.report_words import problem_line
    from engine.reports import check as report
    from templates.targets import load_target

    analysis = analyse(load_target(target, pairs(options)).network)
    if as_json:
        answer_json(report(analysis))
    elif not analysis.problems:
        answer("No problems.")
    else:
        for problem in analysis.problems:
            answer(problem_line(problem))
    raise typer.Exit(FINE if analysis.ok else NO)


@app.command()
def compare(
    a: Target,
    b: Target,
    options: Set = None,
    options_a: SetA = None,
    options_b: SetB = None,
    as_json: Json = False,
) -> None:
    """Put two networks side by side: what each costs, and where they differ."""
    from engine.comparison_words import tables
    from engine.network.comparison import compare as put_together
    from templates.targets import load_target

    both = pairs(options)
    networks = [load_target(target, {**both, **pairs(own)}).network for target, own in ((a, options_a), (b, options_b))]
    found = put_together(*networks)
    if as_json:
        answer_json(found.to_json())
        return
    totals, rows = tables(found)
    answer_table(("", f"A: {found.a.name}", f"B: {found.b.name}", "B / A"), totals, numbers_from=1)
    answer("")
    answer_table(("difference", "name", "layer", "parameters A", "B", "MACs A", "B"), rows, numbers_from=3)


@app.command()
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
    file = file_beside(output, ".pt") if weights else None
    if file is not None:
        from engine.training.weights_file import write_weights

        write_weights(open_run(weights), network, file)
    save_whole(output, python_source(network, weights=file.name if file else "").text.encode())
    say(f"{network.name} is in {output}" + (f", its weights in {file}." if file else "."))


@app.command()
def screenshot(target: Target, output: Out, options: Set = None) -> None:
    """Draw the window off screen with the target in it."""
    from gui.desktop import libraries_of_the_desktop

    with libraries_of_the_desktop():
        from gui.app import screenshot as draw
    _require_target(target)
    draw(target, output, options=pairs(options))
    say(f"The window is in {output}.")


@app.command()
def train(
    target: Target,
    options: Set = None,
    data: Annotated[
        str, typer.Option(metavar="NAME|FOLDER", help="A data set, or a folder with one sub-folder a class.")
    ] = "",
    epochs: Annotated[str, typer.Option(metavar="N")] = "",
    batch_size: Annotated[str, typer.Option(metavar="N")] = "",
    learning_rate: Annotated[str, typer.Option("--lr", metavar="X")] = "",
    patience: Annotated[str, typer.Option(metavar="N", help="Stop after N epochs without a better one.")] = "",
    device: Annotated[str, typer.Option(metavar="auto|cpu|cuda|mps")] = "",
    seed: Annotated[str, typer.Option(metavar="N")] = "",
    run: Annotated[str, typer.Option(metavar="DIR", help="The run folder; runs/NAME-1, NAME-2 … if left out.")] = "",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run where it stopped.")] = False,
    as_json: Json = False,
) -> None:
    """Train, and keep everything needed to use or repeat it in a run folder."""
    from engine.training.run_folder import RunFolder, free_for_run, next_run_folder
    from engine.training.settings import with_texts
    from templates.targets import load_target, open_run

    if resume and not run:
        if not RunFolder.is_run(target):
            raise LayerloomError("Which run shall go on? Give its folder as --run.")
        run = target
    project = open_run(run).project() if resume else load_target(target, pairs(options), data=data, fit_classes=True)
    if resume and data:
        raise LayerloomError("A resumed run keeps its data: leave out --data.")
    values = {
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "patience": patience,
        "device": device,
        "seed": seed,
    }
    project.training = with_texts(project.training, {key: value for key, value in values.items() if value})
    path = Path(run) if run else next_run_folder(Path("runs"), project.network.name)
    raise typer.Exit(_train(project, path if resume else free_for_run(path), resume=resume, as_json=as_json))


def _train(project: Project, path: Path, *, resume: bool, as_json: bool) -> int:
    from engine.progress_bar import ProgressBar
    from engine.training.control import Control
    from engine.training.endings import ending
    from engine.training.events import Finished
    from engine.training.session import run_project
    from engine.training.signals import stopping_on_signals

    control = Control()
    with stopping_on_signals(control), ProgressBar() as progress:
        listener = progress.listener(lambda: not control.stopped)
        for event in run_project(project, path, control=control, progress=listener, resume=resume):
            if as_json:
                answer_event(event)
            else:
                progress.show(event)
    say(ending(event, path))
    return FINE if isinstance(event, Finished) and not event.stopped else NO


@app.command()
def evaluate(
    run: Run,
    split: Annotated[str, typer.Option(metavar="train|validation|test")] = "test",
    as_json: Json = False,
) -> None:
    """Measure a run on images it did not train on."""
    from engine.evaluation.evaluating import evaluate as measure
    from engine.progress_bar import ProgressBar
    from engine.report_words import class_rows, evaluation_totals
    from templates.targets import open_run

    folder = open_run(run)
    with ProgressBar() as progress:
        found = measure(folder, split, progress=progress.listener())
    if as_json:
        answer_json(found.to_json())
        return
    answer_table(("class", "precision", "recall", "F1", "images"), class_rows(found), numbers_from=1)
    answer(evaluation_totals(found))


@app.command()
def predict(
    run: Run,
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...")],
    top: Annotated[str, typer.Option(metavar="N", help="How many classes to name.")] = "5",
    as_json: Json = False,
) -> None:
    """Name the likeliest classes of image files."""
    from engine.evaluation.predicting import predict as ask
    from templates.targets import open_run

    found = ask(open_run(run), images, top=count("--top", top))
    if as_json:
        answer_json([prediction.to_json() for prediction in found])
        return
    for prediction in found:
        guesses = ", ".join(f"{guess.name} {guess.probability:.1%}" for guess in prediction.guesses)
        answer(f"{prediction.image}: {guesses}")


@app.command()
def features(
    target: Annotated[str, typer.Argument(metavar="RUN|TARGET")],
    node: Annotated[str, typer.Option(metavar="NAME", help="The layer whose feature maps to draw.")],
    image: Annotated[Path, typer.Option(metavar="FILE")],
    output: Out,
    options: Set = None,
) -> None:
    """Draw the feature maps of a layer for an image; of a target that is no run, with initial weights."""
    from engine.evaluation.map_sheet import draw_maps
    from engine.training.run_folder import RunFolder
    from templates.targets import load_target

    run = RunFolder(target) if RunFolder.is_run(target) else None
    maps = draw_maps(load_target(target, pairs(options)), image, node=node, output=output, run=run)
    say(f"{maps} maps of {node} are in {output}.")


def _require_target(target: str) -> None:
    """Tell of a slip here, before any window shows."""
    from templates import TEMPLATES
    from templates.targets import load_target

    near = difflib.get_close_matches(target, COMMANDS, n=1)
    if near and target not in TEMPLATES and not Path(target).exists():
        raise LayerloomError(f"There is no command, file or template '{target}'. Did you mean '{near[0]}'?")
    load_target(target)


COMMANDS = tuple(command.name or command.callback.__name__ for command in app.registered_commands if command.callback)


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code. Whatever happens, people get one sentence and the log file the rest."""
    try:
        code = app(arguments, standalone_mode=False)
    except (CancelledError, KeyboardInterrupt):
        say("Stopped.")
        return NO
    except LayerloomError as error:
        say(str(error))
        return NO if getattr(error, "code", "") in ("network", "out_of_memory") else UNUSABLE
    except _UsageError as error:
        say(f"{error.format_message()} See python main.py --help.")
        return UNUSABLE
    except BrokenPipeError:
        # Whoever read the output has gone; without this Python would complain while it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO
    except Exception as error:  # noqa: BLE001 - the last place where a traceback can become a sentence
        from engine.log import log_crash

        path = log_crash("a command crashed", error)
        say(f"Something went wrong inside Layerloom ({type(error).__name__}). The details are in {path}.")
        return UNUSABLE
    return code if isinstance(code, int) else FINE


def main() -> None:
    """What ``python main.py`` and the installed command run."""
    warnings.simplefilter("ignore")  # they speak to programmers; tests turn them into errors
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks × shows a question mark, and goes on
    code = run_command()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


if __name__ == "__main__":
    main()
