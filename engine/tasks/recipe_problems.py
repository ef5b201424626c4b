"""Where the drawing keeps the recipe from training it well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from engine.compiling import final_layers
from engine.layers import Suggestion
from engine.network import Network, Problem, Severity
from engine.network.edits import bypass
from engine.network.names import short_name
from engine.network.problems import Fix
from engine.recipe.loss import LOSSES, Loss
from engine.recipe.metrics import Metric
from engine.recipe.recipe import Recipe
from engine.recipe.schedules import Schedule
from engine.tasks.heads import left_out_for
from engine.tasks.setup import Setup
from engine.words import counted, thousands


def loss_problems(network: Network, loss: Loss) -> Iterator[Problem]:
    """Layers that keep the gradients of ``loss`` from the weights, or make them fade."""
    left_out = left_out_for(loss, network)
    for name in network:
        cuts = not network.layer(name).has_gradient and not network[name].bypassed and name not in left_out
        if cuts and any(_trains(network, source) for source in network.upstream(name)):
            yield _cut(name, loss)
    with LOSSES.blaming(loss):
        fading = final_layers(network, loss.fades_behind)
    for name in fading:
        yield _fading(name, loss)


def settings_problems(setup: Setup) -> Iterator[Problem]:
    """Settings of the recipe that do not do together what one would think."""
    recipe, network = setup.recipe, setup.network
    if recipe.l2 and recipe.weight_decay and recipe.optimiser.decoupled:
        message = "L2 and decoupled decay both shrink the weights."
        fix = Suggestion("L2 0", {"l2": 0.0})
        yield _about("l2", "penalty_twice", message, "Set L2 or weight decay to 0.", fix)
    nodes = ((network.layer(name), network[name]) for name in network)
    norms = (layer for layer, node in nodes if layer.normalises_over_batch and not (node.frozen or node.bypassed))
    if recipe.accumulate > 1 and (norm := next(norms, None)):
        seen = f"sees {counted(recipe.batch_size, 'image')}, not {thousands(recipe.images_per_step)}"
        hint = "Only a larger batch shows it more; group norm does not mind."
        yield _about("accumulate", "norm_sees_less", f"{norm.title} {seen}.", hint)


def _about(setting: str, code: str, message: str, hint: str, *fixes: Suggestion) -> Problem:
    return Problem(code, Severity.WARNING, "", message, hint, setting=setting, suggestions=fixes)


def nothing_validates(schedule: Schedule, watched: Metric) -> Problem:
    """A schedule that waits for validation images to become no better, where there are none."""
    message = (
        f"No images validate, so {schedule.title.lower()} goes by the training {watched.title.lower()}, "
        "which gets better even where the network only learns by heart."
    )
    hint = "Hold images back for validation, or choose a schedule that does not depend on the run."
    usual = Recipe().schedule
    fix = Suggestion(f"{usual.title} schedule", {"schedule": {"name": usual.name}})
    return _about("schedule", "plateau_without_validation", message, hint, fix)


def metric_problems(setup: Setup, asked: Iterable[Metric], watched: Metric) -> Iterator[Problem]:
    """Metrics that cannot be measured on the data."""
    if watched.of_all and setup.validates is False:
        message = f"{watched.title} decides the best epoch, but it is measured on validation images, and none validate."
        hint = "Hold images back for validation, or choose another figure."
        yield Problem("watched_without_validation", Severity.ERROR, "", message, hint, setting="watch")
    for metric in {metric.name: metric for metric in asked}.values():
        if setup.classes is not None and setup.classes < metric.classes:
            message = f"{metric.title} needs {metric.classes} classes, but there are {setup.classes}."
            yield Problem("too_few_classes_for_metric", Severity.ERROR, "", message, "Leave it out.", setting="metrics")


def _trains(network: Network, name: str) -> bool:
    node = network[name]
    return node.layer.learns() and not node.frozen and not node.bypassed


def _cut(name: str, loss: Loss) -> Problem:
    short = short_name(name)
    message = f"{short} has no gradient: with {loss.title.lower()} nothing before it can learn."
    fitting = [kind.title for kind in LOSSES.values() if kind.one_output and kind.takes_scores]
    hint = f"{' or '.join(fitting)} leaves one at the end of the network out while training; else bypass it."
    fix = Fix(f"Bypass {short}", "What stands before it can then learn.", partial(bypass, names=(name,)))
    return Problem("no_gradient", Severity.ERROR, name, message, hint, fixes=(fix,), setting="loss")


def _fading(name: str, loss: Loss) -> Problem:
    short = short_name(name)
    message = f"{loss.title} behind {short} learns slowly where the network is surely wrong: its gradient fades there."
    hint = f"Cross-entropy has no such trouble; or bypass {short}, so that the loss compares the scores themselves."
    fix = Fix(f"Bypass {short}", "The loss then compares the scores themselves.", partial(bypass, names=(name,)))
    return Problem("gradient_fades", Severity.WARNING, name, message, hint, fixes=(fix,), setting="loss")
