"""What an administrator learns from readings, and the admin in which it is shown."""
