"""An evaluation as a file to keep and hand on: HTML or PDF, with everything that is needed to repeat it."""
