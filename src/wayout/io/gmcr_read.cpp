#include <algorithm>
#include <set>
#include <unordered_set>

#include "wayout/base/text.hpp"
#include "wayout/io/gmcr.hpp"
#include "wayout/io/gmcr_file.hpp"
#include "wayout/io/json_text.hpp"
#include "wayout/io/patterns.hpp"

namespace wayout {
namespace {

constexpr std::size_t kMostRules = Limits::kPartsOfAKind - 1024;  // the rest is for misperceptions
constexpr std::uint64_t kStepsForUnseen = 100'000'000;
constexpr std::size_t kMostUnseen = 1'000'000;

/// Ids made from names, each once.
class Ids {
 public:
  std::string make(const std::string& name, const std::string& otherwise) {
    std::string id;
    for (const char c : name) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (letter || (c >= '0' && c <= '9')) {
        id += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      } else if (!id.empty() && id.back() != '_') {
        id += '_';
      }
      if (id.size() == kMostLetters) break;
    }
    while (!id.empty() && id.back() == '_') id.pop_back();
    if (id.empty()) id = otherwise;
    if (id[0] >= '0' && id[0] <= '9') id = "p_" + id;
    static const std::set<std::string> kWords = {"and",  "or",    "not",   "if",  "iff",
                                                 "true", "false", "count", "now", "state"};
    if (kWords.count(id) != 0) id += "_1";
    std::string unique = id;
    for (std::size_t n = 2; !taken_.insert(unique).second; ++n)
      unique = id + "_" + std::to_string(n);
    return unique;
  }

 private:
  static constexpr std::size_t kMostLetters = 48;  // room for a prefix and a number within 64
  std::set<std::string> taken_;
};

class Importer {
 public:
  Importer(const GmcrFile& file, std::string_view text, const std::string& path)
      : file_(file), text_(text), path_(path) {}

  Result<Parts> run() {
    const std::vector<GmcrGroup> groups = parties();
    if (!faults_.empty()) return Unexpected{std::move(faults_)};
    parts_.no_status_quo = true;
    const std::size_t slash = path_.find_last_of("/\\");
    parts_.title = slash == std::string::npos ? path_ : path_.substr(slash + 1);
    const std::size_t dot = parts_.title.rfind('.');
    if (dot != std::string::npos && dot > 0) parts_.title.resize(dot);
    parts_.notes = "Read from a .gmcr file, which names no status quo.";

    for (std::size_t p = 0; p < groups.size(); ++p) party(groups[p]);
    options(groups);
    if (!faults_.empty()) return Unexpected{std::move(faults_)};
    rules();
    for (std::size_t p = 0; p < groups.size(); ++p) {
      if (!parts_.parties[p].third) preference(groups[p], p);
      misperceptions(groups[p], p);
    }
    if (!faults_.empty()) return Unexpected{std::move(faults_)};
    return std::move(parts_);
  }

 private:
  void fault_at(const std::string& where, std::string code, std::string message,
                std::string hint = {}) {
    const TextPlace place = place_of(text_, locate_json(text_, where));
    faults_.push_back({std::move(code), std::move(message),
                       Where{where, -1, path_, place.line, place.column}, std::move(hint),
                       Severity::Fault});
  }

  const GmcrParty& member(std::size_t i) const { return file_.parties[i]; }

  /// Who plays: the coalitions, or every decision maker for itself where no group has two members.
  std::vector<GmcrGroup> parties() {
    std::vector<GmcrGroup> groups;
    const bool grouped = std::any_of(file_.coalitions.begin(), file_.coalitions.end(),
                                     [](const GmcrGroup& g) { return g.members.size() > 1; });
    std::vector<bool> seen(file_.parties.size(), false);
    if (!grouped) {
      for (std::size_t i = 0; i < file_.parties.size(); ++i)
        groups.push_back({{i}, "", member(i).path});
    } else {
      groups = file_.coalitions;
      for (const GmcrGroup& g : groups) {
        for (const std::size_t i : g.members) {
          if (seen[i] && faults_.size() < 20)
            fault_at(g.path, "coalition",
                     "'" + member(i).name + "' stands in the coalitions twice");
          seen[i] = true;
        }
      }
      for (std::size_t i = 0; i < seen.size() && faults_.size() < 20; ++i)
        if (!seen[i])
          fault_at("coalitions", "coalition", "'" + member(i).name + "' stands in no coalition",
                   "a decision maker for itself is listed by its number " + std::to_string(i));
    }
    for (GmcrGroup& g : groups) {
      std::vector<std::string> names;
      for (const std::size_t i : g.members) names.push_back(member(i).name);
      if (g.members.size() == 1 || g.name.empty()) g.name = join(names, ", ");
    }
    return groups;
  }

