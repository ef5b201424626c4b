"""What to do about a training that does not go well: one piece of advice, about its cause, with a cure to try."""

from engine.training.advice import causes  # noqa: F401 - it registers them
from engine.training.advice.advice import CAUSES, Advice, Adviser, Cause, Course
from engine.training.advice.cures import Cure

__all__ = ["CAUSES", "Advice", "Adviser", "Cause", "Course", "Cure"]
