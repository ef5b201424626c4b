"""Evaluate: how good the run in view is, and on which images it errs."""
