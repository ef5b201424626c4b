"""The look in force: tokens, palette, style sheet, icons, fonts."""
