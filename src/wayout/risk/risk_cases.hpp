#pragma once
/// @file
/// What random disputes with tempos, catastrophes and hazards are put together from. For tests
/// only.

#include <optional>
#include <string>
#include <utility>

#include "wayout/model/conflict.hpp"
#include "wayout/space/random_conflict.hpp"

namespace wayout {

inline Quantity number(const std::string& text) {
  Quantity out;
  out.a = *Decimal::parse(text);
  return out;
}

inline Quantity number(double x) { return number(std::to_string(x)); }

inline Quantity range(const std::string& from, const std::string& to) {
  Quantity out = number(from);
  out.form = Quantity::Form::FromTo;
  out.b = *Decimal::parse(to);
  return out;
}

/// A random dispute in which every preference is by weights, so that risk can be asked for; without
/// goals and claims.
inline Parts random_weights(RandomSettings mix, std::uint64_t seed) {
  mix.priorities = mix.additive = mix.ranking = 0;
  mix.third = 0;
  Parts out = random_parts(mix, seed);
  out.goals.clear();
  out.claims.clear();
  return out;
}

inline TempoPart tempo(const std::string& party, Quantity moves, Quantity rationality) {
  TempoPart out;
  out.party = party;
  out.moves_per_unit = std::move(moves);
  out.rationality = std::move(rationality);
  return out;
}

inline TempoPart tempo_of_tables(Quantity moves) {
  TempoPart out;
  out.track = "*";
  out.moves_per_unit = std::move(moves);
  return out;
}

/// "bang", which hazards alone lead to, and "crash", which is also where both of the first two
/// options are taken.
inline void add_catastrophes(Parts& parts) {
  for (const char* id : {"bang", "crash"}) parts.catastrophes.emplace_back().id = id;
  parts.catastrophes[1].when = parts.options[0].id + " and " + parts.options[1].id;
}

/// Leads to "bang".
inline HazardPart hazard(const std::string& id, const std::string& when, Quantity rate) {
  HazardPart out;
  out.id = id;
  out.when = when;
  out.rate = std::move(rate);
  out.leads_to.catastrophes = {{"bang", number("1")}};
  return out;
}

/// Leads to "bang" three times in four, otherwise to "crash".
inline HazardPart forked_hazard(const std::string& id, const std::string& when, Quantity rate) {
  HazardPart out = hazard(id, when, std::move(rate));
  out.leads_to.catastrophes = {{"bang", number("0.75")}, {"crash", number("0.25")}};
  out.leads_to.shares_written = true;
  return out;
}

/// Sets an option.
inline HazardPart sliding_hazard(const std::string& id, const std::string& when, Quantity rate,
                                 const std::string& option) {
  HazardPart out = hazard(id, when, std::move(rate));
  out.leads_to.catastrophes.clear();
  out.leads_to.assignment = option + " = 1";
  return out;
}

inline void add_factor(HazardPart& hazard, const std::string& id, const std::string& when,
                       Quantity times) {
  FactorPart& out = hazard.factors.emplace_back();
  out.id = id;
  out.when = when;
  out.times = std::move(times);
}

/// The case, if it stands.
inline std::optional<Conflict> built_if_sound(Parts parts) {
  auto out = build(std::move(parts));
  if (!out || !out->status_quo()) return std::nullopt;
  return *out;
}

}  // namespace wayout
