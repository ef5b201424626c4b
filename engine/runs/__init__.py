"""Trainings as they are kept: run folders, checkpoints, sessions and the thread that trains."""
