"""The window of all keys."""

from gui.shell.shortcuts_window import ShortcutsWindow


def opened(window):
    return [one for one in window.findChildren(ShortcutsWindow) if one.isVisible()]


def test_the_key_brings_the_one_that_is_open_forward(window, person):
    for _ in range(3):
        window.actions_["shortcuts"].trigger()
    (first,) = opened(window)
    first.showMinimized()
    window.actions_["shortcuts"].trigger()
    assert not first.isMinimized()
    assert opened(window) == [first]
    first.close()
    assert opened(window) == []
    window.actions_["shortcuts"].trigger()
    assert len(opened(window)) == 1
    opened(window)[0].close()
