"""The words of every message: one file for each kind and language.

About an appointment: a title, an empty line, the text, to which a message adds
the greeting. French has a no-break space before : ; ? and !.
"""

from functools import cache
from importlib.resources import files


@cache
def template_of(name: str, language: str) -> str:
    return files(__name__).joinpath(f"{name}.{language}.txt").read_text(encoding="utf-8")
