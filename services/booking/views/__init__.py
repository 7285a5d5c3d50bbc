"""What booking shows: plain data, made for whoever asked."""
