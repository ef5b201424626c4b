"""What keeps networks from learning well, the deepest causes first."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import ClassVar

from engine.data.sampling import Weighted
from engine.training.advice.advice import CAUSES, Advice, Cause, Course
from engine.training.advice.cures import Cure, at_rate, below, leaky, saturating
from engine.training.layer_health import RATIO_RANGE, Row
from engine.words import path_text, rate_text, scientific_text, whole_percent_text

_FAR_ABOVE = 10  # times the usual learning rate: whatever is wrong then, it comes first
_FAR_BELOW = 30  # times: SGD with momentum does well at a tenth of the usual rate too
_SMALLEST_FACTOR = 1e-3
_ENOUGH = 3  # epochs in which a network that can learn has begun to
_BORNE = 0.1  # ‖ΔW‖/‖W‖ of a first epoch, when steps are large
_CLIP = 1.0  # the norm of all gradients together
_USUAL_L1, _USUAL_L2, _USUAL_DECAY = 1e-5, 5e-4, {False: 5e-4, True: 0.05}  # by whether it is decoupled
_ROUNDING = 1e-7  # ‖ΔW‖/‖W‖ that float32 does not tell from none
_KILLS = 4  # times the usual learning rate may have killed them
_CLIPPED = Cure(f"gradients clipped at {_CLIP:g}", {"training.clip_norm": f"{_CLIP:g}"})
_LOWER = "Lower the learning rate."


@CAUSES.register
class RateFarTooHigh(Cause):
    """The learning rate is far above the usual one, and something is wrong: whatever it is may come of that."""

    name: ClassVar = "rate_far_too_high"
    title: ClassVar = "Rate far too high"
    lowers_rate: ClassVar = True

    def advice(self, course: Course) -> Advice | None:
        rate, usual = course.rate, course.usual_rate
        if rate <= _FAR_ABOVE * usual or not (course.stands_still or any(row.wrong for row in course.rows)):
            return None
        what = f"The learning rate {rate_text(rate)} is far above {rate_text(usual)}, which is usual."
        remedy = "Lower it first: what else is wrong may come of it."
        return Advice(what, remedy, _last(course, _goes_wild), course.lowered(usual / rate))


@CAUSES.register
class GradientNotFinite(Cause):
    """A gradient is no number any more."""

    name: ClassVar = "gradient_not_finite"
    title: ClassVar = "Gradient not finite"
    lowers_rate: ClassVar = True
    also_where_well: ClassVar = True

    def advice(self, course: Course) -> Advice | None:
        where = _last(course, lambda row: row.is_not_finite)
        what = f"The gradient of {path_text(where)} is not finite."
        return Advice(what, _LOWER, where, course.lowered(0.1), "exploding") if where else None


@CAUSES.register
class StrongPenalty(Cause):
    """A penalty so strong that weights fade faster than they learn."""

    name: ClassVar = "strong_penalty"
    title: ClassVar = "Strong penalty"

    def advice(self, course: Course) -> Advice | None:
        if not course.stands_still:
            return None
        recipe = course.recipe
        most = {"l1": _USUAL_L1, "l2": _USUAL_L2, "weight_decay": _USUAL_DECAY[recipe.optimiser.decoupled]}
        for name, usual in most.items():
            if (strength := getattr(recipe, name)) > _FAR_ABOVE * usual:
                title = type(recipe).model_fields[name].title
                what = f"{title} {strength:g} is far above {usual:g}: it pulls weights to 0 faster than they learn."
                cure = Cure(f"{title} {usual:g}", {f"training.{name}": repr(usual)})
                return Advice(what, f"Try {cure.label}.", "", cure)
        return None


@CAUSES.register
class NoGradient(Cause):
    """No gradient at all gets through ReLUs, as those of a layer give 0 for every image."""

    name: ClassVar = "no_gradient"
    title: ClassVar = "No gradient"
    lowers_rate: ClassVar = True

    def advice(self, course: Course) -> Advice | None:
        where = _last(course, lambda row: row.gradient == 0)
        learning = list(_gradients(course))
        rectifiers = [node for row in course.rows for node, health in row.nodes.items() if health.dead is not None]
        if not where or where == learning[-1] or not rectifiers:
            return None
        what = f"No gradient reaches {path_text(where)}: ReLUs after it give 0 for every image."
        if cure := _spares(course):
            return Advice(what, _LOWER, where, cure)
        return Advice(what, "Try Leaky ReLU, or lower the learning rate.", where, leaky(rectifiers))


@CAUSES.register
class ExplodingGradient(Cause):
    """Gradients grow from layer to layer on their way back, as weights are large."""

    name: ClassVar = "exploding_gradient"
    title: ClassVar = "Exploding gradient"

    def advice(self, course: Course) -> Advice | None:
        gradients = _gradients(course)
        where = _last(course, lambda row: row.explodes)
        if not where or course.recipe.clip_norm:
            return None
        what = f"The gradient explodes in {path_text(where)}: ‖∇W‖ is {scientific_text(gradients[where])} there."
        cure = course.opened or _CLIPPED
        return Advice(what, f"Try {cure.label}.", where, cure, "exploding")


@CAUSES.register
class Saturation(Cause):
    """Gradients vanish in a network whose activations have limits, as each lets a fraction of them through."""

    name: ClassVar = "saturation"
    title: ClassVar = "Saturated activations"

    def advice(self, course: Course) -> Advice | None:
        return _vanishing(course) if saturating(course.project.network) else None


@CAUSES.register
class LargeUpdates(Cause):
    """Updates are large beside the weights: the network forgets what it knew with every batch."""

    name: ClassVar = "large_updates"
    title: ClassVar = "Large updates"
    lowers_rate: ClassVar = True

    def advice(self, course: Course) -> Advice | None:
        least = _BORNE if course.learns is None else 0.0
        large = {row.name: row.ratio or 0.0 for row in course.rows if row.leaps and not (row.ratio or 0.0) <= least}
        if course.learns or not large or not course.tells_of_updates:
            return None
        where = max(large, key=lambda name: math.inf if math.isnan(large[name]) else large[name])
        factor = RATIO_RANGE[1] / large[where] if math.isfinite(large[where]) else _SMALLEST_FACTOR
        what = f"Updates of {path_text(where)} are large beside its weights."
        cure = course.lowered(min(0.5, max(factor, _SMALLEST_FACTOR)))
        return Advice(what, _LOWER, where, cure)


@CAUSES.register
class SmallUpdates(Cause):
    """Most layers hardly move at a rate below the usual one: training will take long."""

    name: ClassVar = "small_updates"
    title: ClassVar = "Small updates"

    def advice(self, course: Course) -> Advice | None:
        ratios = [row.ratio for row in course.rows if row.ratio is not None]
        slow = [row.name for row in course.rows if row.hardly_moves or _is_lost(row)]
        few = not course.tells_of_updates or 2 * len(slow) <= len(ratios)
        if course.learns or course.lowest is not None or few or not ratios:
            return None
        middle = math.sqrt(RATIO_RANGE[0] * RATIO_RANGE[1])
        moved, now = [ratio for ratio in ratios if ratio], course.rate  # float32 may round a small update to none
        factor = min(middle / statistics.median(moved), RATIO_RANGE[1] / max(moved)) if moved else math.inf
        rate = min(below(now * min(factor, course.usual_rate / now)), course.usual_rate)
        what, clip = f"The weights of {path_text(slow[0])} hardly move", course.recipe.clip_norm
        if 0 < clip < _CLIP:
            return Advice(f"{what}: gradients are clipped at {clip:g}.", "Clip them less.", slow[0], _CLIPPED)
        return Advice(f"{what}.", "Raise the learning rate.", slow[0], at_rate(rate)) if rate > now else None


def _vanishing(course: Course) -> Advice | None:
    gradients = _gradients(course)
    where, last = _last(course, lambda row: row.vanishes), next(reversed(gradients), "")
    if not where or where == last:  # where none has a gradient, there is nothing left to learn
        return None
    there, at_end = (scientific_text(gradients[name]) for name in (where, last))
    what = f"The gradient vanishes in {path_text(where)}: ‖∇W‖ is {there} there, {at_end} in {path_text(last)}."
    cure = course.opened
    remedy = f"Use {cure.label} in the hidden layers." if cure else "Add shortcuts, or take layers out."
    return Advice(what, remedy, where, cure, "vanishing")


def _gradients(course: Course) -> dict[str, float]:
    return {row.name: row.gradient for row in course.rows if row.gradient is not None}


@CAUSES.register
class DeadUnits(Cause):
    """Many ReLU maps give 0 for every image: no gradient passes, so they stay as they are."""

    name: ClassVar = "dead_units"
    title: ClassVar = "Dead ReLU"
    lowers_rate: ClassVar = True

    def advice(self, course: Course) -> Advice | None:
        dead = [row for row in course.rows if row.is_dead]
        if not dead:
            return None
        worst = max(dead, key=lambda row: row.dead or 0.0)
        name = path_text(worst.name)
        what = f"{whole_percent_text(worst.dead or 0.0)} of {name}'s ReLU outputs never fire."
        if cure := _spares(course):
            return Advice(what, _LOWER, worst.name, cure)
        cure = leaky([node for row in dead for node, health in row.nodes.items() if health.dead is not None])
        return Advice(what, f"Try Leaky ReLU after {name}, or lower the learning rate.", worst.name, cure)


@CAUSES.register
class VanishingGradient(Cause):
    """Gradients shrink from layer to layer on their way back, until those in front learn nothing."""

    name: ClassVar = "vanishing_gradient"
    title: ClassVar = "Vanishing gradient"

    def advice(self, course: Course) -> Advice | None:
        return _vanishing(course)


@CAUSES.register
class RateFarTooLow(Cause):
    """The learning rate is far below the usual one, and the loss stays where it was."""

    name: ClassVar = "rate_far_too_low"
    title: ClassVar = "Rate far too low"

    def advice(self, course: Course) -> Advice | None:
        rate, usual = course.rate, course.usual_rate
        if not course.never_began or _FAR_BELOW * rate > usual or any(row.leaps for row in course.rows):
            return None
        what = f"The learning rate {rate_text(rate)} is far below {rate_text(usual)}, which is usual."
        return Advice(what, "Raise the learning rate.", "", at_rate(usual))


@CAUSES.register
class UnlikeClasses(Cause):
    """Some classes have far fewer images than others, so that the network can do well without them."""

    name: ClassVar = "unlike_classes"
    title: ClassVar = "Classes of unlike sizes"
    also_where_well: ClassVar = True

    def advice(self, course: Course) -> Advice | None:
        found = course.imbalance if course.losses else None
        if found is None or not found.matters:
            return None
        cure = Cure("balanced classes", {"data.sampling": Weighted.name})
        return Advice(found.sentence(), "Let all classes come equally often, or weigh them in the loss.", "", cure)


@CAUSES.register
class NothingLearned(Cause):
    """The loss stays where it was, and nothing that was measured tells why."""

    name: ClassVar = "nothing_learned"
    title: ClassVar = "Nothing learned"

    def advice(self, course: Course) -> Advice | None:
        if not course.never_began or len(course.losses) < _ENOUGH:
            return None
        cure = course.opened
        first = f"Try {cure.label}; if that does not help," if cure else "Take layers out, or"
        remedy = f"{first} look in Data whether the images have the right labels."
        return Advice("The loss stays where it began.", remedy, "", cure)


def _is_lost(row: Row) -> bool:
    """Whether an update is so small that rounding decides what becomes of it."""
    return row.ratio is not None and row.ratio < _ROUNDING and bool(row.gradient)


def _spares(course: Course) -> Cure | None:
    """A lower learning rate, where ReLUs may have died of this one."""
    share = course.usual_rate / course.rate
    return course.lowered(min(0.5, share)) if course.lowest is not None or share < 1 / _KILLS else None


def _goes_wild(row: Row) -> bool:
    return row.is_not_finite or row.explodes or row.leaps


def _last(course: Course, ails: Callable[[Row], bool]) -> str:
    """Where something begins that gradients carry backwards: the row nearest to the output that has it; "" if none."""
    return next((row.name for row in reversed(course.rows) if ails(row)), "")
