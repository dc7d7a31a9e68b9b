// Every case of catalog/, as .toml and as .gmcr, against the tables of its source: expected.json
// says under which concepts and which convention on sanctions each table stands, and whether it was
// published or is what the definition gives where the two differ (catalog/README.md).
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <ostream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "wayout/io/case_file.hpp"
#include "wayout/io/gmcr.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/stability/full.hpp"
#include "wayout/stability/reference.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout {
namespace {

namespace ref = reference;
using Json = nlohmann::json;

std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct CatalogFile {
  std::filesystem::path folder;
  std::string file;
  friend std::ostream& operator<<(std::ostream& out, const CatalogFile& c) {
    return out << (c.folder / c.file).string();
  }
};

std::vector<CatalogFile> case_files() {
  std::vector<CatalogFile> out;
  for (const auto& entry : std::filesystem::directory_iterator("catalog"))
    if (entry.is_directory())
      for (const char* file : {"case.gmcr", "case.toml"}) out.push_back({entry.path(), file});
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.folder / a.file < b.folder / b.file; });
  return out;
}

Parts read_parts(const CatalogFile& c) {
  const auto path = c.folder / c.file;
  if (path.extension() == ".toml") {
    auto file = read_case(path.string());
    if (!file) throw std::runtime_error(file.error()[0].message);
    return file->parts;
  }
  auto parts = read_gmcr(file_text(path), path.string());
  if (!parts) throw std::runtime_error(parts.error()[0].message);
  return *parts;
}

/// The numbers of the source's states, by place among the feasible states.
class Numbers {
 public:
  Numbers(const Json& expected, const ref::Model& model) {
    for (const auto& s : expected["states"]) {
      const auto place = ref::find(model, s["values"].get<ref::Levels>());
      EXPECT_TRUE(place) << "state " << s["state"] << " is infeasible";
      if (place) by_number_[s["state"].get<int>()] = *place;
    }
    EXPECT_EQ(by_number_.size(), ref::size(model));
  }
  std::size_t place(int number) const { return by_number_.at(number); }
  std::set<int> numbers(const std::vector<bool>& states) const {
    std::set<int> out;
    for (const auto& [number, place] : by_number_)
      if (states[place]) out.insert(number);
    return out;
  }

 private:
  std::map<int, std::size_t> by_number_;
};

class Catalog : public ::testing::TestWithParam<CatalogFile> {
 protected:
  void SetUp() override {
    expected_ = Json::parse(file_text(GetParam().folder / "expected.json"));
    parts_ = read_parts(GetParam());
    const auto model = ref::make(parts_);
    ASSERT_TRUE(model) << model.error()[0].message;
    model_ = *model;
    ASSERT_EQ(expected_["parties"].size(), parts_.parties.size());
    for (std::size_t p = 0; p < parts_.parties.size(); ++p)
      EXPECT_EQ(parts_.parties[p].id, expected_["parties"][p].get<std::string>());
  }

  std::size_t party(const std::string& id) const {
    for (std::size_t p = 0; p < parts_.parties.size(); ++p)
      if (parts_.parties[p].id == id) return p;
    throw std::runtime_error("no party " + id);
  }

  State state_of(const Conflict& conflict, std::size_t place) const {
    State s;
    const auto& levels = ref::levels(*model_, place);
    for (const OptionId o : conflict.options()) s = conflict.with_level(s, o, levels[o.index()]);
    return s;
  }

  Json expected_;
  Parts parts_;
  ref::ModelPtr model_;
};

TEST_P(Catalog, Rankings) {
  const Numbers numbers(expected_, *model_);
  const auto conflict = build(parts_);
  ASSERT_TRUE(conflict) << conflict.error()[0].message;
  for (const auto& [id, order] : expected_["rankings"].items()) {
    SCOPED_TRACE(id);
    const auto ranks = ref::ranks(*model_, party(id));
    for (std::size_t rank = 0; rank < order.size(); ++rank)
      for (const auto& number : order[rank])
        EXPECT_EQ(ranks[numbers.place(number.get<int>())], static_cast<int>(rank) + 1)
            << "state " << number;
    const auto state = [&](const Json& tie) {
      return state_of(*conflict, numbers.place(tie[0].get<int>()));
    };
    for (std::size_t rank = 1; rank < order.size(); ++rank)
      EXPECT_TRUE(conflict->better(PartyId(party(id)), state(order[rank - 1]), state(order[rank])));
  }
}

/// Compares every table with what `stable_states` finds for a party, concept and convention.
void expect_tables(const Json& expected, const Numbers& numbers, const Parts& parts,
                   const std::function<std::vector<bool>(std::size_t party, Concept wanted,
                                                         Sanctions sanctions)>& stable_states) {
  for (const auto& table : expected["tables"]) {
    for (const auto& convention : table["sanctions"]) {
      SCOPED_TRACE(table["concepts"].dump() + " " + convention.dump());
      const Sanctions sanctions = *parse_sanctions(convention.get<std::string>());
      std::vector<bool> equilibrium(expected["states"].size(), true);
      for (std::size_t p = 0; p < parts.parties.size(); ++p) {
        std::vector<bool> stable(equilibrium.size(), false);
        for (const auto& name : table["concepts"]) {
          const auto under = stable_states(p, *parse_concept(name.get<std::string>()), sanctions);
          for (std::size_t s = 0; s < stable.size(); ++s) stable[s] = stable[s] || under[s];
        }
        for (std::size_t s = 0; s < stable.size(); ++s)
          equilibrium[s] = equilibrium[s] && stable[s];
        if (!table.contains("stable")) continue;
        EXPECT_EQ(numbers.numbers(stable),
                  table["stable"][parts.parties[p].id].get<std::set<int>>())
            << parts.parties[p].id;
      }
      EXPECT_EQ(numbers.numbers(equilibrium), table["equilibria"].get<std::set<int>>());
    }
  }
}

