"""Around the open document: commands, menus, toolbar, docks, files, recovery."""
