#include <algorithm>
#include <numeric>

#include "wayout/base/text.hpp"
#include "wayout/base/version.hpp"
#include "wayout/io/gmcr.hpp"
#include "wayout/io/gmcr_file.hpp"
#include "wayout/io/patterns.hpp"

namespace wayout {
namespace {

constexpr std::size_t kMostPatternsOfStatement = 256;
constexpr std::size_t kMostPatternsOfRule = 4096;
constexpr std::size_t kMostRankedStates = 65'536;
constexpr std::uint64_t kStepsForStates = 50'000'000;

GmcrStatement statement(const std::vector<Cube>& cubes, std::size_t options) {
  GmcrStatement out;
  out.compound = cubes.size() != 1;
  for (const Cube& c : cubes) {
    GmcrPattern pattern;
    for (std::size_t o = 0; o < options; ++o)
      if (((c.mask >> o) & 1u) != 0) pattern.push_back({o, ((c.value >> o) & 1u) != 0});
    out.members.push_back(std::move(pattern));
  }
  return out;
}

/// The rules that a belief enables, as indices into the rules, where it does nothing else.
std::optional<std::vector<std::size_t>> unseen_rules(const Parts& parts, const BeliefPart& belief) {
  std::vector<std::size_t> out;
  for (const EffectPart& e : belief.effects) {
    if (e.kind != EffectKind::Enable) return std::nullopt;
    const auto rule = std::find_if(parts.rules.begin(), parts.rules.end(),
                                   [&](const RulePart& r) { return r.id == e.target; });
    if (rule == parts.rules.end() || rule->never.empty()) return std::nullopt;
    if (!rule->enabled) out.push_back(static_cast<std::size_t>(rule - parts.rules.begin()));
  }
  return out;
}

class Exporter {
 public:
  explicit Exporter(const Conflict& conflict) : conflict_(conflict), parts_(conflict.parts()) {}

  Result<std::string> run() {
    unsayable();
    if (!faults_.empty()) return Unexpected{std::move(faults_)};
    file_.program = "wayout";
    file_.version = std::string(version());
    for (const OptionId o : conflict_.options())
      file_.options.push_back({conflict_.option(o).name, conflict_.option(o).moves, ""});
    rules();
    file_.manual_ranking = false;
    for (const PartyId p : conflict_.parties()) party(p);
    misperceptions();
    if (file_.manual_ranking.value_or(false)) rank_all();
    if (!faults_.empty()) return Unexpected{std::move(faults_)};
    return print_gmcr(file_);
  }

 private:
  void cannot(const std::string& what, const std::string& path, std::string hint = {}) {
    if (faults_.size() >= 20) return;
    Where where;
    where.path = path;
    faults_.push_back(
        {"gmcr", "a .gmcr file cannot say " + what, where, std::move(hint), Severity::Fault});
  }

  void unsayable() {
    if (conflict_.graph_form()) return cannot("graph form: its moves come from options", "");
    for (const TrackPart& t : parts_.tracks) cannot("a track ('" + t.id + "')", t.path);
    for (const OptionId o : conflict_.options()) {
      const OptionInfo& info = conflict_.option(o);
      const std::string path = parts_.options[o.index()].path;
      if (info.joint) {
        cannot("a joint option ('" + info.id + "')", path);
      } else if (info.levels.size() != 2) {
        cannot("an option of " + std::to_string(info.levels.size()) + " levels ('" + info.id + "')",
               path,
               "one yes/no option per level, with rules that exclude the others, says the same "
               "states");
      }
    }
    for (const RulePart& r : parts_.rules)
      if (r.forbid && r.enabled)
        cannot("a forbid rule" + (r.id.empty() ? "" : " ('" + r.id + "')"), r.path);
  }

  std::optional<std::vector<Cube>> cubes(const std::string& when, std::size_t limit) const {
    const Result<Condition> condition = conflict_.condition(when);
    if (!condition) return std::nullopt;
    return to_cubes(*condition->pool, condition->expr, limit);
  }

  void rules() {
    const std::size_t options = conflict_.option_count();
    for (const auto& [expression, index] : conflict_.nevers()) {
      const RulePart& rule = parts_.rules[index];
      const auto found = to_cubes(conflict_.pool(), expression, kMostPatternsOfRule);
      if (!found) {
        cannot("the rule '" + rule.never + "' in " + with_commas(kMostPatternsOfRule) +
                   " patterns, which is the limit",
               rule.path);
        continue;
      }
      for (const Cube& c : *found) infeasible_.push_back(c);
    }
    for (const OptionId o : conflict_.options()) {
      if (conflict_.option(o).enabled) continue;
      const UInt128 one = UInt128{1} << o.index();
      infeasible_.push_back({one, one});
    }
    for (const Cube& c : infeasible_) file_.infeasibles.push_back(statement({c}, options));
  }

  void party(PartyId p) {
    GmcrGroup group;
    group.name = conflict_.party(p).name;
    const PreferencePart* preference = conflict_.preference_part(p);
    const bool unanimous = preference != nullptr && preference->method == Method::Unanimous;
    const std::size_t members = unanimous ? preference->members.size() : 1;
    for (std::size_t k = 0; k < members; ++k) {
      GmcrParty dm;
      dm.name = group.name;
      const PreferencePart* own = unanimous ? &preference->members[k] : preference;
      if (unanimous)
        dm.name = own->name.empty() ? group.name + " " + std::to_string(k + 1) : own->name;
      if (k == 0)
        for (const OptionId o : conflict_.options())
          if (contains(conflict_.option(o).owners, p)) dm.options.push_back(o.index());
      if (own != nullptr) statements(*own, dm);
      group.members.push_back(file_.parties.size());
      owners_.emplace_back(p, k);
      file_.parties.push_back(std::move(dm));
    }
    file_.coalitions.push_back(std::move(group));
  }

