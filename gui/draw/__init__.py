"""Draw: the canvas and the panels that speak of the drawing."""
