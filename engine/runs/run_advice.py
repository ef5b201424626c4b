"""What to do about a run that did not go well, from what it left behind."""

from __future__ import annotations

import math
from dataclasses import replace

from engine.recipe.metrics import LossValue
from engine.runs.run_folder import RunFolder
from engine.training.advice import Advice, Adviser, Course
from engine.training.events import EpochDone, Failed, HealthMeasured, Started, StepDone


def advice_on(run: RunFolder) -> Advice | None:
    """The advice that the window gives at the end of a run; None where there is none, or it says why it failed.

    Raises `LayerloomError` for a run that cannot be read.
    """
    course = Course(run.project(), classes=run.record.classes, measured=0)
    adviser, advice, rate = Adviser(), None, course.rate
    for event in run.events():
        match event:
            case Started(class_images=counts):
                course = replace(course, class_images=counts)
            case StepDone(learning_rate=rate, loss=loss):
                course = course if math.isfinite(course.first_loss) else replace(course, first_loss=loss)
                continue
            case EpochDone(epoch=epoch, train=figures):
                course = replace(course, losses=(*course.losses[: epoch - 1], figures[LossValue.name]))
            case HealthMeasured(step=step, nodes=nodes):
                share = rate / course.recipe.learning_rate_at(step)
                course = replace(course, health=nodes, rate_share=share, measured=(course.measured or 0) + 1)
            case Failed():
                return None
            case _:
                continue
        advice = adviser.on(course)
    return advice
