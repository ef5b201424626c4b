import subprocess
import sys

import pytest

from gui.draw.canvas.items.paints import icon_name
from gui.style import icons
from gui.style.appearance import appearance
from gui.style.theme import FAMILY_ICONS


@pytest.mark.parametrize("name", [*FAMILY_ICONS.values(), icon_name(None), "mdi6.play"])
def test_an_icon_is_drawn_in_its_colour_and_nothing_else(name, qapp):
    picture = icons.icon(name, "#ff0000").pixmap(32, 32).toImage()
    colours = {picture.pixelColor(x, y).getRgb() for x in range(32) for y in range(32)}
    assert {alpha for *_, alpha in colours} > {0, 255}
    assert all(red > 250 and not green and not blue for red, green, blue, alpha in colours if alpha > 128)


@pytest.mark.parametrize("size", [14, 16, 18, 48])
def test_icons_look_as_the_library_draws_them(size, qapp):
    import qtawesome

    ours = appearance().icon("mdi6.chart-line", "text").pixmap(size, size).toImage()
    theirs = qtawesome.icon("mdi6.chart-line", color=appearance().theme.text).pixmap(size, size).toImage()
    assert ours == theirs


def test_an_unknown_icon_is_an_error(qapp):
    with pytest.raises(KeyError):
        icons.icon("mdi6.no-such-icon", "#ff0000")


def test_the_window_does_without_the_library_itself():
    code = "import gui.shell.main_window, sys; print('qtawesome' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
