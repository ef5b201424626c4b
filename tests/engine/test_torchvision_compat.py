"""torchvision imports, and its non-maximum suppression is the real one."""

import subprocess
import sys

import torch

from engine.torchvision_compat import make_torchvision_importable, non_maximum_suppression, torchvision

BOXES = torch.tensor([[0.0, 0, 10, 10], [1, 1, 11, 11], [20, 20, 30, 30], [0, 0, 10, 5]])
SCORES = torch.tensor([0.8, 0.9, 0.5, 0.7])


def test_models_of_torchvision_run():
    model = torchvision().models.squeezenet1_1(num_classes=2).eval()
    assert model(torch.zeros(1, 3, 64, 64)).shape == (1, 2)


def test_overlapping_boxes_go_and_others_stay():
    # Boxes 0 and 1 share 81 of 119 (0.68); 1 and 3 share 36 of 114 (0.32); 2 stands alone.
    assert non_maximum_suppression(BOXES, SCORES, 0.5).tolist() == [1, 3, 2]
    assert non_maximum_suppression(BOXES, SCORES, 0.3).tolist() == [1, 2]
    assert non_maximum_suppression(BOXES, SCORES, 0.7).tolist() == [1, 0, 3, 2]


def test_no_boxes_give_no_indices():
    assert non_maximum_suppression(torch.empty(0, 4), torch.empty(0), 0.5).tolist() == []


def test_the_operator_is_callable_under_its_own_name():
    make_torchvision_importable()
    assert torch.ops.torchvision.nms(BOXES, SCORES, 0.5).tolist() == [1, 3, 2]


def test_torchvision_imports_after_it_in_a_fresh_process():
    code = (
        "from engine.torchvision_compat import make_torchvision_importable as prepare; prepare()\n"
        "import torchvision; torchvision.transforms.Resize(3)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
