// The chain of a profile from that of another one: the states and moves are there, the numbers are
// worked out anew.
#include <algorithm>
#include <cmath>
#include <map>

#include "wayout/risk/chain.hpp"

namespace wayout {

bool ConflictChain::supports_profiles(const Conflict& conflict) {
  for (const MoverId m : conflict.movers())
    if (!MenuBook::supports_profiles(conflict, m)) return false;
  for (const GoalPart& goal : conflict.parts().goals)
    if (goal.absorbing) return false;  // whether it holds depends on what is wanted
  return true;
}

std::optional<ConflictChain::Numbers> ConflictChain::numbers(const Conflict& profile,
                                                             const Normaliser& normaliser) const {
  const Conflict& own = *conflict_;
  if (profile.party_count() != own.party_count() || profile.option_count() != own.option_count() ||
      profile.mover_count() != own.mover_count() ||
      profile.parts().hazards.size() != own.parts().hazards.size())
    return std::nullopt;
  const auto inputs = risk_inputs(profile);
  if (!inputs || inputs->list.size() != inputs_.list.size() || inputs->tempo != inputs_.tempo)
    return std::nullopt;
  for (std::size_t i = 0; i < inputs_.list.size(); ++i)
    if (inputs->list[i].id != inputs_.list[i].id) return std::nullopt;
  Numbers out;
  out.values = inputs->values();
  std::vector<double> scale;
  for (const PartyId p : profile.parties()) {
    const auto known = normaliser.scale.find(profile.party(p).id);
    if (known == normaliser.scale.end()) return std::nullopt;
    const PreferencePart* mine = own.preference_part(p);
    const PreferencePart* theirs = profile.preference_part(p);
    if ((mine == nullptr) != (theirs == nullptr)) return std::nullopt;
    if (mine != nullptr &&
        (mine->method != theirs->method || mine->statements.size() != theirs->statements.size()))
      return std::nullopt;
    scale.push_back(known->second);
  }
  for (std::size_t i = 0; i < movers_.size(); ++i) {
    const std::size_t m = movers_[i].index();
    auto menus = books_[i]->in_profile(profile, scale, out.values[inputs->rationality[m]]);
    if (!menus) return std::nullopt;
    out.menus.push_back(std::move(*menus));
    out.tempo.push_back(out.values[inputs_.tempo[m]]);
  }
  for (std::size_t h = 0; h < hazards_.size(); ++h) {
    out.shares.emplace_back();
    for (const auto& [id, share] : profile.parts().hazards[h].leads_to.catastrophes)
      out.shares.back().push_back(share.value().value_or(Decimal(0)).to_double());
    if (out.shares.back().size() != hazards_[h].shares.size()) return std::nullopt;
  }
  return out;
}

double ConflictChain::rate_of(std::size_t h, const Pattern& pattern,
                              const std::vector<double>& values) const {
  double rate = pattern.acts ? values[inputs_.hazards[h].rate] : 0;
  for (const std::uint32_t f : pattern.factors) rate *= values[inputs_.hazards[h].factors[f]];
  return rate;
}

std::optional<ProfileChain> ConflictChain::in_profile(const Conflict& profile,
                                                      const Normaliser& normaliser,
                                                      std::span<const State> starts,
                                                      std::size_t most_states) const {
  auto own = numbers(profile, normaliser);
  if (!own) return std::nullopt;
  ProfileChain out;
  out.values = std::move(own->values);
  out.shares = std::move(own->shares);
  std::vector<MenuBook::Profile>& menus = own->menus;
  const std::vector<double>& tempo = own->tempo;
  out.enter.assign(chain_.outcomes.size(), 0);
  for (std::size_t i = 0; i < movers_.size(); ++i) {
    if (!storm_.empty()) out.turn += tempo[i] * books_[i]->most_likely(storm_[i], menus[i]);
    for (std::size_t k = 0; k < catastrophes_.size(); ++k)
      out.enter[catastrophes_[k].first] +=
          tempo[i] * books_[i]->most_likely(enter_[k][i], menus[i]);
  }
  std::vector<std::vector<double>> rates(hazards_.size());
  for (std::size_t h = 0; h < hazards_.size(); ++h)
    for (const Pattern& pattern : hazards_[h].patterns)
      rates[h].push_back(rate_of(h, pattern, out.values));
  // The likeliest first: states wait in buckets by the chance of the ways to them that are known,
  // half a power of two each.
  constexpr int kBuckets = 200;
  const auto bucket_of = [](double p) {
    if (!(p > 0)) return kBuckets - 1;
    int exponent = 0;
    const double mantissa = std::frexp(p, &exponent);  // p = mantissa 2^exponent, 0.5 <= mantissa
    return std::clamp(-2 * exponent + (mantissa < 0.7071 ? 1 : 0) + 1, 0, kBuckets - 1);
  };
  const std::size_t all = chain_.size();
  const OutcomeMask catastrophes = chain_.catastrophes();
  thread_local std::vector<double> score;
  thread_local std::vector<std::uint32_t> row_of;
  score.assign(all, 0);
  row_of.assign(all, kNoState);
  std::vector<std::vector<std::uint32_t>> buckets(kBuckets);
  std::vector<std::size_t> taken(kBuckets, 0);
  int lowest = kBuckets;
  const auto raise = [&](std::uint32_t s, double p) {
    if (s >= all || row_of[s] != kNoState) return;
    const bool fresh = score[s] == 0;
    const int before = fresh ? -1 : bucket_of(score[s]);
    score[s] += p;
    const int after = bucket_of(score[s]);
    if (after == before) return;
    buckets[static_cast<std::size_t>(after)].push_back(s);
    lowest = std::min(lowest, after);
  };
  std::vector<std::uint32_t> begins;
  for (const State s : starts) {
    const auto place = find(s);
    if (!place) return std::nullopt;
    begins.push_back(*place);
    raise(*place, 1);
  }
  const double leak = inputs_.horizon > 0 ? 1 / inputs_.horizon : 0;
  Rows rows;  // in the order explored, to states of this chain
  while (out.states.size() < most_states) {
    while (lowest < kBuckets && taken[static_cast<std::size_t>(lowest)] ==
                                    buckets[static_cast<std::size_t>(lowest)].size())
      ++lowest;
    if (lowest == kBuckets) break;
    const std::uint32_t s =
        buckets[static_cast<std::size_t>(lowest)][taken[static_cast<std::size_t>(lowest)]++];
    if (row_of[s] != kNoState || bucket_of(score[s]) != lowest) continue;
    row_of[s] = static_cast<std::uint32_t>(out.states.size());
    out.states.push_back(s);
    const std::size_t first_entry = rows.to.size();
    double exit = leak;
    const auto add = [&](std::uint64_t place, double rate) {
      if (rate == 0) return;  // what has no rate in this profile is left out
      rows.to.push_back(chain_.moves.to[place]);
      rows.rate.push_back(rate);
      exit += rate;
    };
    std::uint64_t e = chain_.moves.begin[s];
    const std::uint64_t last = chain_.moves.begin[s + 1];
    for (std::size_t i = 0; i < movers_.size() && e < last; ++i) {
      const std::uint32_t m = menu(s, i);
      if (m == kNoState) continue;
      books_[i]->make_ready(menus[i], m);
      const std::size_t items = books_[i]->items(m);
      const double* p = menus[i].probability.data() + books_[i]->first(m);
      for (std::size_t k = 0; k < items; ++k, ++e) add(e, tempo[i] * p[k]);
    }
    for (std::size_t h = 0; h < hazards_.size(); ++h) {
      const double rate = rates[h][pattern(s, h)];
      if (const auto place = assigned(s, h))
        add(*place, rate);
      else if (!hazards_[h].assigns)
        exit += rate;
    }
    rows.begin.push_back(rows.to.size());
    if ((chain_.at[s] & catastrophes) != 0) continue;  // a start
    const double factor = score[s] / exit;
    for (std::size_t k = first_entry; k < rows.to.size(); ++k) {
      const std::uint32_t t = rows.to[k];
      if (t < all && (chain_.at[t] & catastrophes) == 0) raise(t, factor * rows.rate[k]);
    }
  }
  // Catastrophes that were met and not explored: the way ends there, and one state stands for all
  // that come to the same.
  const std::size_t likeliest = out.states.size();
  std::map<OutcomeMask, std::uint32_t> ended;
  for (std::size_t k = 0; k < rows.to.size(); ++k) {
    std::uint32_t& t = rows.to[k];
    if (t >= all || row_of[t] != kNoState || (chain_.at[t] & catastrophes) == 0) continue;
    const auto [at, fresh] = ended.emplace(chain_.at[t] & catastrophes, t);
    t = at->second;
    if (!fresh) continue;
    out.states.push_back(t);
  }
  for (std::size_t i = likeliest; i < out.states.size(); ++i)
    row_of[out.states[i]] = static_cast<std::uint32_t>(i);
  rows.begin.resize(rows.begin.size() + out.states.size() - likeliest, rows.to.size());
  // Numbered as in this chain, where neighbours lie close together.
  std::sort(out.states.begin(), out.states.end());
  std::vector<std::uint32_t> row(out.states.size());
  for (std::size_t i = 0; i < out.states.size(); ++i) row[i] = row_of[out.states[i]];
  for (std::size_t i = 0; i < out.states.size(); ++i)
    row_of[out.states[i]] = static_cast<std::uint32_t>(i);
  Chain& chain = out.chain;
  const std::size_t n = out.states.size();
  const std::size_t outcomes = chain_.outcomes.size();
  chain.outcomes = chain_.outcomes;
  chain.out.assign(n, 0);
  chain.into.assign(n * outcomes, 0);
  chain.at.resize(n);
  chain.moves.to.reserve(rows.to.size());
  chain.moves.rate.reserve(rows.to.size());
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t s = out.states[i];
    chain.at[i] = chain_.at[s];
    for (std::uint64_t k = rows.begin[row[i]]; k < rows.begin[row[i] + 1]; ++k) {
      const std::uint32_t t = rows.to[k] < all ? row_of[rows.to[k]] : kNoState;
      if (t == kNoState && (chain.at[i] & catastrophes) == 0) chain.complete = false;
      const bool calm =
          t == kNoState && rows.to[k] < all && !stormy_.empty() && stormy_[rows.to[k]] == 0;
      chain.moves.to.push_back(t == kNoState ? static_cast<std::uint32_t>(calm ? n + 1 : n) : t);
      chain.moves.rate.push_back(rows.rate[k]);
      chain.out[i] += rows.rate[k];
    }
    chain.moves.begin.push_back(chain.moves.to.size());
    for (std::size_t h = 0; h < hazards_.size(); ++h) {
      const double rate = rates[h][pattern(s, h)];
      for (std::size_t k = 0; k < out.shares[h].size(); ++k)
        chain.into[i * outcomes + hazards_[h].shares[k].first] += rate * out.shares[h][k];
    }
  }
  for (const std::uint32_t s : begins) out.starts.push_back(row_of[s]);
  chain.start = out.starts[0];
  return out;
}

}  // namespace wayout
