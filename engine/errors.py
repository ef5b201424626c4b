"""The errors whose text is meant for people: one clear sentence, with the numbers and what to do."""


class LayerloomError(Exception):
    """Something a person can read and act on; the window and the command line show its text as it is."""
