"""Where a loss that takes scores gets what are none any more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.compiling import value_behind
from engine.network import Problem, Severity
from engine.network.edits import bypass, remove_and_close_gap
from engine.network.names import short_name
from engine.network.network import Network
from engine.network.partners import reads
from engine.network.problems import Fix
from engine.recipe.loss import Loss
from engine.tasks.heads import left_out_for


def score_problems(network: Network, loss: Loss) -> Iterator[Problem]:
    """Outputs whose values lie between two limits; ``network`` trains with a ``loss`` that takes scores.

    What the loss leaves out at the end is none of them; what stands before it may be one.
    """
    left_out = left_out_for(loss, network)
    ends = (value_behind(network, name) for name in network.outputs)
    last = [value_behind(network, end) if end in left_out else end for end in ends]
    for name in dict.fromkeys(limit for end in last if end for limit in _limits(network, end)):
        yield _squashed(name, network.layer(name).title)


def _limits(network: Network, name: str) -> list[str]:
    """The nodes that keep a node's value between two limits; without weights, no layer leads out of such limits."""
    node = network[name]
    if node.layer.has_limits and not node.bypassed:
        return [name] if node.layer.has_gradient else []  # else nothing before it learns at all
    if node.layer.learns() and not node.bypassed:
        return []
    behind = [_limits(network, source) if source else [] for source in reads(network, name)]
    return [limit for limits in behind for limit in limits] if all(behind) else []


def _squashed(name: str, title: str) -> Problem:
    effect = "The loss then gets the scores themselves."
    return Problem(
        "scores_squashed",
        Severity.WARNING,
        name,
        f"The loss takes what {short_name(name)} gives for scores, "
        f"but values of {title} lie between two limits: no class can become sure.",
        f"Remove {short_name(name)}, or put a Linear behind it.",
        setting="loss",
        fixes=(
            Fix(f"Bypass {short_name(name)}", effect, partial(bypass, names=(name,))),
            Fix(f"Remove {short_name(name)}", effect, partial(remove_and_close_gap, names=(name,)), removes=True),
        ),
    )
