"""Every colour, size and font of the window; no colour literal lives anywhere else."""

from __future__ import annotations

from dataclasses import dataclass, fields

from engine.families import Family


@dataclass(frozen=True, slots=True)
class Theme:
    """The colour tokens of one theme, as "#RRGGBB"."""

    name: str
    window: str  # menu bar, status bar
    panel: str  # docks, toolbar
    canvas: str  # node canvas, picture wells
    raised: str  # nodes, buttons, tooltips
    field: str  # text fields
    hover: str  # hovered rows and nodes
    line: str  # separators, grid lines of charts
    line2: str  # node and button borders
    wire: str  # wires, field borders, port rings
    dot: str  # canvas dot grid
    text: str
    muted: str  # secondary text, wire labels
    faint: str  # units, counts; on panel, raised and canvas only
    accent: str  # selection, focus, run 1
    link: str  # text buttons
    primary: str  # filled button
    on_primary: str
    sel: str  # selected row
    err: str
    err_bg: str
    err_text: str  # text on err_bg
    warn: str
    warn_bg: str
    ok: str
    ok_bg: str
    frozen: str
    trainable: str
    focus_pixel: str  # receptive field box
    families: dict[Family, str]
    runs: tuple[str, ...]  # run colours in charts


DARK = Theme(
    name="dark",
    window="#17191D",
    panel="#1D2025",
    canvas="#131518",
    raised="#262A31",
    field="#15171B",
    hover="#2E333C",
    line="#30353E",
    line2="#464D59",
    wire="#6B7482",
    dot="#22262C",
    text="#E6E9EE",
    muted="#A3ACB9",
    faint="#8A94A3",
    accent="#5C9DFF",
    link="#7DB0FF",
    primary="#2F6BD8",
    on_primary="#FFFFFF",
    sel="#22324D",
    err="#FF7A7A",
    err_bg="#3A2226",
    err_text="#FFB3B3",
    warn="#F2B84B",
    warn_bg="#352C1B",
    ok="#4CC38A",
    ok_bg="#1B3228",
    frozen="#9CC7E6",
    trainable="#F0A060",
    focus_pixel="#FFA000",
    families={
        Family.INPUT_OUTPUT: "#D0EBF6",
        Family.CONVOLUTION: "#436CFF",
        Family.POOLING: "#45FBC2",
        Family.LINEAR: "#E2A2FF",
        Family.ACTIVATION: "#CE6B0B",
        Family.NORMALISATION: "#3CA1B1",
        Family.REGULARISATION: "#9E946F",
        Family.MERGE: "#FCB902",
        Family.SHAPE: "#94687D",
    },
    runs=("#5C9DFF", "#F2B84B", "#B7A6FF", "#4CC38A", "#FF9AB8", "#8A94A3"),
)

LIGHT = Theme(
    name="light",
    window="#ECEEF1",
    panel="#FFFFFF",
    canvas="#F6F7F9",
    raised="#FFFFFF",
    field="#FFFFFF",
    hover="#EDF0F4",
    line="#D8DCE2",
    line2="#B2BAC5",
    wire="#7F8896",
    dot="#E4E7EB",
    text="#1B1F26",
    muted="#4F5967",
    faint="#667080",
    accent="#1F5FD0",
    link="#1F5FD0",
    primary="#1F5FD0",
    on_primary="#FFFFFF",
    sel="#DFEAFB",
    err="#C42B32",
    err_bg="#FBE9EA",
    err_text="#C42B32",
    warn="#8F5B00",
    warn_bg="#FBF0DC",
    ok="#136F41",
    ok_bg="#E2F4EA",
    frozen="#2B6C99",
    trainable="#B4510B",
    focus_pixel="#FFA000",
    families={
        Family.INPUT_OUTPUT: "#758F99",
        Family.CONVOLUTION: "#0D2E71",
        Family.POOLING: "#00A57E",
        Family.LINEAR: "#8344D8",
        Family.ACTIVATION: "#672204",
        Family.NORMALISATION: "#376270",
        Family.REGULARISATION: "#815F42",
        Family.MERGE: "#A79221",
        Family.SHAPE: "#4C333D",
    },
    runs=("#1F5FD0", "#8F5B00", "#6D46C9", "#136F41", "#B3306B", "#667080"),
)

FAMILY_ICONS = {
    Family.INPUT_OUTPUT: "mdi6.tray-arrow-down",
    Family.CONVOLUTION: "mdi6.dots-grid",
    Family.POOLING: "mdi6.arrow-collapse-all",
    Family.LINEAR: "mdi6.transit-connection-variant",
    Family.ACTIVATION: "mdi6.chart-bell-curve",
    Family.NORMALISATION: "mdi6.blur-linear",
    Family.REGULARISATION: "mdi6.dice-multiple-outline",
    Family.MERGE: "mdi6.set-merge",
    Family.SHAPE: "mdi6.resize",
}
BLOCK_ICON = "mdi6.card-multiple-outline"

COLOURS = tuple(f.name for f in fields(Theme) if f.name not in ("name", "families", "runs"))
"""Names of the single-colour tokens."""
