#include "wayout/answer/claims_sample.hpp"

#include <algorithm>

#include "wayout/answer/claims_leaf.hpp"
#include "wayout/answer/possible.hpp"
#include "wayout/trust/ensemble.hpp"

namespace wayout {
namespace {

enum class Class : std::uint8_t { Fixed, Light, Search, Chain };

/// A test that looked at so many states in the plain run is one of large searches.
constexpr std::uint64_t kLight = 3'000;
/// States that all large searches together may look at, and all chains.
constexpr std::uint64_t kSearchBudget = 5'000'000;
constexpr std::uint64_t kChainBudget = 40'000'000;
/// Fewer profiles than that tell nothing: then none are asked.
constexpr std::uint64_t kLeastProfiles = 16;
/// A test that looked at few states in the plain run may need many in a profile: where all profiles
/// are asked it ends undecided at so many.
constexpr std::uint64_t kMostLight = 8'000;

std::uint64_t work(const Leaf& leaf) {
  std::uint64_t sum = 0;
  if (leaf.stable)
    for (const auto& [p, v] : leaf.stable->verdicts) sum += v.searched + v.improvements;
  if (leaf.reach) sum += leaf.reach->states;
  for (const auto* g : {&leaf.goal, &leaf.goal_with})
    if (*g) sum += (*g)->states + 50 * (*g)->judged;
  for (const DriftEvidence& d : leaf.drift) sum += d.states;
  return sum;
}

bool way_out_kind(TestKind k) {
  return k == TestKind::WayOut || k == TestKind::NoWayOut || k == TestKind::Reachable ||
         k == TestKind::Unreachable;
}

/// No numbers within their ranges lead there: then no profile has another answer.
bool out_of_range(const Leaf& leaf) {
  const Conflict& c = *leaf.dispute;
  if (c.graph_form() || !way_out_kind(leaf.test.kind) || leaf.truth == Truth::Undecided)
    return false;
  const bool says_no = (leaf.truth == Truth::True) == (leaf.test.kind == TestKind::NoWayOut ||
                                                       leaf.test.kind == TestKind::Unreachable);
  if (!says_no || leaf.set.size() > 1 || (leaf.set.size() == 1 && leaf.set[0].states.size() > 1))
    return false;
  const LevelSets levels = possible_levels(c, leaf.start, ranged_worth(c));
  if (leaf.goal) return !may_be(c, c.goals()[leaf.goal->goal].when, levels).yes;
  const auto read = c.condition(leaf.test.condition);
  return read && !may_be(c, *read, levels).yes;
}

class Ensemble {
 public:
  Ensemble(const Disputes& disputes, const ClaimsSettings& settings, ClaimsAnswer& answer)
      : settings_(settings), answer_(answer), scale_(disputes.scale()) {
    for (const auto& [key, place] : disputes.places())
      samplers_.emplace(key, Sampler(place->conflict));
  }

  void run() {
    if (samplers_.empty()) return;
    ClaimsSampling info;
    info.seed = settings_.seed;
    bool start_varies = false;
    const Sampler* base = nullptr;
    for (const auto& [key, sampler] : samplers_) {
      info.inputs = std::max<std::uint64_t>(info.inputs, sampler.inputs().size());
      if (base == nullptr || sampler.inputs().size() > base->inputs().size()) base = &sampler;
      for (const Input& in : sampler.inputs())
        start_varies = start_varies || in.kind == UncertainKind::StatusQuo;
    }
    if (info.inputs == 0) return;
    sort_out(start_varies);
    info.samples = settings_.samples;
    info.searches = profiles(kSearchBudget, work_[static_cast<std::size_t>(Class::Search)]);
    info.chains = profiles(kChainBudget, work_[static_cast<std::size_t>(Class::Chain)]);
    votes_.assign(answer_.leaves.size(), {});
    claim_votes_.assign(answer_.claims.size(), {});
    ask(*base, Class::Light, info.samples, info.end);
    ask(*base, Class::Search, info.searches, info.end);
    ask(*base, Class::Chain, info.chains, info.end);
    for (std::size_t i = 0; i < answer_.leaves.size(); ++i) {
      Leaf& leaf = answer_.leaves[i];
      if (class_[i] == Class::Fixed) {
        leaf.sampled = Sampled{};
        leaf.sampled->fixed = true;
        leaf.sampled->share = leaf.truth == Truth::True ? 1 : 0;
        leaf.sampled->low = leaf.sampled->high = leaf.sampled->share;
      } else {
        if (votes_[i].profiles > 0) leaf.sampled = counted(votes_[i]);
      }
    }
    for (std::size_t i = 0; i < answer_.claims.size(); ++i) settle(i);
    answer_.sampling = info;
    if (info.end != End::Complete && answer_.end == End::Complete) answer_.end = info.end;
  }

