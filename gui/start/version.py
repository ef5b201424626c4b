"""The version that the window shows and the package has."""

VERSION = "0.1.0"
