"""What a network makes of an image, and what it has learned; the views are declared without torch."""

from engine.inspection.deconvnet import Deconvnet
from engine.inspection.explaining import GradCam, GradientInput, GuidedBackprop, Occlusion, Saliency, SmoothGrad
from engine.inspection.feature_maps import FeatureMaps
from engine.inspection.filters import Filters
from engine.inspection.maximise import Maximise
from engine.inspection.step import StepThrough
from engine.inspection.top_patches import TopPatches
from engine.inspection.views import VIEWS, View

__all__ = [
    "VIEWS",
    "Deconvnet",
    "FeatureMaps",
    "Filters",
    "GradCam",
    "GradientInput",
    "GuidedBackprop",
    "Maximise",
    "Occlusion",
    "Saliency",
    "SmoothGrad",
    "StepThrough",
    "TopPatches",
    "View",
]
