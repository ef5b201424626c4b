"""Where a loss applies its softmax to what are no scores any more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.compiling import final_softmaxes, value_behind
from engine.network import Problem, Severity
from engine.network.edits import bypass, remove_and_close_gap
from engine.network.names import short_name
from engine.network.network import Network
from engine.network.problems import Fix


def score_problems(network: Network) -> Iterator[Problem]:
    """Outputs whose values lie between two limits; ``network`` trains with a loss that takes scores.

    A final softmax is none of them, as it is left out while training; what stands before it may be one.
    """
    left_out = final_softmaxes(network)
    ends = (value_behind(network, name) for name in network.outputs)
    for name in dict.fromkeys(value_behind(network, end) if end in left_out else end for end in ends):
        if name and network.layer(name).has_limits:
            yield _squashed(name, network.layer(name).title)


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
