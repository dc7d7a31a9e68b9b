#include <nlohmann/json.hpp>

#include "wayout/io/keys.hpp"
#include "wayout/model/parts.hpp"

namespace wayout {
namespace {

using Json = nlohmann::ordered_json;

Json ref(const std::string& name) { return {{"$ref", "#/$defs/" + name}}; }
Json list_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }
Json any_of(std::vector<Json> choices) { return {{"anyOf", std::move(choices)}}; }
Json table_of(Json values) {
  return {{"type", "object"}, {"minProperties", 1}, {"additionalProperties", std::move(values)}};
}
const Json kText = {{"type", "string"}};
const Json kFlag = {{"type", "boolean"}};
const Json kWhole = {{"type", "integer"}};
const Json kName = {{"type", "string"}, {"minLength", 1}};

Json words(const Key& key) { return {{"type", "string"}, {"enum", split_words(key.words)}}; }
Json number(const Key& key) { return ref(key.negative ? "number" : "size"); }

/// What a key takes. The editor's check is a little wider than the reader's: ids of other parts,
/// expressions and what belongs to which method are left to the reader.
Json value(const Key& key) {
  const std::string part(key.part);
  switch (key.type) {
    case KeyType::Flag:
      return kFlag;
    case KeyType::Whole:
      return key.name == "format" ? Json{{"const", 1}} : kWhole;
    case KeyType::Text:
      return kText;
    case KeyType::Texts:
      return any_of({kText, list_of(kText)});
    case KeyType::Id:
      return ref("id");
    case KeyType::Levels:
      return any_of({ref("id"), list_of(ref("id"))});
    case KeyType::Name:
      return kName;
    case KeyType::Names:
      return any_of({kName, list_of(kName)});
    case KeyType::Word:
      return words(key);
    case KeyType::Condition:
      return ref("condition");
    case KeyType::FlagOrCondition:
      return any_of({kFlag, ref("condition")});
    case KeyType::Conditions:
      return any_of({ref("condition"), list_of(ref("condition"))});
    case KeyType::Number:
      return number(key);
    case KeyType::NumberOrInf:
      return number(key);
    case KeyType::Numbers:
      return list_of(number(key));
    case KeyType::NumberTable:
      return table_of(number(key));
    case KeyType::Shares:
      return any_of({kName, table_of(ref("size"))});
    case KeyType::Level:
      return ref("level");
    case KeyType::LevelList:
      return any_of({ref("level"), list_of(ref("level"))});
    case KeyType::LevelTable:
      return table_of(ref("level"));
    case KeyType::Profile:
      return any_of({words(key), table_of(words(key))});
    case KeyType::Date:
      return {{"type", "string"}, {"format", "date"}};
    case KeyType::Order:
      return list_of(any_of({kWhole, list_of(kWhole)}));
    case KeyType::Wholes:
      return list_of(kWhole);
    case KeyType::Arcs: {
      Json pair = list_of(kWhole);
      pair["minItems"] = 2;
      pair["maxItems"] = 2;
      return list_of(pair);
    }
    case KeyType::Part:
      return ref(part);
    case KeyType::Parts:
      return list_of(ref(part));
    case KeyType::Statements:
      return any_of({ref("condition"), list_of(any_of({ref("condition"), ref(part)}))});
    case KeyType::Effects:
      return list_of(ref("effect"));
    case KeyType::Test:
      return ref("test");
    case KeyType::Tests: {
      Json tests = list_of(ref("test"));
      tests["minItems"] = 1;
      return tests;
    }
  }
  return Json::object();
}

Json object(const PartKeys& part) {
  Json out = {{"type", "object"}, {"description", std::string(part.about)}};
  Json properties = Json::object();
  Json required = Json::array();
  for (const Key* key : all_keys(part)) {
    Json schema = value(*key);
    schema["description"] = std::string(key->about);
    if (!key->fallback.empty()) schema["default"] = Json::parse(key->fallback);
    properties[std::string(key->name)] = std::move(schema);
    if (key->required) required.push_back(std::string(key->name));
  }
  out["properties"] = std::move(properties);
  if (!required.empty()) out["required"] = std::move(required);
  // A statement carries its criteria, whatever they are called.
  out["additionalProperties"] = part.name == "statement" ? ref("number") : Json(false);
  // The parts, not the effects of the same name.
  if (part.head && part.name == "rule")
    out["oneOf"] = {{{"required", {"never"}}}, {{"required", {"forbid"}}}};
  if (part.head && part.name == "tempo")
    out["oneOf"] = {{{"required", {"party"}}}, {{"required", {"track"}}}};
  return out;
}

Json choice(std::string_view what, std::span<const PartKeys> kinds, const std::string& prefix,
            Json& definitions) {
  Json refs = Json::array();
  for (const PartKeys& kind : kinds) {
    const std::string name = prefix + std::string(kind.name);
    definitions[name] = object(kind);
    refs.push_back(ref(name));
  }
  return {{"description", std::string(what)}, {"oneOf", std::move(refs)}};
}

}  // namespace

std::string json_schema() {
  Json definitions = Json::object();
  definitions["id"] = {{"type", "string"}, {"pattern", "^[a-z][a-z0-9_]{0,63}$"}};
  definitions["condition"] = {
      {"type", "string"},
      {"pattern", "\\S"},
      {"description", "an expression such as \"treaty and patrols <= some\""}};
  definitions["level"] = any_of({kFlag, kWhole, kName});
  definitions["level"]["description"] = "true, false, or a level's number or name";
  definitions["number"] = any_of({{{"type", "number"}}, ref("range"), ref("about")});
  definitions["number"]["description"] = "a number or a range";
  definitions["size"] = any_of({{{"type", "number"}, {"minimum", 0}}, ref("range"), ref("about")});
  definitions["size"]["description"] = "a number or a range, not negative";
  const auto parts = part_kinds();
  for (const PartKeys& part : parts.subspan(1)) definitions[std::string(part.name)] = object(part);
  definitions["effect"] =
      choice("one change to the dispute", effect_kinds(), "effect_", definitions);
  definitions["test"] = choice("what a claim is tested by", test_kinds(), "test_", definitions);

  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "wayout case file, format 1"}};
  const Json whole = object(parts[0]);
  for (const auto& [key, entry] : whole.items()) schema[key] = entry;
  schema["$defs"] = std::move(definitions);
  return schema.dump(2) + "\n";
}

}  // namespace wayout
