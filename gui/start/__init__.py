"""What the window shows while no document is open."""
