"""Starting and running Kabinet: command line, embedded launcher, local servers, demo data."""

import warnings

# We know that eventlet is at its end; it is why so few files know it: docs/adr/0002.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