TEST_P(Catalog, TablesOfTheReference) {
  expect_tables(expected_, Numbers(expected_, *model_), parts_,
                [&](std::size_t p, Concept wanted, Sanctions sanctions) {
                  const auto answers = ref::answers(*model_, p, sanctions);
                  std::vector<bool> stable;
                  for (std::size_t s = 0; s < ref::size(*model_); ++s)
                    stable.push_back(ref::stable(*model_, p, s, wanted, answers));
                  return stable;
                });
}

TEST_P(Catalog, TablesOfTheFullEngine) {
  const auto conflict = build(parts_);
  ASSERT_TRUE(conflict) << conflict.error()[0].message;
  const auto space = StateIndex::make(*conflict).index;
  ASSERT_TRUE(space);
  ASSERT_EQ(space->size(), ref::size(*model_));
  expect_tables(expected_, Numbers(expected_, *model_), parts_,
                [&](std::size_t p, Concept wanted, Sanctions sanctions) {
                  FullSettings settings;
                  settings.concepts = {wanted};
                  settings.sanctions = sanctions;
                  const FullStability result = full_stability(*conflict, space, settings);
                  EXPECT_EQ(result.end, End::Complete);
                  std::vector<bool> stable;  // both number the feasible states in ascending order
                  for (std::uint64_t s = 0; s < space->size(); ++s)
                    stable.push_back(result.is_stable(PartyId(p), space->at(s), wanted));
                  return stable;
                });
}

TEST_P(Catalog, TablesOfSingleVerdicts) {
  const auto conflict = build(parts_);
  ASSERT_TRUE(conflict) << conflict.error()[0].message;
  expect_tables(expected_, Numbers(expected_, *model_), parts_,
                [&](std::size_t p, Concept wanted, Sanctions sanctions) {
                  VerdictSettings settings;
                  settings.sanctions = sanctions;
                  std::vector<bool> stable;
                  for (std::size_t s = 0; s < ref::size(*model_); ++s) {
                    RowSpace space(*conflict);
                    const auto v =
                        verdict(space, PartyId(p), state_of(*conflict, s), wanted, settings);
                    EXPECT_EQ(v.end, End::Complete);
                    stable.push_back(v.stable);
                  }
                  return stable;
                });
}

/// In how many profiles, each party's first entries in every order, the desired state is an
/// equilibrium: under one opponent, one move, as the sources count.
TEST_P(Catalog, InverseCounts) {
  // Inverse counts permute rankings; the statement files of the same cases have none.
  const auto& preferences = parts_.preferences;
  if (std::any_of(preferences.begin(), preferences.end(),
                  [](const auto& p) { return p.method != Method::Ranking; }))
    return;
  for (const auto& inverse : expected_["inverse"]) {
    if (inverse["profiles"].get<int>() > 1000) continue;
    SCOPED_TRACE("desired state " + inverse["desired"].dump());
    Parts parts = parts_;
    std::vector<std::size_t> varied;
    for (std::size_t p = 0; p < parts.preferences.size(); ++p) {
      ASSERT_EQ(parts.preferences[p].method, Method::Ranking);
      if (inverse["varied"].contains(parts.preferences[p].party)) varied.push_back(p);
    }
    std::map<std::string, int> counts;
    int profiles = 0;
    std::vector<std::vector<std::int64_t>> start;
    const auto visit = [&](auto&& self, std::size_t k) -> void {
      if (k < varied.size()) {
        auto& order = parts.preferences[varied[k]].order;
        const auto original = order;
        const std::size_t entries = std::min<std::size_t>(
            order.size(), inverse["varied"][parts.preferences[varied[k]].party].get<std::size_t>());
        std::vector<std::size_t> places(entries);
        for (std::size_t i = 0; i < entries; ++i) places[i] = i;
        do {
          for (std::size_t i = 0; i < entries; ++i) order[i] = original[places[i]];
          self(self, k + 1);
        } while (std::next_permutation(places.begin(), places.end()));
        order = original;
        return;
      }
      ++profiles;
      const auto model = ref::make(parts);
      ASSERT_TRUE(model);
      const std::size_t desired = inverse["desired"].get<std::size_t>() - 1;
      for (const auto& [name, count] : inverse["definition"].items()) {
        bool stable = true;
        for (std::size_t p = 0; p < parts.parties.size() && stable; ++p)
          stable = ref::stable(**model, p, desired, *parse_concept(name), Sanctions::Single);
        counts[name] += stable ? 1 : 0;
      }
    };
    visit(visit, 0);
    EXPECT_EQ(profiles, inverse["profiles"].get<int>());
    for (const auto& [name, count] : inverse["definition"].items())
      EXPECT_EQ(counts[name], count.get<int>()) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Catalog, ::testing::ValuesIn(case_files()), [](const auto& test) {
  std::string name = test.param.folder.filename().string() + "_" + test.param.file;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

}  // namespace
}  // namespace wayout
