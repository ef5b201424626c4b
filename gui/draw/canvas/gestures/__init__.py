"""What is done with the mouse on the canvas, one class a gesture."""
