"""What a day was like, from readings and from what the person said."""
