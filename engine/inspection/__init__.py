"""What a network makes of an image, and what it has learned; the views are declared without torch."""

# In this order lists show them:
from engine.inspection.feature_maps import FeatureMaps  # noqa: I001
from engine.inspection.filters import Filters
from engine.inspection.step import StepThrough
from engine.inspection.explaining import GradCam, GradientInput, GuidedBackprop, Occlusion, Saliency, SmoothGrad
from engine.inspection.top_patches import TopPatches
from engine.inspection.deconvnet import Deconvnet
from engine.inspection.maximise import Maximise
from engine.inspection.embedding import Embedding
from engine.inspection.ablation import Ablation

from engine.inspection.alteration import Alteration
from engine.inspection.damages import DAMAGES, Damage
from engine.inspection.interventions import INTERVENTIONS, Intervention
from engine.inspection.views import VIEWS, View

__all__ = [
    "DAMAGES",
    "INTERVENTIONS",
    "VIEWS",
    "Ablation",
    "Alteration",
    "Damage",
    "Deconvnet",
    "Embedding",
    "FeatureMaps",
    "Filters",
    "GradCam",
    "GradientInput",
    "GuidedBackprop",
    "Intervention",
    "Maximise",
    "Occlusion",
    "Saliency",
    "SmoothGrad",
    "StepThrough",
    "TopPatches",
    "View",
]
