"""The trainings of the open project: what their events told, what they look like inside, how good they are."""
