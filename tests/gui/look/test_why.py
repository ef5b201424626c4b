"""Why: methods side by side for a class of the image, each as the lens itself gives it, driven by mouse and keys."""

import numpy as np
import pytest
from look_parts import PATIENCE
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from engine.inspection.explaining import GradCam, GradientInput, Occlusion, Saliency, SmoothGrad
from engine.inspection.explaining.evidence import ClassMap, Occluded
from engine.inspection.lens import Lens
from engine.inspection.sight import Asked
from engine.runs.run_folder import RunFolder
from gui.look.maps import WHY
from gui.look.why.export import Sheet, caption
from gui.look.why.why import Shown

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


def lens_of(run, epoch=3):
    """The run's network, loaded without the window."""
    folder = RunFolder(run.folder)
    lens = Lens.of_run(folder)
    lens.load(folder.weights(epoch))
    return lens


@pytest.fixture
def page(inside, trained, seen, qtbot):
    """Why in front, all worked out but the sanity check."""
    inside.why.set_sanity(False)
    inside.set_active(True)
    seen()
    inside.maps.tabs.show_page(WHY)
    done(inside, qtbot)
    return inside.maps.why


def done(inside, qtbot):
    """Wait until all that is wanted was worked out."""

    def is_done():
        why, look = inside.why, inside.look
        return look.sight is not None and not look.busy and all(_whole(why.answers.get(asked)) for asked in why._plan())

    qtbot.waitUntil(is_done, timeout=PATIENCE)


def _whole(answer):
    return answer is not None and (not isinstance(answer, Shown) or answer.whole)


def draw(inside, down=False):
    """Draw a stroke across the pad."""
    pad = inside.image.pad
    middle, edge = pad.rect().center(), 24
    first, last = (QPoint(middle.x(), edge), QPoint(middle.x(), pad.height() - edge))
    if not down:
        first, last = (QPoint(edge, middle.y()), QPoint(pad.width() - edge, middle.y()))
    QTest.mousePress(pad, LEFT, pos=first)
    QTest.mouseMove(pad, last)
    QTest.mouseRelease(pad, LEFT, pos=last)


def test_every_card_shows_what_the_lens_gives_for_the_predicted_class(page, inside, trained):
    lens, pixels = lens_of(trained), inside.look.pixels
    number = int(inside.look.sight.prediction.argmax())
    for asked in page.why.cards():
        assert asked.view.target == number
        np.testing.assert_allclose(
            page.why.evidence(asked).values, lens.show(asked, pixels).values, rtol=1e-3, atol=1e-5
        )
    assert page.controls.choice.button("predicted").text().startswith(f"{number}, predicted")
    assert list(page.why.maps) == ["conv1"]


