#include "wayout/risk/explicit.hpp"

#include <algorithm>

namespace wayout {
namespace {

std::string name_of(const Conflict& c, State s) {
  if (c.graph_form()) return "state=" + std::to_string(c.graph_number(s));
  std::string out;
  for (const OptionId o : c.options())
    out += (out.empty() ? "" : ",") + c.option(o).id + "=" + std::to_string(c.level(s, o));
  return out;
}

}  // namespace

ExplicitChain explicit_chain(const ConflictChain& model) {
  const Chain& chain = model.chain();
  const std::size_t n = chain.size();
  const std::size_t width = chain.outcomes.size();
  ExplicitChain out;
  out.initial = chain.start;
  // Where a hazard into outcome k leads; the outside is a state too.
  std::vector<std::uint32_t> place(width, kNoState);
  std::uint32_t next = static_cast<std::uint32_t>(n);
  const OutcomeMask outside = chain.of_kind(ChainOutcome::Kind::Outside);
  for (std::size_t k = 0; k < width; ++k) {
    bool used = chain.outcomes[k].kind == ChainOutcome::Kind::Outside && !chain.complete;
    for (std::size_t s = 0; s < n && !used; ++s) used = chain.into[s * width + k] > 0;
    if (used) place[k] = next++;
  }
  std::uint32_t sink = kNoState;
  for (std::size_t k = 0; k < width; ++k)
    if ((outside >> k) & 1u) sink = place[k];
  std::vector<std::pair<std::uint32_t, double>> row;
  for (std::size_t s = 0; s < next; ++s) {
    row.clear();
    if (s < n && (chain.at[s] & chain.stopping()) == 0) {
      for (std::uint64_t e = chain.moves.begin[s]; e < chain.moves.begin[s + 1]; ++e)
        if (chain.moves.rate[e] > 0)
          row.emplace_back(chain.moves.to[e] < n ? chain.moves.to[e] : sink, chain.moves.rate[e]);
      for (std::size_t k = 0; k < width; ++k)
        if (chain.into[s * width + k] > 0) row.emplace_back(place[k], chain.into[s * width + k]);
    }
    if (row.empty()) row.emplace_back(static_cast<std::uint32_t>(s), 1.0);
    std::sort(row.begin(), row.end());
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0 && row[i].first == row[i - 1].first) {
        out.rate.back() += row[i].second;
        continue;
      }
      out.to.push_back(row[i].first);
      out.rate.push_back(row[i].second);
    }
    out.begin.push_back(out.to.size());
    out.names.push_back(s < n ? name_of(model.conflict(), model.state(s)) : std::string());
  }
  for (std::size_t k = 0; k < width; ++k) {
    const ChainOutcome& o = chain.outcomes[k];
    ExplicitChain::Label label;
    label.name = o.kind == ChainOutcome::Kind::Outside ? "outside"
                 : o.kind == ChainOutcome::Kind::Held  ? "held_" + o.id
                                                       : o.id;
    for (std::uint32_t s = 0; s < n; ++s)
      if ((chain.at[s] >> k) & 1u) label.states.push_back(s);
    if (place[k] != kNoState) {
      label.states.push_back(place[k]);
      out.names[place[k]] = label.name;
    }
    if (o.kind == ChainOutcome::Kind::Outside && label.states.empty()) continue;
    out.labels.push_back(std::move(label));
  }
  return out;
}

Chain chain_of(const ExplicitChain& from) {
  Chain out;
  const std::size_t n = from.size();
  out.start = from.initial;
  out.at.assign(n, 0);
  out.out.assign(n, 0);
  for (const auto& label : from.labels) {
    if (label.name == "deadlock" || out.outcomes.size() >= 62) continue;
    for (const std::uint32_t s : label.states) out.at[s] |= OutcomeMask{1} << out.outcomes.size();
    out.outcomes.push_back({ChainOutcome::Kind::Label, label.name, label.name});
  }
  out.outcomes.push_back({ChainOutcome::Kind::Outside, "", ""});
  out.into.assign(n * out.outcomes.size(), 0);
  for (std::size_t s = 0; s < n; ++s) {
    for (std::uint64_t e = from.begin[s]; e < from.begin[s + 1]; ++e) {
      if (from.to[e] == s) continue;
      out.moves.to.push_back(from.to[e]);
      out.moves.rate.push_back(from.rate[e]);
      out.out[s] += from.rate[e];
    }
    out.moves.begin.push_back(out.moves.to.size());
  }
  return out;
}

}  // namespace wayout
