"""The base of booking's tables, and column types they share."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import Enum, Identity, MetaData
from sqlalchemy.orm import DeclarativeBase, mapped_column

from services.common.db import NAMING, BigId, Json, UTCDateTime


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UTCDateTime,
        dict[str, Any]: Json,
        list[str]: Json,
        list[int]: Json,
        int: BigId,
    }


Id = Annotated[int, mapped_column(BigId, Identity(), primary_key=True)]


def one_of(kind: type[StrEnum], name: str = "") -> Enum:
    """A column that holds one of these words; text with a check, so that words can be added."""
    return Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda words: [word.value for word in words],
    )
