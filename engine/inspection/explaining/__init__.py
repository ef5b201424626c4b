"""Why a network says what it says: views that explain the score of a class, declared without torch."""

from engine.inspection.explaining.everywhere import GradCamEverywhere
from engine.inspection.explaining.grad_cam import GradCam
from engine.inspection.explaining.gradients import GradientInput, GuidedBackprop, Saliency, SmoothGrad
from engine.inspection.explaining.occlusion import Occlusion
from engine.inspection.explaining.sanity import SanityCheck

__all__ = [
    "GradCam",
    "GradCamEverywhere",
    "GradientInput",
    "GuidedBackprop",
    "Occlusion",
    "Saliency",
    "SanityCheck",
    "SmoothGrad",
]
