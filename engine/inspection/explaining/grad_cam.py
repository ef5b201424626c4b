"""Which places of a layer's maps speak for a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from engine.inspection.explaining.explanation import Explanation
from engine.inspection.views import VIEWS
from engine.layers import Layer
from engine.layers.input_output import Output
from engine.network import Network
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Tensor

    from engine.inspection.explaining.evidence import ClassMap
    from engine.inspection.lens import Lens

Enlarging = Literal["smooth", "cells"]


@VIEWS.register
class GradCam(Explanation):
    """Where the maps of a layer speak for a class, as coarse as the maps are.

    Each map A counts as much as the score grows with it, on the mean over its cells: α = mean ∂score/∂A, and the heat
    is max(0, Σ α·A), enlarged to the image.
    """

    name: ClassVar = "grad_cam"
    title: ClassVar = "Grad-CAM"
    aliases: ClassVar = ("gradcam", "class activation map")
    subject: ClassVar = "layers that give maps"
    needs_node: ClassVar = True
    needs_gradients: ClassVar = True
    source: ClassVar = "Selvaraju et al., ICCV 2017 · arXiv 1610.02391"
    formula: ClassVar = "αₖ = 1/n · Σᵢⱼ ∂y/∂Aₖ(i, j),  L = max(0, Σₖ αₖ·Aₖ)"

    enlarge: Enlarging = setting(
        "smooth",
        "Enlarge",
        labels={"smooth": "Smooth", "cells": "Cells"},
        help="Smooth is bilinear, corners not aligned; cells show the map as coarse as it is.",
    )

    def applies_to(self, layer: Layer, network: Network) -> bool:
        return not isinstance(layer, Output)

    def show(self, lens: Lens, image: Tensor, node: str) -> ClassMap:
        from engine.inspection.explaining.class_maps import class_map

        return class_map(lens, image, node, of=self.target, enlarge=self.enlarge)
