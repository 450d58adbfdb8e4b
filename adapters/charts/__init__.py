"""Pictures by Pillow, with no font but its own."""