 private:
  struct Votes {
    std::uint64_t profiles = 0;
    std::uint64_t yes = 0;
    std::uint64_t undecided = 0;
  };

  void sort_out(bool start_varies) {
    for (const Leaf& leaf : answer_.leaves) {
      Class c = Class::Light;
      const std::uint64_t states =
          leaf.risk ? std::min(leaf.risk->states, kRoughStates) : work(leaf);
      if (!start_varies && (leaf.by_construction || out_of_range(leaf))) {
        c = Class::Fixed;
      } else if (leaf.test.kind == TestKind::LowersRisk || leaf.test.kind == TestKind::RaisesRisk) {
        c = Class::Chain;
      } else if (states > kLight || leaf.end != End::Complete) {
        c = Class::Search;
      }
      if (leaf.doubt == Doubt::NotComputed || leaf.doubt == Doubt::Void) c = Class::Fixed;
      class_.push_back(c);
      states_.push_back(states);
      work_[static_cast<std::size_t>(c)] += states;
    }
  }

  std::uint64_t profiles(std::uint64_t budget, std::uint64_t each) const {
    const std::uint64_t most = each == 0 ? settings_.samples : budget / each;
    return most < std::min(kLeastProfiles, settings_.samples) ? 0
                                                              : std::min(settings_.samples, most);
  }

  Class class_of(const TestNode& node) const {
    if (node.leaf) return class_[*node.leaf];
    Class out = Class::Fixed;
    for (const TestNode& child : node.children) out = std::max(out, class_of(child));
    return out;
  }

  /// Truth of a test in one profile: quick parts first, and no more than is needed.
  template <class Judged>
  Truth truth(const TestNode& node, const Judged& judged) const {
    if (node.leaf) return judged(*node.leaf);
    if (node.kind == TestKind::Not) return negate(truth(node.children.at(0), judged));
    const bool all = node.kind == TestKind::All;
    Truth out = all ? Truth::True : Truth::False;
    std::vector<const TestNode*> order;
    for (const TestNode& child : node.children) order.push_back(&child);
    std::stable_sort(order.begin(), order.end(), [this](const TestNode* a, const TestNode* b) {
      return weight(*a) < weight(*b);
    });
    for (const TestNode* child : order) {
      out = all ? conjoin(out, truth(*child, judged)) : disjoin(out, truth(*child, judged));
      if (out == (all ? Truth::False : Truth::True)) break;
    }
    return out;
  }

  std::uint64_t weight(const TestNode& node) const {
    if (node.leaf)
      return class_[*node.leaf] == Class::Fixed
                 ? 0
                 : states_[*node.leaf] +
                       (class_[*node.leaf] == Class::Chain ? std::uint64_t{1} << 40 : 0);
    std::uint64_t sum = 0;
    for (const TestNode& child : node.children) sum += weight(child);
    return sum;
  }

  /// The claims (and tests) of one class over the first `count` profiles.
  void ask(const Sampler& base, Class of, std::uint64_t count, End& end) {
    std::vector<std::size_t> claims;
    for (std::size_t i = 0; i < answer_.claims.size(); ++i)
      if (class_of(answer_.claims[i].test) == of) claims.push_back(i);
    std::vector<std::size_t> leaves;
    for (std::size_t i = 0; i < answer_.leaves.size(); ++i)
      if (class_[i] == of || (of == Class::Light && class_[i] == Class::Light)) leaves.push_back(i);
    if ((claims.empty() && leaves.empty()) || count == 0) return;
    std::vector<EnsembleOutcome> outcomes;
    for (std::size_t i = 0; i < claims.size() + answer_.leaves.size(); ++i)
      outcomes.push_back({std::to_string(i), "", {"false", "true", "not judged"}});
    EnsembleSettings es;
    es.seed = settings_.seed;
    es.samples = count;
    es.threads = settings_.threads;
    es.watch = settings_.watch;
    const DrawsJudge judge = [&](std::span<const std::int64_t>, std::uint64_t replicate,
                                 std::span<std::uint8_t> out) {
      one_profile(of, claims, replicate, out);
    };
    const EnsembleResult result = run_ensemble(base, outcomes, judge, es);
    if (result.end != End::Complete) end = result.end;
    for (std::uint64_t k = 0; k < result.finished; ++k) {
      const std::uint8_t* row = result.answers.data() + k * outcomes.size();
      for (std::size_t i = 0; i < claims.size(); ++i) vote(claim_votes_[claims[i]], row[i]);
      for (const std::size_t i : leaves) vote(votes_[i], row[claims.size() + i]);
    }
  }

