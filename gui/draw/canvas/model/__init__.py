"""What the canvas draws, as plain values: places, routes, words."""
