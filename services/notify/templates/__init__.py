"""The words of every message: one file for each kind and language."""

from functools import cache
from importlib.resources import files


@cache
def template_of(kind: str, language: str) -> str:
    return files(__name__).joinpath(f"{kind}.{language}.txt").read_text(encoding="utf-8")
