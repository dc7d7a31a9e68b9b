#pragma once
/// @file
/// What random disputes with tempos, catastrophes and hazards are put together from. For tests
/// only.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "wayout/base/random.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/risk/menu.hpp"
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

/// A random conflict of weights with tables, tempos, two catastrophes and four hazards.
inline std::optional<Conflict> random_risk_case(std::uint64_t seed) {
  RandomSettings rs;
  rs.parties = 2 + seed % 2;
  rs.options = 5 + seed % 3;
  rs.statements = 6;
  rs.tracks = 2;
  rs.joint = 0.4;
  Parts parts = random_weights(rs, seed);
  Random r(seed, 0, "risk");
  for (const PartyPart& p : parts.parties) {
    const Quantity moves = number(0.2 + r.unit());
    parts.tempos.push_back(tempo(p.id, moves, number(0.3 + r.unit())));
  }
  parts.tempos.push_back(tempo_of_tables(number(0.4)));
  add_catastrophes(parts);
  const auto rate = [&r] { return number(0.01 + 0.05 * r.unit()); };
  const std::string calm = "not " + parts.options[2].id;
  for (std::size_t k = 0; k < 4; ++k) {
    const std::string id = "h" + std::to_string(k);
    HazardPart h = k == 0   ? forked_hazard(id, "true", rate())
                   : k == 3 ? sliding_hazard(id, calm, rate(), parts.options[0].id)
                            : hazard(id, k == 2 ? "true" : calm, rate());
    for (std::size_t f = 0; f < 2; ++f)
      add_factor(h, "f" + std::to_string(f), parts.options[(k + f) % parts.options.size()].id,
                 number(0.3 + 4 * r.unit()));
    parts.hazards.push_back(h);
  }
  return built_if_sound(std::move(parts));
}

inline double moved(double x, Random& r) { return x * (0.6 + 0.8 * r.unit()); }

/// The same case with every number moved by up to two fifths.
inline std::optional<Conflict> profile_of(const Conflict& c, std::uint64_t seed) {
  Parts parts = c.parts();
  Random r(seed, 0, "profile");
  const auto change = [&](Quantity& q) {
    if (const auto x = q.value()) q = number(moved(x->to_double(), r));
  };
  for (PreferencePart& p : parts.preferences)
    for (auto& statement : p.statements)
      for (auto& [criterion, q] : statement.values) change(q);
  for (TempoPart& t : parts.tempos) {
    change(t.moves_per_unit);
    if (t.rationality) change(*t.rationality);
  }
  for (HazardPart& h : parts.hazards) {
    change(h.rate);
    for (FactorPart& f : h.factors) change(f.times);
  }
  auto out = build(std::move(parts));
  if (!out) return std::nullopt;
  return *out;
}

/// In which those profiles are.
inline StatementRange wide(const Conflict& c) {
  return [&c](PartyId p, std::size_t k) {
    const double x = c.statement_points(p, k).second;
    return std::pair{std::min(0.5 * x, 1.5 * x), std::max(0.5 * x, 1.5 * x)};
  };
}

}  // namespace wayout
