"""What a network is trained for: what stands in its way, what is measured, what an evaluation holds; needs no torch."""

from engine.tasks.classification import Classification
from engine.tasks.setup import Setup
from engine.tasks.task import TASKS, Answers, Reading, Task, Verdict

__all__ = ["TASKS", "Answers", "Classification", "Reading", "Setup", "Task", "Verdict"]
