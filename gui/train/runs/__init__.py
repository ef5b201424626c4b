"""The trainings of the open project: what their events told and where they are kept."""
