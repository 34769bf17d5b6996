"""What ``python -m training`` offers: a module a command, with what it asks for and what it does."""
