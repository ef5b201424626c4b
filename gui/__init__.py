"""The window. It never imports torch: it gets numpy arrays and frozen values."""

from gui.overrides import keep_errors_whole

keep_errors_whole()  # before any class of the window is made
