"""Page one of the letter: complete, and in one order for every reader."""
