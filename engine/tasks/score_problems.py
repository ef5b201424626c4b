"""Where a loss applies its softmax to what are no scores any more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.compiling import final_softmaxes, value_behind
from engine.network import Problem, Severity
from engine.network.edits import bypass, remove_and_close_gap
from engine.network.names import short_name
from engine.network.network import Network
from engine.network.partners import reads
from engine.network.problems import Fix


def score_problems(network: Network) -> Iterator[Problem]:
    """Outputs whose values lie between two limits; ``network`` trains with a loss that takes scores.

    A final softmax is none of them, as it is left out while training; what stands before it may be one.
    """
    left_out = final_softmaxes(network)
    ends = (value_behind(network, name) for name in network.outputs)
    last = [value_behind(network, end) if end in left_out else end for end in ends]
    for name in dict.fromkeys(limit for end in last if end for limit in _limits(network, end)):
        yield _squashed(name, network.layer(name).title)


def _limits(network: Network, name: str) -> list[str]:
    """The nodes that keep a node's value between two limits; without weights, no layer leads out of such limits."""
    node = network[name]
    if node.layer.has_limits and not node.bypassed:
        return [name]
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
        f"The loss takes what {short_name(name)} gives for scores and applies a softmax, "
        f"but values of {title} lie between two limits: no class can become sure.",
        f"Remove {short_name(name)}, or put a Linear behind it.",
        fixes=(
            Fix(f"Bypass {short_name(name)}", effect, partial(bypass, names=(name,))),
            Fix(f"Remove {short_name(name)}", effect, partial(remove_and_close_gap, names=(name,)), removes=True),
        ),
    )
