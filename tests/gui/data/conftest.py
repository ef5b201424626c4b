"""Panels in a shown window of their own, over a small drawing."""

from panel_parts import document, network, show, styled_panels

__all__ = ["document", "network", "show", "styled_panels"]
