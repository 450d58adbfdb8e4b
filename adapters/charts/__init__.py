"""Pictures by Pillow, with names in the letters in which they are written."""
