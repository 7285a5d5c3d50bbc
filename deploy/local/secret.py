"""Passwords that a private server and its later self share."""

import os
import secrets
from pathlib import Path


def kept_secret(path: Path) -> str:
    """The secret in the file, which is made, readable by its owner alone, when there is none."""
    if path.exists() and (known := path.read_text()):
        return known
    path.parent.mkdir(parents=True, exist_ok=True)
    secret = secrets.token_hex(24)
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
    return secret
