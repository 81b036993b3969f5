"""What a user may ask, the rules that answer, and the one handler that appends to the log."""
