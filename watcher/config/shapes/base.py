"""What all shapes have in common."""

from collections.abc import Mapping
from typing import ClassVar, Self, get_args

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A mapping in a file: keys that it does not name are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    not_yet: ClassVar[Mapping[str, str]] = {}  # keys that are planned, and what to do till then

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """List the keys as files write them."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    @classmethod
    def inside(cls, key: str) -> "type[Shape] | None":
        """Find the shape of the value under a key, where it has one."""
        for name, field in cls.model_fields.items():
            if key == (field.alias or name):
                return _shape_in(field.annotation)
        return None

    def given(self) -> Mapping[str, object]:
        """List the values that the file gives, without those that are defaults."""
        return {name: getattr(self, name) for name in sorted(self.model_fields_set)}

    @classmethod
    def empty(cls) -> Self:
        """Make one with nothing but defaults."""
        return cls.model_validate({})


def _shape_in(annotation: object) -> type[Shape] | None:
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return annotation
    found = (_shape_in(inner) for inner in get_args(annotation))
    return next((shape for shape in found if shape is not None), None)
