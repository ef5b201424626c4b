"""Why a network says what it says: views that explain the score of a class, declared without torch.

A view is asked of a lens with the class as ``target`` (None: the predicted one)::

    lens.show(Asked(GradCam(target=7), "conv2"), pixels)                      ClassMap
    lens.show(Asked(GuidedBackprop()), pixels)                                Evidence
    for result in lens.steps(Asked(Occlusion(target=7, against=9)), pixels)   Occluded, row by row
    lens.show(Asked(GradCamEverywhere(blocks=False)), pixels)                 ClassMaps, by convolution or block
    for result in lens.steps(Asked(SanityCheck(methods=(GradCam(), Saliency())), "conv2"), pixels)   Sanity

`Lens.steps` gives what there is so far after each step, with how much is ``done``, and is cancelled by asking for no
more; `SmoothGrad` has steps too. All results are in `evidence` but `ClassMaps` and `Sanity`. Two classes against each
other are two times `GradCam`, and `Occlusion` with ``against``. What is to be known of a result stands in its
``notes``, with the node to ask of ``instead``; a view that cannot show anything raises `NotShownError` (in a `Sight`:
``refused``, ``instead``). ``source``, ``formula`` and `help` of a view are for people to read.
"""

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
