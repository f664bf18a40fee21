"""The JSON Schema of feeds.yaml, for editors: draft-07, which yaml-language-server reads everywhere."""

from alerts.catalogue.model import CatalogueModel

Json = dict[str, object]


def schema() -> Json:
    """Return the schema, made from the models; ``docs/feeds.schema.json`` is a copy of it."""
    made = CatalogueModel.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    definitions = made.pop("$defs")
    for part in (definitions, made):
        _tidy(part)
    definitions["FeedModel"]["allOf"] = [_needs("json"), _needs("page")]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "feeds.yaml",
        **{key: value for key, value in made.items() if key != "title"},
        "definitions": definitions,
    }


def _needs(kind: str) -> Json:
    """Return the condition that a feed of type ``kind`` has its mapping, and others have not."""
    is_kind: Json = {"properties": {"type": {"const": kind}}, "required": ["type"]}
    return {"if": is_kind, "then": {"required": [kind]}, "else": {"not": {"required": [kind]}}}


def _tidy(node: object) -> None:
    """Drop titles that are the key written again, and wrap references, in place.

    Draft-07 ignores what stands beside ``$ref``; inside ``allOf`` the description is seen.
    """
    if isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        if "$ref" in node and len(node) > 1:
            node["allOf"] = [{"$ref": node.pop("$ref")}]
        for value in node.values():
            _tidy(value)
    elif isinstance(node, list):
        for value in node:
            _tidy(value)