  void party(const GmcrGroup& group) {
    PartyPart part;
    part.path = member(group.members[0]).path;
    part.name = group.name;
    part.id = ids_.make(group.name, "party");
    part.third = std::all_of(group.members.begin(), group.members.end(),
                             [&](std::size_t i) { return member(i).options.empty(); });
    if (part.third) part.because = "Controls no option in the .gmcr file, so it has no move.";
    parts_.parties.push_back(std::move(part));
  }

  void options(const std::vector<GmcrGroup>& groups) {
    std::vector<int> owner(file_.options.size(), -1);
    std::vector<std::size_t> first(file_.options.size(), 0);
    for (std::size_t p = 0; p < groups.size(); ++p) {
      for (const std::size_t i : groups[p].members) {
        for (std::size_t k = 0; k < member(i).options.size(); ++k) {
          const std::size_t o = member(i).options[k];
          if (owner[o] >= 0 && first[o] != i && faults_.size() < 20)
            fault_at(
                member(i).path + ".options[" + std::to_string(k) + "]", "two_owners",
                "option '" + file_.options[o].name + "' belongs to '" + member(first[o]).name +
                    "' and to '" + member(i).name + "'",
                "an option of several parties is a joint option, which .gmcr files do not have");
          if (owner[o] < 0) first[o] = i;
          owner[o] = static_cast<int>(p);
        }
      }
    }
    for (std::size_t o = 0; o < file_.options.size(); ++o) {
      if (owner[o] < 0 && faults_.size() < 20)
        fault_at(file_.options[o].path, "no_owner",
                 "option '" + file_.options[o].name + "' belongs to no decision maker");
      OptionPart part;
      part.path = file_.options[o].path;
      part.name = file_.options[o].name;
      part.id = ids_.make(part.name, "option");
      if (owner[o] >= 0) part.party = parts_.parties[static_cast<std::size_t>(owner[o])].id;
      if (file_.options[o].direction != Direction::Both) part.moves = file_.options[o].direction;
      parts_.options.push_back(std::move(part));
    }
  }

  std::string expression(const GmcrPattern& pattern) const {
    if (pattern.empty()) return "true";
    std::string out;
    for (const GmcrLiteral& l : pattern) {
      if (!out.empty()) out += " and ";
      if (!l.taken) out += "not ";
      out += parts_.options[l.option].id;
    }
    return out;
  }

  std::string expression(const GmcrStatement& s) const {
    if (s.members.empty()) return "false";
    if (s.members.size() == 1) return expression(s.members[0]);
    std::string out;
    for (const GmcrPattern& p : s.members) {
      if (!out.empty()) out += " or ";
      out += p.size() > 1 ? "(" + expression(p) + ")" : expression(p);
    }
    return out;
  }

  void rules() {
    const std::size_t chunk =
        1 + (file_.infeasibles.empty() ? 0 : (file_.infeasibles.size() - 1) / kMostRules);
    for (std::size_t i = 0; i < file_.infeasibles.size(); i += chunk) {
      GmcrStatement any;
      for (std::size_t k = i; k < std::min(i + chunk, file_.infeasibles.size()); ++k)
        for (const GmcrPattern& p : file_.infeasibles[k].members) any.members.push_back(p);
      if (any.members.empty()) continue;
      RulePart rule;
      rule.path = file_.infeasibles[i].path;
      rule.never = expression(any);
      parts_.rules.push_back(std::move(rule));
    }
  }

  void preference(const GmcrGroup& group, std::size_t p) {
    if (group.members.size() == 1) {
      parts_.preferences.push_back(own_preference(group.members[0]));
    } else {
      PreferencePart part;
      part.path = group.path;
      part.method = Method::Unanimous;
      for (const std::size_t i : group.members) {
        part.members.push_back(own_preference(i));
        part.members.back().name = member(i).name;
      }
      parts_.preferences.push_back(std::move(part));
    }
    parts_.preferences.back().party = parts_.parties[p].id;
  }

