"""What is said of explanations."""

from __future__ import annotations

from functools import lru_cache

from engine.inspection.explaining.evidence import Evidence, Occluded
from engine.inspection.explaining.explanation import Explanation
from engine.inspection.explaining.sanity import Curve
from engine.words import counted, number_text
from gui.look.why.why import Shown, Why

_SUBTITLES = {
    "saliency": "|∂ score / ∂ pixel|",
    "gradient_input": "pixel · ∂ score / ∂ pixel",
    "guided_backprop": "positive paths only",
    "smooth_grad": "mean over noisy copies",
    "occlusion": "score lost under a patch",
}


def subtitle(kind: type[Explanation], why: Why, shown: Shown | None) -> str:
    """What a method looks at, in a few words."""
    if shown is not None and isinstance(shown.result, Occluded):
        return f"{shown.result.patch}×{shown.result.patch} patch, stride {shown.result.stride}"
    if kind.needs_node:
        return f"at {layer_text(why.look.node)}"
    return _SUBTITLES.get(kind.name, "")


def layer_text(node: str) -> str:
    """A layer with the blocks that it is in."""
    return " › ".join(node.split("."))


def duration(seconds: float) -> str:
    """How long a method took."""
    return f"{1000 * seconds:.0f} ms" if seconds < 0.9995 else f"{seconds:.1f} s"


def verdict(curve: Curve | None) -> tuple[str, bool | None]:
    """What the sanity check says of a method, and whether that is good; None while it is not known."""
    if curve is None:
        return "Checking …", None
    if curve.judged is None:
        flat = len(curve.correlations) > curve.judged_at
        return ("No verdict: it is the same everywhere" if flat else "Checking …"), None
    value, layers = number_text(curve.judged, 2), counted(curve.judged_at, "layer")
    return (f"Falls to {value} after {layers}", True) if curve.notices else (f"Still {value} after {layers}", False)


def spoken(why: Why, place: int) -> str:
    """A card for a screen reader."""
    kind, asked = why.kinds[place], why.cards()[place]
    number = why.number
    words = kind.title if number is None else f"{kind.title} for {why.name_of(number)}"
    if refused := why.refused(asked):
        return f"{words}. {refused.sentence}"
    if why.shown(asked) is None:
        return f"{words}, not worked out yet."
    curve = why.curve(place)
    if curve is None or curve.judged is None:
        return f"{words}."
    random = counted(curve.judged_at, "random layer")
    return (
        f"{words}. Correlation {number_text(curve.judged, 2)} after {random}, {'ok' if curve.notices else 'warning'}."
    )


@lru_cache(maxsize=256)
def share(evidence: Evidence) -> str:
    """The share of the image that holds half of the evidence."""
    half = 100 * evidence.half
    return "< 1 %" if 0 < half < 1 else f"{half:.0f} %"
