#include "wayout/answer/claims.hpp"

#include <algorithm>
#include <map>

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "wayout/answer/claims_leaf.hpp"
#include "wayout/answer/claims_sample.hpp"
#include "wayout/base/threads.hpp"

namespace wayout {

Truth negate(Truth t) {
  return t == Truth::Undecided ? t : t == Truth::True ? Truth::False : Truth::True;
}

Truth conjoin(Truth a, Truth b) {
  if (a == Truth::False || b == Truth::False) return Truth::False;
  return a == Truth::True && b == Truth::True ? Truth::True : Truth::Undecided;
}

Truth disjoin(Truth a, Truth b) { return negate(conjoin(negate(a), negate(b))); }

namespace {

bool puts_together(TestKind kind) {
  return kind == TestKind::All || kind == TestKind::Any || kind == TestKind::Not;
}

/// Puts tests together; each distinct leaf is judged once.
class Evaluator {
 public:
  Evaluator(const Parts& file, const ClaimsSettings& settings)
      : disputes_(file), settings_(settings) {}

  TestNode node(const ClaimTest& test) {
    TestNode out;
    out.kind = test.kind;
    if (!puts_together(test.kind)) {
      out.leaf = leaf(test);
      if (out.leaf) {
        out.truth = leaves[*out.leaf].truth;
        out.by_construction = leaves[*out.leaf].by_construction;
      }
      return out;
    }
    for (const ClaimTest& child : test.children) out.children.push_back(node(child));
    out.truth = combine(out, [](const TestNode& n) { return n.truth; });
    const Truth proved = combine(
        out, [](const TestNode& n) { return n.by_construction ? n.truth : Truth::Undecided; });
    out.by_construction = proved != Truth::Undecided;
    return out;
  }

  /// Notes what tests of risk will ask.
  void note(const ClaimTest& test) {
    note_risk(disputes_, test, settings_);
    for (const ClaimTest& child : test.children) note(child);
  }

  /// Judges all tests but those of risk, and beside them works out what those will ask: a dispute's
  /// chain takes as long as all else together. node() then only looks it up, in its own order.
  void work_ahead(const std::vector<const ClaimTest*>& tests) {
    if (settings_.threads == 1 || !settings_.evidence) return;
    std::vector<Disputes::Place*> places;
    for (const auto& [key, place] : disputes_.places())
      if (place->chances.asked()) places.push_back(place.get());
    if (places.empty()) return;
    const auto efforts = chance_efforts(settings_.most_risk_states, settings_.evidence);
    Watch watch = settings_.watch;
    watch.progress = nullptr;  // the other tests tell how far it is
    tbb::task_arena arena(usable_threads(settings_.threads));
    arena.execute([&] {
      tbb::parallel_for(
          tbb::blocked_range<std::size_t>(0, places.size() + 1, 1),
          [&](const auto& range) {
            for (std::size_t i = range.begin(); i < range.end(); ++i) {
              if (i > 0) {
                Disputes::Place& place = *places[i - 1];
                place.chances.prepare(place.conflict, *disputes_.scale(), efforts[0], watch);
                continue;
              }
              for (const ClaimTest* test : tests) judge_ahead(*test);
            }
          },
          tbb::simple_partitioner());
    });
  }

  const Disputes& disputes() const { return disputes_; }

  std::vector<Leaf> leaves;
  Errors faults;

 private:
  template <class Of>
  static Truth combine(const TestNode& node, const Of& of) {
    if (node.kind == TestKind::Not) return negate(of(node.children.at(0)));
    Truth out = node.kind == TestKind::All ? Truth::True : Truth::False;
    for (const TestNode& child : node.children)
      out = node.kind == TestKind::All ? conjoin(out, of(child)) : disjoin(out, of(child));
    return out;
  }

  static ClaimTest key_of(const ClaimTest& test) {
    ClaimTest key = test;
    key.path.clear();
    return key;
  }

