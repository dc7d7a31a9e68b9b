#include "wayout/answer/claims.hpp"

#include <algorithm>
#include <map>

#include "wayout/answer/claims_leaf.hpp"
#include "wayout/answer/claims_sample.hpp"

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

/// Puts tests together; each distinct leaf is judged once.
class Evaluator {
 public:
  Evaluator(const Parts& file, const ClaimsSettings& settings)
      : disputes_(file), settings_(settings) {}

  TestNode node(const ClaimTest& test) {
    TestNode out;
    out.kind = test.kind;
    if (test.kind != TestKind::All && test.kind != TestKind::Any && test.kind != TestKind::Not) {
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

  std::optional<std::size_t> leaf(const ClaimTest& test) {
    ClaimTest key = test;
    key.path.clear();
    for (std::size_t i = 0; i < keys_.size(); ++i)
      if (keys_[i] == key) return i;
    settings_.watch.tell("testing the claims", leaves.size(), 0);
    auto judged = judge_leaf(disputes_, test, settings_);
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
  for (std::size_t i = 0; i < claims.size(); ++i)
    if (wanted(i)) evaluator.note(claims[i].test);
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
