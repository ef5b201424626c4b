"""Results as PNG, SVG and PDF files: evidence in colours over its image, with what the figure shows."""

import base64
import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from explained_by_hand import lens_on, pixels_for
from PIL import Image

from engine.errors import LayerloomError
from engine.inspection import FeatureMaps, GradCam, Occlusion, Saliency
from engine.inspection.colours import magma, signed
from engine.inspection.explaining.evidence import Evidence, Explained, Note
from engine.inspection.figures import SUFFIXES, caption, figure, require_picture, shown
from engine.inspection.pictures import overlay, picture
from engine.inspection.results import Heat
from engine.inspection.sight import Asked
from templates import build

LINES = ("Grad-CAM of <conv2> for a & b", "lenet5 · run 2 · epoch 3")


@pytest.fixture(scope="module")
def lens():
    return lens_on(build("lenet5"), classes=("zero", *"123456789"))


def evidence(values, **more):
    return Evidence(np.array(values, np.float32), Explained(0, 1.5, **more), by_size=False)


def test_colours_go_from_end_to_end():
    ends = magma(np.array([[-3.0, 0.0, 1.0, 9.0]]))[0]
    assert ends.tolist() == [[0, 0, 4], [0, 0, 4], [252, 253, 191], [252, 253, 191]]
    brightness = magma(np.linspace(0, 1, 50)[None])[0].sum(axis=1)
    assert (np.diff(brightness) > 0).all()
    blue, middle, red = signed(np.array([[-1.0, 0.0, 1.0]]))[0]
    assert blue[2] > 2 * blue[0]
    assert red[0] > 2 * red[2]
    assert np.ptp(middle) < 10


def test_evidence_lies_over_its_image():
    values, pixels = np.zeros((8, 8)), np.zeros((1, 8, 8), np.uint8)
    values[2, 3], values[5, 5], pixels[0, 6, 1] = 2, -2, 200
    over = overlay(evidence(values), pixels, opacity=0.5)[::28, ::28]
    assert over.shape == (8, 8, 3)
    assert over[2, 3].tolist() == [126, 126, 96]
    assert over[6, 1].tolist() == [100, 100, 102]
    assert over[5, 5].tolist() == [0, 0, 2]
    assert (overlay(evidence(values), pixels, opacity=0)[::28, ::28, 0] == pixels[0]).all()
    assert (overlay(evidence(values), pixels, opacity=1) == picture(evidence(values))).all()


def test_two_classes_are_red_and_blue():
    found = overlay(evidence([[3, -3], [0, 0]], against=1), np.full((3, 2, 2), 255, np.uint8))
    (red, blue), (middle, _) = found[::112, ::112].astype(int)
    assert red[0] - red[2] > 50
    assert blue[2] - blue[0] > 50
    assert np.ptp(middle) < 10


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_an_image_of_any_number_of_channels_can_lie_below(channels):
    pixels = np.arange(channels * 4, dtype=np.uint8).reshape(channels, 2, 2)
    under = overlay(evidence(np.zeros((2, 2))), pixels, opacity=0)[::112, ::112]
    colour = channels == 3
    assert (under == (pixels.transpose(1, 2, 0) if colour else pixels[0][..., None])).all()


@pytest.mark.parametrize("result", [Heat(np.eye(5, dtype=np.float32)), evidence(np.eye(5))], ids=["Heat", "Evidence"])
@pytest.mark.parametrize("lines", [(), LINES])
def test_files_hold_the_picture_and_say_what_it_shows(result, lines):
    wanted = shown(result)
    with Image.open(io.BytesIO(figure(wanted, lines, ".PNG"))) as png:
        assert (np.asarray(png) == wanted).all()
        assert png.text.get("Description", "") == "\n".join(lines)
    svg = ElementTree.fromstring(figure(wanted, lines, ".svg"))
    texts = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == list(lines)
    (image,) = svg.iter("{http://www.w3.org/2000/svg}image")
    with Image.open(io.BytesIO(base64.b64decode(image.get("href").partition(",")[2]))) as inside:
        assert (np.asarray(inside) == wanted).all()
    pdf = figure(wanted, lines, ".pdf")
    assert pdf.startswith(b"%PDF")
    assert pdf == figure(wanted, lines, ".pdf")
    size = re.search(rb"/MediaBox \[ ?0 0 (\d+) (\d+) ?\]", pdf)
    assert int(size[2]) == int(svg.get("height"))
    assert figure(wanted, lines, "") == figure(wanted, lines, ".png")


def test_a_caption_names_view_layer_class_network_run_and_epoch(lens):
    pixels, of = pixels_for(lens), ("run 2", "epoch 3")
    cam = lens.show(Asked(GradCam(target=0), "conv2"), pixels)
    score = f"{cam.explained.score:.2f}".replace("-", "−")
    assert caption(lens, GradCam(), "conv2", cam, of=of) == [
        "Grad-CAM of conv2 for zero",
        f"lenet5 · run 2 · epoch 3 · untrained · score {score} before the softmax",
    ]
    against = lens.show(Asked(Occlusion(target=0, against=9)), pixels)
    assert caption(lens, Occlusion(), "", against)[0] == "Occlusion for zero against 9"
    maps = lens.show(Asked(FeatureMaps(), "conv1"), pixels)
    assert caption(lens, FeatureMaps(), "conv1", maps) == ["Feature maps of conv1", "lenet5 · untrained"]
    noted = Evidence(np.eye(2, dtype=np.float32), Explained(1, 0.0), notes=(Note("It is so."),))
    assert caption(lens, Saliency(), "", noted)[2:] == ["It is so."]


def test_other_kinds_of_files_are_refused(tmp_path):
    with pytest.raises(LayerloomError, match=r"A figure is PNG, SVG or PDF, but .*x\.gif ends in \.gif\."):
        require_picture(tmp_path / "x.gif")
    for suffix in SUFFIXES:
        require_picture(tmp_path / f"x{suffix.upper()}")
