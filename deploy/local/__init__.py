"""What runs on this machine alone: private servers, child processes, free ports.

Used by `make test` and `make up-local`; the embedded mode needs none of it.
"""