  void judge_ahead(const ClaimTest& test) {
    for (const ClaimTest& child : test.children) judge_ahead(child);
    if (puts_together(test.kind) || test.kind == TestKind::LowersRisk ||
        test.kind == TestKind::RaisesRisk)
      return;
    ClaimTest key = key_of(test);
    for (const auto& [known, leaf] : ahead_)
      if (known == key) return;
    settings_.watch.tell("testing the claims", ahead_.size(), 0);
    ahead_.emplace_back(std::move(key), judge_leaf(disputes_, test, settings_));
  }

  Result<Leaf> judge(const ClaimTest& test, const ClaimTest& key) {
    for (auto& [known, leaf] : ahead_)
      if (known == key) return leaf;
    settings_.watch.tell("testing the claims", leaves.size(), 0);
    return judge_leaf(disputes_, test, settings_);
  }

  std::optional<std::size_t> leaf(const ClaimTest& test) {
    ClaimTest key = key_of(test);
    for (std::size_t i = 0; i < keys_.size(); ++i)
      if (keys_[i] == key) return i;
    auto judged = judge(test, key);
    if (!judged) {
      for (Error e : judged.error()) {
        if (e.where.path.empty()) e.where.path = test.path;
        faults.push_back(std::move(e));
      }
      return std::nullopt;
    }
    keys_.push_back(std::move(key));
    leaves.push_back(std::move(*judged));
    return leaves.size() - 1;
  }

  Disputes disputes_;
  const ClaimsSettings& settings_;
  std::vector<ClaimTest> keys_;
  std::vector<std::pair<ClaimTest, Result<Leaf>>> ahead_;
};

/// Marks the nodes that the outcome rests on: all of those that together made it, and where one is
/// enough, each that would have been enough.
void mark(TestNode& node) {
  node.decides = true;
  for (TestNode& child : node.children) {
    const bool all_needed =
        node.kind == TestKind::Not || (node.kind == TestKind::All) == (node.truth == Truth::True);
    const bool counts = node.truth == Truth::Undecided ? child.truth == Truth::Undecided
                                                       : all_needed || child.truth == node.truth;
    if (counts) mark(child);
  }
}

}  // namespace

Result<ClaimsAnswer> evaluate_claims(const Parts& file, const ClaimsSettings& settings) {
  const auto base = view(file, {settings.under, settings.with, {}});
  if (!base) return Unexpected{base.error()};
  const auto& claims = base->parts().claims;
  Evaluator evaluator(file, settings);
  ClaimsAnswer out;
  const auto id_of = [&](std::size_t i) {
    return claims[i].id.empty() ? "claim " + std::to_string(i + 1) : claims[i].id;
  };
  const auto wanted = [&](std::size_t i) {
    const auto& only = settings.claims;
    return only.empty() || std::find(only.begin(), only.end(), id_of(i)) != only.end();
  };
  std::vector<const ClaimTest*> tests;
  for (std::size_t i = 0; i < claims.size(); ++i)
    if (wanted(i)) tests.push_back(&claims[i].test);
  for (const ClaimTest* test : tests) evaluator.note(*test);
  evaluator.work_ahead(tests);
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (!wanted(i)) continue;
    const ClaimPart& part = claims[i];
    ClaimResult result;
    result.claim = i;
    result.id = id_of(i);
    result.says = part.says;
    result.test = evaluator.node(part.test);
    mark(result.test);
    result.by_construction = result.test.by_construction;
    result.outcome = result.test.truth == Truth::True    ? ClaimOutcome::Supported
                     : result.test.truth == Truth::False ? ClaimOutcome::Contradicted
                                                         : ClaimOutcome::Depends;
    out.claims.push_back(std::move(result));
  }
  if (!evaluator.faults.empty()) return Unexpected{std::move(evaluator.faults)};
  out.leaves = std::move(evaluator.leaves);
  for (const Leaf& leaf : out.leaves)
    if (leaf.end != End::Complete && leaf.truth == Truth::Undecided && out.end != End::Cancelled)
      out.end = leaf.end;
  if (settings.samples > 0 && out.end != End::Cancelled)
    sample_claims(evaluator.disputes(), settings, out);
  return out;
}

}  // namespace wayout
