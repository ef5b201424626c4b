"""The recipe of the next run: its form, its presets, the course of its learning rate."""