  static void vote(Votes& votes, std::uint8_t label) {
    if (label == 2) return;
    ++votes.profiles;
    if (label == 1) ++votes.yes;
    if (label == kNoAnswer) ++votes.undecided;
  }

  void one_profile(Class of, const std::vector<std::size_t>& claims, std::uint64_t replicate,
                   std::span<std::uint8_t> out) const {
    std::fill(out.begin(), out.end(), std::uint8_t{2});
    Disputes disputes(
        [this, replicate](const Disputes::Ids& under, const Disputes::Ids& with,
                          const Disputes::Ids& without) {
          return samplers_.at({under, with, without}).profile(settings_.seed, replicate);
        },
        scale_);
    ClaimsSettings settings = settings_;
    settings.evidence = false;
    settings.watch.progress = nullptr;
    if (of == Class::Chain)
      for (const std::size_t i : claims) note(disputes, settings, answer_.claims[i].test);
    std::vector<std::optional<Truth>> known(answer_.leaves.size());
    const auto judged = [&](std::size_t i) {
      if (known[i]) return *known[i];
      // A profile that is cut short is not counted, whatever it says.
      if (settings.watch.cancelled() || settings.watch.out_of_time()) return Truth::Undecided;
      const Leaf& plain = answer_.leaves[i];
      if (class_[i] == Class::Fixed) {
        known[i] = plain.truth;
        return plain.truth;
      }
      ClaimsSettings own = settings;
      if (of == Class::Light) own.most_states = std::min<std::size_t>(own.most_states, kMostLight);
      const auto leaf = judge_leaf(disputes, plain.test, own);
      known[i] = leaf ? leaf->truth : Truth::Undecided;
      out[claims.size() + i] = *known[i] == Truth::Undecided ? kNoAnswer
                               : *known[i] == Truth::True    ? 1
                                                             : 0;
      return *known[i];
    };
    if (of == Class::Light)
      for (std::size_t i = 0; i < known.size(); ++i)
        if (class_[i] == Class::Light) judged(i);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      const Truth t = truth(answer_.claims[claims[i]].test, judged);
      out[i] = t == Truth::Undecided ? kNoAnswer : t == Truth::True ? 1 : 0;
    }
  }

  void note(Disputes& disputes, const ClaimsSettings& settings, const TestNode& node) const {
    if (node.leaf && class_[*node.leaf] == Class::Chain)
      note_risk(disputes, answer_.leaves[*node.leaf].test, settings);
    for (const TestNode& child : node.children) note(disputes, settings, child);
  }

  static Sampled counted(const Votes& v) {
    Sampled s;
    s.profiles = v.profiles;
    s.yes = v.yes;
    s.undecided = v.undecided;
    const Share share = wilson(v.yes, v.profiles);
    s.share = share.share;
    s.low = share.low;
    s.high = share.high;
    return s;
  }

  void settle(std::size_t i) {
    ClaimResult& claim = answer_.claims[i];
    if (class_of(claim.test) == Class::Fixed) {
      claim.sampled = Sampled{};
      claim.sampled->fixed = true;
      claim.sampled->share = claim.test.truth == Truth::True ? 1 : 0;
      claim.sampled->low = claim.sampled->high = claim.sampled->share;
      return;
    }
    claim.sampled = counted(claim_votes_[i]);
    const Sampled& s = *claim.sampled;
    if (s.profiles == 0) {
      claim.sampled.reset();  // not asked
      return;
    }
    if (claim.by_construction) return;
    const double n = static_cast<double>(s.profiles);
    const double no = static_cast<double>(s.profiles - s.yes - s.undecided) / n;
    claim.outcome =
        claim.test.truth == Truth::True && s.share >= kAgreement ? ClaimOutcome::Supported
        : claim.test.truth == Truth::False && no >= kAgreement   ? ClaimOutcome::Contradicted
                                                                 : ClaimOutcome::Depends;
  }

  const ClaimsSettings& settings_;
  ClaimsAnswer& answer_;
  std::shared_ptr<const RiskScale> scale_;
  std::map<Disputes::Key, Sampler> samplers_;
  std::vector<Class> class_;
  std::vector<std::uint64_t> states_;
  std::uint64_t work_[4] = {0, 0, 0, 0};
  std::vector<Votes> votes_;
  std::vector<Votes> claim_votes_;
};

}  // namespace

void sample_claims(const Disputes& disputes, const ClaimsSettings& settings, ClaimsAnswer& answer) {
  Ensemble(disputes, settings, answer).run();
}

}  // namespace wayout
