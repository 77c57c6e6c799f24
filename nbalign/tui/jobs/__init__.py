"""Jobs on the screen: a word about the one under way in every room, a dialog with all of them, a notice at the end."""
