"""The panels of Evaluate: figures, the confusion matrix with its images, and the classes."""
