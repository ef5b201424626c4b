"""What the window is made of, each declared once: commands and their menus, panels of the docks, workspaces."""
