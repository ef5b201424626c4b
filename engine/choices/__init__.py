"""What it takes to declare once what a user can choose: `Choice`, its `Registry`, and `Call`; needs no torch."""

from engine.choices.call import Call, Inputs, function, module
from engine.choices.choice import Choice
from engine.choices.failing import ChoiceFailedError
from engine.choices.registry import Registry

__all__ = ["Call", "Choice", "ChoiceFailedError", "Inputs", "Registry", "function", "module"]
