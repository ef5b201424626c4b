"""The sheet: all images of a data set, of which only those in view are read."""
