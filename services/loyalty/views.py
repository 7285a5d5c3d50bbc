"""What loyalty shows: nothing yet."""
