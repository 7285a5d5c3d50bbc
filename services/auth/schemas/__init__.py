"""The shapes of auth's requests and events, a module for each subject."""
