"""The version that the window shows."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("layerloom")
except PackageNotFoundError:  # run from a folder that was never installed
    VERSION = "development"