def test_keys_choose_class_method_overlay_and_swap_the_pair(page, inside, qtbot):
    why, cards = page.why, page.cards
    cards.setFocus()
    QTest.keyClick(cards, Qt.Key.Key_Right)
    assert why.kinds[why.selected] is Saliency
    assert inside.method.title.text() == "Saliency"
    QTest.keyClick(cards, Qt.Key.Key_3)
    assert why.number == 3
    done(inside, qtbot)
    assert why.evidence(why.cards()[1]).explained.number == 3
    other = why.other
    QTest.keyClick(cards, Qt.Key.Key_V)
    assert (why.number, why.other) == (other, 3)
    before = why.opacity
    QTest.keyClick(cards, Qt.Key.Key_Plus)
    assert why.opacity == pytest.approx(before + 0.05)
    assert page.controls.overlay.value() == round(100 * why.opacity)
    QTest.keyClick(cards, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is page.strip.row
    QTest.keyClick(page.strip.row, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is cards


def test_a_row_of_the_prediction_leads_to_why(inside, trained, seen, qtbot):
    inside.set_active(True)
    seen()
    bars = inside.image.bars
    name = bars.rows[1][0]
    QTest.mouseClick(bars, LEFT, pos=QPoint(40, 26 + 13))
    assert inside.maps.explaining
    assert inside.why.name_of(inside.why.number) == name
    inside.maps.tabs.show_tab(0)
    bars.setFocus()
    QTest.keyClick(bars, Qt.Key.Key_Up)
    QTest.keyClick(bars, Qt.Key.Key_Return)
    assert inside.maps.explaining
    assert inside.why.name_of(inside.why.number) == bars.rows[0][0]


def test_the_menu_of_a_card_shows_another_method_there(page, inside, qtbot):
    card = page.cards.cards[1]
    card.menu.aboutToShow.emit()
    texts = [action.text() for action in card.menu.actions()]
    assert {SmoothGrad.title, GradientInput.title} <= set(texts)
    card.menu.actions()[texts.index(GradientInput.title)].trigger()
    assert page.why.kinds[1] is GradientInput
    done(inside, qtbot)
    assert page.why.evidence(page.why.cards()[1]) is not None
    card.menu.actions()[texts.index(Occlusion.title)].trigger()  # it stands elsewhere: they change places
    assert (page.why.kinds[1], page.why.kinds[3]) == (Occlusion, GradientInput)


def test_a_layer_without_maps_says_so_and_the_button_leads_to_one_that_has_some(page, inside, seen, qtbot):
    inside.look.choose_node("fc")
    done(inside, qtbot)
    assert page.notes.sentences[0] == "Grad-CAM needs maps, but fc gives a vector."
    (button,) = [one for one in page.notes.findChildren(QPushButton) if one.isVisible()]
    assert button.text() == "Use conv1"
    QTest.mouseClick(button, LEFT)
    assert inside.look.node == "conv1"
    done(inside, qtbot)
    assert page.notes.sentences == ()
    assert isinstance(page.why.evidence(page.why.cards()[0]), ClassMap)


def test_occlusion_comes_row_by_row(page, inside, qtbot):
    parts = []
    why = page.why

    def note():
        found = why.evidence(why.cards()[3])
        if isinstance(found, Occluded):
            parts.append(found.done)

    why.changed.connect(note)
    draw(inside)
    done(inside, qtbot)
    assert parts == sorted(parts)
    assert parts[-1] == 1
    assert np.isfinite(why.evidence(why.cards()[3]).losses).all()


def test_a_stroke_while_occlusion_runs_leaves_nothing_of_the_image_before(page, inside, qtbot, trained):
    why = page.why
    draw(inside)
    qtbot.waitUntil(lambda: isinstance(why.evidence(why.cards()[3]), Occluded), timeout=PATIENCE)
    stale = []
    draw(inside, down=True)
    pixels = inside.look.pixels
    why.changed.connect(lambda: stale.extend(one for one in why.answers.values() if one.pixels is not pixels))
    done(inside, qtbot)
    assert stale == []
    lens = lens_of(trained)
    for asked in why.cards():
        expected = lens.show(asked, pixels).values
        np.testing.assert_allclose(why.evidence(asked).values, expected, rtol=1e-3, atol=1e-5)


def test_another_epoch_is_explained_by_its_own_weights(page, inside, trained, qtbot):
    inside.look.choose_epoch(1)
    done(inside, qtbot)
    asked = page.why.cards()[1]
    expected = lens_of(trained, 1).show(asked, inside.look.pixels).values
    np.testing.assert_allclose(page.why.evidence(asked).values, expected, rtol=1e-3, atol=1e-5)


def test_other_tabs_end_the_work_and_the_choices_survive(page, inside, qtbot, seen):
    page.why.choose(2)
    draw(inside)
    inside.maps.tabs.show_tab(0)
    assert not page.why.explainer.busy
    seen()
    QTest.keyClick(inside.maps, "2", Qt.KeyboardModifier.AltModifier)
    assert inside.maps.explaining
    assert page.why.number == 2
    done(inside, qtbot)


def test_the_sanity_check_judges_each_method_and_says_it(page, inside, qtbot):
    QTest.keyClick(page.cards, Qt.Key.Key_S)
    done(inside, qtbot)
    assert page.why.layers == 2
    for place, card in enumerate(page.cards.cards):
        curve = page.why.curve(place)
        assert curve.correlations[0] == pytest.approx(1)
        verdict = "ok" if curve.notices else "warning"
        assert card.accessibleName().endswith(f"after 2 random layers, {verdict}.")


def test_enlarging_fills_the_page_and_escape_goes_back(page):
    QTest.mouseDClick(page.cards.cards[2], LEFT, pos=QPoint(60, 100))
    assert page.currentWidget() is page.enlarged
    QTest.keyClick(page.enlarged, Qt.Key.Key_Escape)
    assert page.currentWidget() is page.area


def test_a_comparison_says_what_the_patches_cost(page, inside, trained, qtbot):
    why = page.why
    if not why.comparing:
        QTest.mouseClick(page.comparison.fold, LEFT)
    done(inside, qtbot)
    lead = lens_of(trained).show(Asked(Occlusion(target=why.number, against=why.other)), inside.look.pixels)
    np.testing.assert_allclose(why.lead.losses, lead.losses, rtol=1e-3, atol=1e-4)
    said = page.comparison.said.text()
    assert ("A: Covering" in said) == (lead.most.loss > 0)
    assert ("B: Covering" in said) == (lead.least.loss < 0)


def test_figures_state_what_they_show_in_files_and_on_the_clipboard(page, inside, tmp_path):
    lines = caption(page.why, Sheet())
    assert lines[0] == "Grad-CAM, Saliency, Guided backprop, Occlusion"
    assert lines[1].startswith("small · run 1, epoch 3 · layer conv1 · class ")
    for ending in (".svg", ".pdf", ".png"):
        inside.method.export.write(tmp_path / f"why{ending}")
    assert all(line in (tmp_path / "why.svg").read_text("utf-8") for line in lines)
    assert (tmp_path / "why.pdf").read_bytes().startswith(b"%PDF")
    with Image.open(tmp_path / "why.png") as image:
        assert image.info["Description"] == "\n".join(lines)
        assert image.width >= 2 * 4 * 215
    page.cards.setFocus()
    QTest.keyClick(page.cards, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().image().width() == image.width


def test_without_an_image_it_says_what_to_do(inside, seen):
    inside.set_active(True)
    inside.look.forget_image()
    inside.look.reset.emit()
    inside.maps.tabs.show_page(WHY)
    assert inside.maps.why.sentence.text() == "Draw a digit or open an image."


def test_random_weights_are_called_untrained(inside, seen, qtbot):
    inside.why.set_sanity(False)
    inside.set_active(True)
    seen()
    inside.maps.tabs.show_page(WHY)
    done(inside, qtbot)
    assert inside.maps.why.notes.sentences[0].startswith("The weights are untrained")
    assert isinstance(inside.why.evidence(Asked(GradCam(target=inside.why.number), inside.look.node)), ClassMap)
