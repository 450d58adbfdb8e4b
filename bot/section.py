"""What every section of the settings is made of."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of the file: nothing unknown, nothing changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
