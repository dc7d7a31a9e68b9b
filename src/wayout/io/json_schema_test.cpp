#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "wayout/io/keys.hpp"

namespace wayout {
namespace {

TEST(JsonSchema, HasEveryKey) {
  const auto schema = nlohmann::json::parse(json_schema());
  EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
  const auto check = [&](const nlohmann::json& object, const PartKeys& part) {
    for (const Key* key : all_keys(part)) {
      EXPECT_TRUE(object["properties"].contains(std::string(key->name)))
          << part.name << "." << key->name;
      EXPECT_EQ(object["properties"][std::string(key->name)]["description"],
                std::string(key->about));
    }
    EXPECT_EQ(object["properties"].size(), all_keys(part).size()) << part.name;
  };
  check(schema, part_keys("case"));
  for (const PartKeys& part : part_kinds().subspan(1))
    check(schema["$defs"][std::string(part.name)], part);
  for (const PartKeys& part : effect_kinds())
    check(schema["$defs"]["effect_" + std::string(part.name)], part);
  for (const PartKeys& part : test_kinds())
    check(schema["$defs"]["test_" + std::string(part.name)], part);
}

/// Every "$ref" leads somewhere.
void references(const nlohmann::json& node, const nlohmann::json& schema) {
  if (node.is_object() && node.contains("$ref") && node["$ref"].is_string()) {
    EXPECT_TRUE(
        schema.contains(nlohmann::json::json_pointer(node["$ref"].get<std::string>().substr(1))))
        << node["$ref"];
  }
  if (node.is_structured())
    for (const auto& child : node) references(child, schema);
}

TEST(JsonSchema, ReferencesLeadSomewhere) {
  const auto schema = nlohmann::json::parse(json_schema());
  references(schema, schema);
}

TEST(JsonSchema, TheFileForEditorsIsTheSame) {
  std::ifstream in("docs/schema/case.schema.json", std::ios::binary);
  ASSERT_TRUE(in.good());
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_EQ(text.str(), json_schema()) << "run: wayout schema > docs/schema/case.schema.json";
}

}  // namespace
}  // namespace wayout
