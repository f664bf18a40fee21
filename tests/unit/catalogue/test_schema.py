"""The JSON Schema for editors is the committed one and says the same as the reader."""

import json
from pathlib import Path
from typing import Any

from alerts.catalogue import schema
from alerts.catalogue.model import CatalogueModel, FeedModel, Inherited

COMMITTED = Path(__file__).parents[3] / "docs" / "feeds.schema.json"


def test_the_committed_schema_is_the_one_that_the_models_make() -> None:
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == schema()


def test_the_schema_is_draft_07_without_later_words() -> None:
    text = json.dumps(schema())
    assert schema()["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "$defs" not in text and "prefixItems" not in text


def test_every_key_has_a_description_and_every_optional_one_its_default() -> None:
    definitions: Any = schema()["definitions"]
    for name, definition in definitions.items():
        for key, value in definition["properties"].items():
            assert value.get("description"), (name, key)
            assert key in definition.get("required", ()) or "default" in value or key == "dates", (name, key)


def test_defaults_are_shown_as_an_admin_writes_them() -> None:
    definitions: Any = schema()["definitions"]
    shown = {
        key: definitions["FeedModel"]["properties"][key]["default"]
        for key in ("interval", "max_bytes", "look_back")
    }
    assert shown == {"interval": "60m", "max_bytes": "10MiB", "look_back": "7d"}


def test_unknown_keys_are_refused_everywhere() -> None:
    definitions: Any = schema()["definitions"]
    assert schema()["additionalProperties"] is False
    assert all(definition["additionalProperties"] is False for definition in definitions.values())


def test_every_inherited_setting_is_a_setting_of_a_feed() -> None:
    assert set(Inherited.model_fields) < set(FeedModel.model_fields)
    assert set(CatalogueModel.model_fields) == {"version", "defaults", "feeds"}
