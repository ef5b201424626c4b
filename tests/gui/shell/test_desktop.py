"""A machine without a desktop gets a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import LayerloomError
from gui.shell.desktop import libraries_of_the_desktop

MAIN = Path(__file__).parents[3] / "main.py"


def opened(place, **environment):
    """``python main.py`` in another environment."""
    return subprocess.run(
        [sys.executable, str(MAIN)],
        cwd=place,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_without_a_screen_the_window_says_so(tmp_path):
    done = opened(tmp_path, QT_QPA_PLATFORM="none")
    assert done.returncode == 2
    assert done.stderr.startswith("There is no screen to open the window on")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt brings what it loads")
def test_a_missing_system_library_is_named_with_what_to_install(tmp_path):
    (tmp_path / "libEGL.so.1").touch()
    done = opened(tmp_path, LD_LIBRARY_PATH=str(tmp_path))
    assert done.returncode == 2
    assert "libEGL.so.1" in done.stderr
    assert "apt-get install libegl1" in done.stderr
    assert done.stderr.count("\n") == 1


def test_any_other_failed_import_stays_what_it_is():
    with pytest.raises(ImportError) as caught, libraries_of_the_desktop():
        import no_such_module  # noqa: F401
    assert not isinstance(caught.value, LayerloomError)
