"""What units look for, in the window: cards of all units of a layer, and one of them in full."""
