"""The connection itself: what is refused before there is a request, and who is cut off."""
