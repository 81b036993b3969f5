"""Who asks: the secrets tokens are signed with, and what a token must meet to be believed."""
