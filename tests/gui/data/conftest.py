"""Panels in a shown window of their own, over a small drawing and its data."""

from data_parts import data, folder, panel, read, sheet
from panel_parts import document, network, show, styled_panels

__all__ = ["data", "document", "folder", "network", "panel", "read", "sheet", "show", "styled_panels"]
