"""The description of the read API as a page for people: ``/api/docs``, made from the OpenAPI document, without a script."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from alerts.web.looks import Looks, Reader

READ = ["GET", "HEAD"]
Schema = Mapping[str, Any]  # a part of an OpenAPI document
REF = "#/components/schemas/"
EXAMPLE = "/items?jurisdiction=asean&kind=risk-warning&right=trademark&limit=10"


@dataclass(frozen=True, slots=True)
class Sort:
    """Of what sort a value is: a plain word of JSON or the name of a model; ``many``: a list of them, ``empty``: it may be null."""

    word: str
    model: str | None = None
    many: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a question, or a value of an answer. ``limits`` is what it must keep to."""

    name: str
    sort: Sort
    about: str
    required: bool
    limits: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One address and what it answers."""

    path: str
    summary: str
    about: str
    fields: tuple[Field, ...]
    answer: str | None


@dataclass(frozen=True, slots=True)
class Model:
    """One form of an answer; of a list of words the words."""

    name: str
    about: str
    fields: tuple[Field, ...]
    words: tuple[str, ...]


class ApiPage:
    """Answers people who want to know what the API can be asked."""

    def __init__(self, looks: Looks, spec: Callable[[], Schema], root: str) -> None:
        self._looks = looks
        self._spec = spec
        self._root = root

    def routes(self) -> APIRouter:
        """Return the address of the page."""
        router = APIRouter()
        router.add_api_route("/api/docs", self.page, methods=READ)
        return router

    def page(self, request: Request) -> Response:
        """Return the page."""
        spec = self._spec()
        values = {
            "here": "/api/docs",
            "about": spec["info"]["description"],
            "version": spec["info"]["version"],
            "root": self._root,
            "example": EXAMPLE,
            "operations": operations(spec),
            "models": models(spec),
        }
        return self._looks.page("api.html", Reader.of(request), values)


def operations(spec: Schema) -> tuple[Operation, ...]:
    """Return the addresses in their order."""
    return tuple(
        Operation(path, asked["summary"], asked.get("description", ""), _parameters(asked), _answer(asked))
        for path, methods in spec["paths"].items()
        for asked in methods.values()
    )


def models(spec: Schema) -> tuple[Model, ...]:
    """Return the forms of answers by name."""
    return tuple(
        Model(name, schema.get("description", ""), _properties(schema), tuple(schema.get("enum", ())))
        for name, schema in sorted(spec["components"]["schemas"].items())
    )


def _parameters(asked: Schema) -> tuple[Field, ...]:
    return tuple(
        _field(one["name"], one["schema"], one.get("description", ""), required=one.get("required", False))
        for one in asked.get("parameters", ())
    )


def _properties(schema: Schema) -> tuple[Field, ...]:
    needed = schema.get("required", ())
    found = schema.get("properties", {})
    return tuple(
        _field(name, one, one.get("description", ""), required=name in needed) for name, one in found.items()
    )


def _field(name: str, schema: Schema, about: str, *, required: bool) -> Field:
    return Field(name, _sort(schema), about, required, _limits({**schema, **_chosen(schema)}))


def _answer(asked: Schema) -> str | None:
    content = asked["responses"].get("200", {}).get("content", {}).get("application/json", {})
    return _sort(content.get("schema", {})).model


def _chosen(schema: Schema) -> Schema:
    """Return what a value is where it is there at all."""
    given: Sequence[Schema] = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return given[0] if given else schema


def _sort(schema: Schema) -> Sort:
    chosen = _chosen(schema)
    empty = any(one.get("type") == "null" for one in schema.get("anyOf", ()))
    many = chosen.get("type") == "array"
    inner = chosen.get("items", {}) if many else chosen
    model = str(inner.get("$ref", "")).removeprefix(REF) or None
    return Sort(model or inner.get("format") or inner.get("type") or "object", model, many, empty)


def _limits(schema: Schema) -> str:
    """Return least, most and length, as mathematics writes them."""
    low, high, length = schema.get("minimum"), schema.get("maximum"), schema.get("maxLength")
    parts = (
        [f"≥ {low}"] * (low is not None)
        + [f"≤ {high}"] * (high is not None)
        + [f"≤ {length}"] * (length is not None)
    )
    usual = schema.get("default")
    return ", ".join(parts + ([f"= {usual}"] if usual is not None else []))
