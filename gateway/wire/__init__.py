"""The contract's words and shapes: pure functions and marshmallow schemas, no Flask.

Requests come in through schemas (``…QuerySchema``, ``…BodySchema``), snapshots
of our services go out through functions named after what they make. Each such
function stands next to the schema that documents it; a test holds them together.
"""
