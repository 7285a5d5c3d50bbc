"""Secrets that are told once and kept as digests."""

import hashlib
import secrets

TOKEN_BYTES = 24


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()
