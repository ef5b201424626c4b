"""The augmentation steps of the open project: their list, presets, what to add, what they cost."""