  /// Statements as patterns, or the decision that the file has to carry rankings.
  void statements(const PreferencePart& part, GmcrParty& dm) {
    if (part.method != Method::Priorities) {
      file_.manual_ranking = true;
      return;
    }
    for (const bool vital : {true, false}) {
      for (const StatementPart& s : part.statements) {
        if (!s.enabled || s.vital != vital) continue;
        const auto found = cubes(s.when, kMostPatternsOfStatement);
        if (!found) {
          file_.manual_ranking = true;
          dm.preferences.clear();
          return;
        }
        const bool always = found->size() == 1 && (*found)[0].mask == 0;
        if (!found->empty() && !always)
          dm.preferences.push_back(statement(*found, conflict_.option_count()));
      }
    }
  }

  void misperceptions() {
    for (const BeliefPart& belief : parts_.beliefs) {
      const auto rules = unseen_rules(parts_, belief);
      const auto p = conflict_.find_party(belief.party);
      if (!rules || !p) continue;
      for (const std::size_t r : *rules) {
        const auto found = cubes(parts_.rules[r].never, kMostPatternsOfRule);
        if (!found) {
          cannot("the rule '" + parts_.rules[r].never + "' in " + with_commas(kMostPatternsOfRule) +
                     " patterns, which is the limit",
                 parts_.rules[r].path);
          continue;
        }
        for (const Cube& c : *found)
          for (const std::size_t dm : file_.coalitions[p->index()].members)
            file_.parties[dm].misperceptions.push_back(statement({c}, conflict_.option_count()));
      }
    }
  }

  void rank_all() {
    std::vector<State> states;
    bool too_many = false;
    const bool finished =
        walk_uncovered(conflict_.option_count(), infeasible_, kStepsForStates, [&](UInt128 bits) {
          too_many = states.size() == kMostRankedStates;
          if (!too_many) states.push_back({bits});
          return !too_many;
        });
    if (!finished || too_many)
      return cannot(
          "preferences that are no lists of patterns, unless the states can be ranked one by one, "
          "and "
          "there are more than " +
              with_commas(kMostRankedStates) + ", which is the limit",
          "");
    for (std::size_t i = 0; i < file_.parties.size(); ++i) {
      const auto [p, k] = owners_[i];
      file_.parties[i].preferences.clear();  // the rankings count, and reading keeps nothing else
      const PreferencePart* part = conflict_.preference_part(p);
      if (part == nullptr || part->method != Method::Unanimous) {
        file_.parties[i].ranking = ranking(conflict_, p, states);
        continue;
      }
      // A member's own order, seen through a conflict in which the party has it.
      Parts alone = parts_;
      for (PreferencePart& preference : alone.preferences) {
        if (preference.party != conflict_.party(p).id) continue;
        PreferencePart own = part->members[k];
        own.party = preference.party;
        preference = std::move(own);
      }
      const Result<Conflict> built = build(std::move(alone));
      if (!built) {
        faults_ = built.error();
        return;
      }
      file_.parties[i].ranking = ranking(*built, p, states);
    }
  }

  static std::vector<std::vector<std::int64_t>> ranking(const Conflict& conflict, PartyId p,
                                                        const std::vector<State>& states) {
    std::vector<Score> scores;
    scores.reserve(states.size());
    for (const State s : states) scores.push_back(conflict.score(p, s));
    std::vector<std::size_t> order(states.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    std::vector<std::vector<std::int64_t>> out;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i == 0 || scores[order[i]] != scores[order[i - 1]]) out.emplace_back();
      out.back().push_back(static_cast<std::int64_t>(order[i]) + 1);
    }
    return out;
  }

  const Conflict& conflict_;
  const Parts& parts_;
  GmcrFile file_;
  std::vector<Cube> infeasible_;
  std::vector<std::pair<PartyId, std::size_t>> owners_;  ///< per decision maker: party, member
  Errors faults_;
};

}  // namespace

Result<std::string> write_gmcr(const Conflict& conflict) { return Exporter(conflict).run(); }

std::vector<std::string> gmcr_left_out(const Conflict& conflict) {
  const Parts& parts = conflict.parts();
  std::vector<std::string> out;
  const auto some = [&](std::size_t n, std::string_view one, std::string_view many) {
    if (n > 0) out.push_back(counted(n, one, many));
  };
  if (conflict.status_quo()) out.push_back("the status quo");
  std::size_t beliefs = 0;
  for (const BeliefPart& b : parts.beliefs) beliefs += unseen_rules(parts, b) ? 0 : 1;
  some(beliefs, "belief", "beliefs");
  some(parts.goals.size(), "goal", "goals");
  some(parts.measures.size(), "measure", "measures");
  some(parts.variants.size(), "variant", "variants");
  some(parts.claims.size(), "claim", "claims");
  some(parts.catastrophes.size(), "catastrophe", "catastrophes");
  some(parts.hazards.size(), "hazard", "hazards");
  some(parts.tempos.size(), "tempo", "tempos");
  return out;
}

}  // namespace wayout
