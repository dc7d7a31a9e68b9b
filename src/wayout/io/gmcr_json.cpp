#include <nlohmann/json.hpp>

#include "wayout/base/text.hpp"
#include "wayout/io/gmcr_file.hpp"
#include "wayout/io/json_text.hpp"

namespace wayout {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostFaults = 20;

/// What nlohmann says about a syntax error, without its prefix and without the text it had read
/// (which may be as long as the file).
std::string reason(const std::string& what) {
  std::size_t begin = what.find("syntax error");
  if (begin == std::string::npos) begin = what.find("parse error");
  if (begin == std::string::npos) begin = 0;
  std::string out = what.substr(begin);
  const std::size_t dash = out.find(" - ");
  if (dash != std::string::npos) out = out.substr(dash + 3);
  const std::size_t read = out.find("; last read: ");
  if (read != std::string::npos) {
    const std::size_t expected = out.rfind("'; expected ");
    out = out.substr(0, read) +
          (expected != std::string::npos && expected > read ? out.substr(expected + 1) : "");
  }
  if (out.size() > 200) out = out.substr(0, 200);
  return out;
}

std::string kind_of(const Json& j) {
  switch (j.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "a list";
    case Json::value_t::string:
      return "text";
    case Json::value_t::boolean:
      return "true or false";
    case Json::value_t::discarded:
      return "nothing";
    default:
      return "a number";
  }
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  Result<GmcrFile> run() {
    if (auto bad = check_json_text(text_, file_)) return Unexpected{Errors{std::move(*bad)}};
    Json root;
    try {
      root = Json::parse(text_.begin(), text_.end());
    } catch (const Json::parse_error& e) {
      return syntax(e.byte, reason(e.what()));
    } catch (const Json::exception& e) {
      return syntax(1, reason(e.what()));
    }
    file(root);
    if (!faults_.empty()) return Unexpected{std::move(faults_)};
    return std::move(out_);
  }

 private:
  Unexpected<Errors> syntax(std::size_t byte, const std::string& why) {
    const TextPlace place = place_of(text_, byte > 0 ? byte - 1 : 0);
    Where where;
    where.file = file_;
    where.line = place.line;
    where.column = place.column;
    return fault("json", "the file is not valid JSON: " + why, where);
  }

  bool full() const { return faults_.size() >= kMostFaults; }

  void fault_at(const std::string& path, std::string code, std::string message,
                std::string hint = {}) {
    if (full()) return;
    const TextPlace place = place_of(text_, locate_json(text_, path));
    faults_.push_back({std::move(code), std::move(message),
                       Where{path, -1, file_, place.line, place.column}, std::move(hint),
                       Severity::Fault});
  }

  void wrong_type(const std::string& path, const Json& j, const std::string& wanted) {
    fault_at(path, "type", wanted + " is expected here, and this is " + kind_of(j));
  }

  static std::string at(const std::string& path, std::size_t i) {
    return path + "[" + std::to_string(i) + "]";
  }

  /// The list under `key`, or nullptr: missing (a fault where `needed`) or of another type (a
  /// fault).
  const Json* list(const Json& owner, const std::string& key, const std::string& path,
                   bool needed) {
    const auto it = owner.find(key);
    if (it == owner.end()) {
      if (needed)
        fault_at(parent(path), "missing_key", "'" + key + "' is missing here",
                 "is this a .gmcr file?");
      return nullptr;
    }
    if (it->is_array()) return &*it;
    wrong_type(path, *it, "a list");
    return nullptr;
  }

  static std::string parent(const std::string& path) {
    const std::size_t dot = path.rfind('.');
    return dot == std::string::npos ? std::string() : path.substr(0, dot);
  }

  /// A whole number from 0, also where it was written as 2.0.
  std::optional<std::int64_t> whole(const Json& j) const {
    if (j.is_number_unsigned()) {
      const auto n = j.get<std::uint64_t>();
      if (n > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
      return static_cast<std::int64_t>(n);
    }
    if (j.is_number_integer()) {
      const auto n = j.get<std::int64_t>();
      return n < 0 ? std::nullopt : std::optional(n);
    }
    if (j.is_number_float()) {
      const double d = j.get<double>();
      if (d >= 0 && d <= 1e15 && d == static_cast<double>(static_cast<std::int64_t>(d)))
        return static_cast<std::int64_t>(d);
    }
    return std::nullopt;
  }

  std::optional<std::size_t> index(const Json& j, std::size_t size, const std::string& path,
                                   const std::string& what) {
    const auto n = whole(j);
    if (!n) {
      wrong_type(path, j, "the number of " + what + " (from 0)");
      return std::nullopt;
    }
    if (static_cast<std::uint64_t>(*n) >= size) {
      fault_at(path, "unknown_index",
               "there is no " + what.substr(what.find(' ') + 1) + " " + std::to_string(*n) +
                   ": the file has " + std::to_string(size) + ", counted from 0");
      return std::nullopt;
    }
    return static_cast<std::size_t>(*n);
  }

  std::string name(const Json& owner, const std::string& path, std::string otherwise) {
    const auto it = owner.find("name");
    if (it == owner.end()) return otherwise;
    if (!it->is_string()) {
      wrong_type(path + ".name", *it, "a name");
      return otherwise;
    }
    return it->get<std::string>();
  }

  static std::string text_of(const Json& owner, const char* key) {
    const auto it = owner.find(key);
    return it != owner.end() && it->is_string() ? it->get<std::string>() : std::string();
  }

  void file(const Json& root) {
    if (!root.is_object()) return wrong_type("", root, "an object with options and decisionMakers");
    out_.program = text_of(root, "program");
    out_.version = text_of(root, "version");
    for (const char* key : {"useManualPreferenceVectors", "useManualPreferenceRanking"}) {
      const auto it = root.find(key);
      if (it == root.end()) continue;
      if (!it->is_boolean()) {
        wrong_type(key, *it, "true or false");
      } else {
        out_.manual_ranking = it->get<bool>();
      }
    }
    const Json* options = list(root, "options", "options", true);
    if (options != nullptr && options->size() > Limits::kOptionBits)
      return fault_at("options", "limit",
                      "a case has at most " + std::to_string(Limits::kOptionBits) +
                          " yes/no options, and this one has " + with_commas(options->size()));
    if (options != nullptr)
      for (std::size_t i = 0; i < options->size() && !full(); ++i) option((*options)[i], i);
    const Json* parties = list(root, "decisionMakers", "decisionMakers", true);
    if (parties != nullptr && parties->size() > Limits::kPartsOfAKind)
      return fault_at(
          "decisionMakers", "limit",
          "there are more than " + with_commas(Limits::kPartsOfAKind) + " decision makers");
    if (parties != nullptr)
      for (std::size_t i = 0; i < parties->size() && !full(); ++i) party((*parties)[i], i);
    statements(root, "infeasibles", "infeasibles", out_.infeasibles);
    for (const GmcrStatement& s : out_.infeasibles)
      for (const GmcrPattern& p : s.members)
        if (p.empty())
          fault_at(s.path, "empty_pattern",
                   "an infeasible pattern without options rules out every state");
    coalitions(root);
  }

  void option(const Json& j, std::size_t i) {
    const std::string path = at("options", i);
    GmcrOption option;
    option.path = path;
    if (!j.is_object()) {
      wrong_type(path, j, "an option with name and permittedDirection");
    } else {
      option.name = name(j, path, "option " + std::to_string(i + 1));
      const auto it = j.find("permittedDirection");
      if (it != j.end()) {
        const std::string word = it->is_string() ? it->get<std::string>() : std::string();
        if (word == "fwd") {
          option.direction = Direction::Up;
        } else if (word == "back") {
          option.direction = Direction::Down;
        } else if (word != "both") {
          fault_at(path + ".permittedDirection", "type",
                   "the permitted direction is \"both\", \"fwd\" or \"back\"");
        }
      }
    }
    out_.options.push_back(std::move(option));
  }

  void party(const Json& j, std::size_t i) {
    const std::string path = at("decisionMakers", i);
    GmcrParty party;
    party.path = path;
    if (!j.is_object()) {
      wrong_type(path, j, "a decision maker with name, options and preferences");
      out_.parties.push_back(std::move(party));
      return;
    }
    party.name = name(j, path, "decision maker " + std::to_string(i + 1));
    if (const Json* options = list(j, "options", path + ".options", true))
      for (std::size_t k = 0; k < options->size() && !full(); ++k)
        if (const auto o =
                index((*options)[k], out_.options.size(), at(path + ".options", k), "an option"))
          party.options.push_back(*o);
    statements(j, "preferences", path + ".preferences", party.preferences);
    statements(j, "misperceptions", path + ".misperceptions", party.misperceptions);
    for (const char* key : {"preferenceVector", "preferenceRanking"}) {
      const auto it = j.find(key);
      if (it == j.end() || it->is_null()) continue;
      party.ranking_path = path + "." + key;
      party.ranking = ranking(*it, party.ranking_path);
    }
    out_.parties.push_back(std::move(party));
  }

  std::vector<std::vector<std::int64_t>> ranking(const Json& j, const std::string& path) {
    std::vector<std::vector<std::int64_t>> out;
    if (!j.is_array()) {
      wrong_type(path, j, "a list of state numbers, ties as lists");
      return out;
    }
    const auto add = [&](const Json& state, const std::string& where) {
      const auto n = whole(state);
      if (!n) {
        wrong_type(where, state, "a state's number");
      } else {
        out.back().push_back(*n);
      }
    };
    for (std::size_t i = 0; i < j.size() && !full(); ++i) {
      out.emplace_back();
      if (!j[i].is_array()) {
        add(j[i], at(path, i));
      } else {
        for (std::size_t k = 0; k < j[i].size() && !full(); ++k) add(j[i][k], at(at(path, i), k));
      }
      if (out.back().empty()) out.pop_back();
    }
    return out;
  }

  void statements(const Json& owner, const std::string& key, const std::string& path,
                  std::vector<GmcrStatement>& out) {
    const Json* found = list(owner, key, path, false);
    if (found == nullptr) return;
    for (std::size_t i = 0; i < found->size() && !full(); ++i) {
      GmcrStatement s;
      s.path = at(path, i);
      const Json& j = (*found)[i];
      if (j.is_array()) {
        s.members.push_back(pattern(j, s.path));
      } else if (j.is_object() && j.contains("members")) {
        s.compound = true;
        if (const Json* members = list(j, "members", s.path + ".members", true))
          for (std::size_t k = 0; k < members->size() && !full(); ++k)
            s.members.push_back(pattern((*members)[k], at(s.path + ".members", k)));
      } else {
        wrong_type(s.path, j,
                   "a pattern [[option, \"Y\" or \"N\"], …] or {\"compound\": true, \"members\": "
                   "[pattern, …]}");
      }
      out.push_back(std::move(s));
    }
  }

  GmcrPattern pattern(const Json& j, const std::string& path) {
    GmcrPattern out;
    if (!j.is_array()) {
      wrong_type(path, j, "a pattern [[option, \"Y\" or \"N\"], …]");
      return out;
    }
    for (std::size_t i = 0; i < j.size() && !full(); ++i) {
      const std::string here = at(path, i);
      const Json& pair = j[i];
      if (!pair.is_array() || pair.size() != 2) {
        wrong_type(here, pair, "[option, \"Y\" or \"N\"]");
        continue;
      }
      const auto option = index(pair[0], out_.options.size(), at(here, 0), "an option");
      const std::string word = pair[1].is_string() ? pair[1].get<std::string>() : std::string();
      if (word != "Y" && word != "N" && word != "-") {
        fault_at(at(here, 1), "type", "\"Y\" (taken) or \"N\" (not taken) is expected here");
        continue;
      }
      if (!option || word == "-") continue;
      const GmcrLiteral literal{*option, word == "Y"};
      bool repeated = false;
      for (const GmcrLiteral& other : out) {
        if (other.option != literal.option) continue;
        repeated = true;
        if (other.taken != literal.taken)
          fault_at(
              here, "contradictory_pattern",
              "this pattern wants option " + std::to_string(*option) + " both taken and not taken");
      }
      if (!repeated) out.push_back(literal);
    }
    return out;
  }

  void coalitions(const Json& root) {
    const Json* found = list(root, "coalitions", "coalitions", false);
    if (found == nullptr) return;
    const auto full_names = root.find("coalitionsFull");
    for (std::size_t i = 0; i < found->size() && !full(); ++i) {
      GmcrGroup group;
      group.path = at("coalitions", i);
      const Json& j = (*found)[i];
      const auto add = [&](const Json& member, const std::string& path) {
        if (const auto p = index(member, out_.parties.size(), path, "a decision maker"))
          group.members.push_back(*p);
      };
      if (j.is_array()) {
        for (std::size_t k = 0; k < j.size() && !full(); ++k) add(j[k], at(group.path, k));
      } else {
        add(j, group.path);
      }
      if (full_names != root.end() && full_names->is_array() &&
          full_names->size() == found->size() && (*full_names)[i].is_object())
        group.name = text_of((*full_names)[i], "name");
      if (!group.members.empty()) out_.coalitions.push_back(std::move(group));
    }
  }

  std::string_view text_;
  const std::string& file_;
  GmcrFile out_;
  Errors faults_;
};

Json to_json(const GmcrStatement& s) {
  Json members = Json::array();
  for (const GmcrPattern& p : s.members) {
    Json pattern = Json::array();
    for (const GmcrLiteral& l : p) pattern.push_back(Json::array({l.option, l.taken ? "Y" : "N"}));
    members.push_back(std::move(pattern));
  }
  if (!s.compound) return members[0];
  Json out;
  out["compound"] = true;
  out["members"] = std::move(members);
  return out;
}

Json to_json(const std::vector<GmcrStatement>& list) {
  Json out = Json::array();
  for (const auto& s : list) out.push_back(to_json(s));
  return out;
}

std::string direction_name(Direction d) {
  return d == Direction::Up ? "fwd" : (d == Direction::Down ? "back" : "both");
}

Json to_json(const GmcrFile& file) {
  Json out;
  out["program"] = file.program;
  out["version"] = file.version;
  out["useManualPreferenceRanking"] = file.manual_ranking.value_or(false);
  out["options"] = Json::array();
  for (const auto& o : file.options)
    out["options"].push_back(
        {{"name", o.name}, {"permittedDirection", direction_name(o.direction)}});
  out["decisionMakers"] = Json::array();
  for (const auto& p : file.parties) {
    Json j;
    j["name"] = p.name;
    j["options"] = p.options;
    j["preferences"] = to_json(p.preferences);
    j["misperceptions"] = to_json(p.misperceptions);
    if (p.ranking) {
      j["preferenceRanking"] = Json::array();
      for (const auto& tie : *p.ranking)
        j["preferenceRanking"].push_back(tie.size() == 1 ? Json(tie[0]) : Json(tie));
    }
    out["decisionMakers"].push_back(std::move(j));
  }
  out["coalitions"] = Json::array();
  out["coalitionsFull"] = Json::array();
  for (const auto& g : file.coalitions) {
    out["coalitions"].push_back(g.members.size() == 1 ? Json(g.members[0]) : Json(g.members));
    std::vector<std::size_t> options;
    for (const std::size_t p : g.members)
      options.insert(options.end(), file.parties[p].options.begin(), file.parties[p].options.end());
    out["coalitionsFull"].push_back({{"name", g.name}, {"options", options}});
  }
  out["infeasibles"] = to_json(file.infeasibles);
  return out;
}

}  // namespace

Result<GmcrFile> parse_gmcr(std::string_view text, const std::string& path) {
  return Reader(text, path).run();
}

std::string print_gmcr(const GmcrFile& file) {
  const auto dump = [](const Json& j) {
    return j.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  const Json root = to_json(file);
  std::string out = "{";
  for (const auto& [key, value] : root.items()) {
    out += out.size() == 1 ? "\n" : ",\n";
    out += " " + dump(key) + ": ";
    if (!value.is_array() || value.empty() || key == "coalitions") {
      out += dump(value);
      continue;
    }
    out += "[";
    for (std::size_t i = 0; i < value.size(); ++i)
      out += (i == 0 ? "\n  " : ",\n  ") + dump(value[i]);
    out += "\n ]";
  }
  return out + "\n}\n";
}

}  // namespace wayout