  PreferencePart own_preference(std::size_t i) {
    const GmcrParty& from = member(i);
    PreferencePart part;
    part.path = from.path;
    const bool manual = file_.manual_ranking.value_or(from.preferences.empty());
    if (manual && from.ranking && !from.ranking->empty()) {
      part.method = Method::Ranking;
      part.path = from.ranking_path;
      part.order = *from.ranking;
      if (!from.misperceptions.empty()) rank_unseen(from, part);
      return part;
    }
    for (const GmcrStatement& s : from.preferences) {
      StatementPart statement;
      statement.path = s.path;
      statement.bare = true;
      statement.when = expression(s);
      part.statements.push_back(std::move(statement));
    }
    return part;
  }

  static Cube cube(const GmcrPattern& pattern) {
    Cube c;
    for (const GmcrLiteral& l : pattern) {
      c.mask |= UInt128{1} << l.option;
      if (l.taken) c.value |= UInt128{1} << l.option;
    }
    return c;
  }

  static std::vector<Cube> cubes(const std::vector<GmcrStatement>& statements) {
    std::vector<Cube> out;
    for (const GmcrStatement& s : statements)
      for (const GmcrPattern& p : s.members) out.push_back(cube(p));
    return out;
  }

  /// States that the ranking leaves out and that its owner does not see go last; others are
  /// build()'s to complain about, and so is everything where this walk is too long.
  void rank_unseen(const GmcrParty& from, PreferencePart& part) const {
    std::unordered_set<std::int64_t> listed;
    for (const auto& tie : part.order) listed.insert(tie.begin(), tie.end());
    const std::vector<Cube> unseen = cubes(from.misperceptions);
    std::vector<std::int64_t> last;
    std::int64_t number = 0;
    const bool finished = walk_uncovered(
        file_.options.size(), cubes(file_.infeasibles), kStepsForUnseen, [&](UInt128 state) {
          ++number;
          if (listed.count(number) == 0 &&
              std::any_of(unseen.begin(), unseen.end(),
                          [&](const Cube& c) { return c.covers(state); }))
            last.push_back(number);
          return last.size() <= kMostUnseen;
        });
    if (!finished || last.empty() || last.size() > kMostUnseen) return;
    part.order.push_back(std::move(last));
    part.because = "States that it does not see and that its ranking leaves out stand last.";
  }

  void misperceptions(const GmcrGroup& group, std::size_t p) {
    // A coalition sees what any of its members sees.
    std::vector<std::string> nevers;
    std::vector<std::string> paths;
    if (group.members.size() == 1) {
      for (const GmcrStatement& s : member(group.members[0]).misperceptions) {
        nevers.push_back(expression(s));
        paths.push_back(s.path);
      }
    } else {
      std::string all;
      for (const std::size_t i : group.members) {
        GmcrStatement any;
        for (const GmcrStatement& s : member(i).misperceptions)
          for (const GmcrPattern& pattern : s.members) any.members.push_back(pattern);
        if (any.members.empty()) return;
        const std::string one = expression(any);
        all += (all.empty() ? "" : " and ") + (any.members.size() > 1 ? "(" + one + ")" : one);
      }
      nevers.push_back(std::move(all));
      paths.push_back(member(group.members[0]).path + ".misperceptions");
    }
    if (nevers.empty()) return;
    BeliefPart belief;
    belief.path = paths[0];
    belief.party = parts_.parties[p].id;
    belief.id = ids_.make(belief.party + "_perception", "perception");
    belief.because = "States it does not see.";
    for (std::size_t k = 0; k < nevers.size(); ++k) {
      RulePart rule;
      rule.path = paths[k];
      rule.id = ids_.make("unseen_by_" + belief.party, "unseen");
      rule.never = std::move(nevers[k]);
      rule.enabled = false;
      EffectPart effect;
      effect.kind = EffectKind::Enable;
      effect.target = rule.id;
      effect.path = paths[k];
      parts_.rules.push_back(std::move(rule));
      belief.effects.push_back(std::move(effect));
    }
    parts_.beliefs.push_back(std::move(belief));
  }

  const GmcrFile& file_;
  std::string_view text_;
  const std::string& path_;
  Ids ids_;
  Parts parts_;
  Errors faults_;
};

}  // namespace

Result<Parts> read_gmcr(std::string_view text, const std::string& path) {
  const Result<GmcrFile> file = parse_gmcr(text, path);
  if (!file) return Unexpected{file.error()};
  return Importer(*file, text, path).run();
}

void locate_gmcr(Errors& errors, std::string_view text, const std::string& path) {
  for (Error& e : errors) {
    if (e.where.line > 0) continue;
    const TextPlace place = place_of(text, locate_json(text, e.where.path));
    e.where.file = path;
    e.where.line = place.line;
    e.where.column = place.column;
  }
}

}  // namespace wayout
