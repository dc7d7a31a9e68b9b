#include "wayout/risk/inputs.hpp"

#include <algorithm>

namespace wayout {
namespace {

RiskInput input(InputKind kind, std::string id, std::string name, const Quantity& q,
                std::string path) {
  RiskInput out;
  out.kind = kind;
  out.id = std::move(id);
  out.name = std::move(name);
  out.path = std::move(path);
  out.value = q.value().value_or(Decimal(0)).to_double();
  out.low = q.low().value_or(Decimal(0)).to_double();
  out.high = q.high().value_or(Decimal(0)).to_double();
  return out;
}

bool can_move(const Conflict& conflict, MoverId m) {
  if (!conflict.graph_form()) return !conflict.mover(m).digits.empty();
  if (conflict.mover(m).track) return false;
  for (std::size_t node = 0; node < conflict.graph_size(); ++node)
    if (!conflict.arcs(PartyId(m.index()), conflict.graph_state(node)).empty()) return true;
  return false;
}

/// The tempo part of a mover: its own, or for a track that of "*".
const TempoPart* tempo_part(const Conflict& conflict, const MoverInfo& mover) {
  const TempoPart* every = nullptr;
  for (const TempoPart& part : conflict.parts().tempos) {
    if (mover.track ? part.track == mover.id : part.party == mover.id) return &part;
    if (mover.track && part.track == "*") every = &part;
  }
  return every;
}

}  // namespace

std::string_view input_kind_name(InputKind kind) {
  switch (kind) {
    case InputKind::Tempo:
      return "tempo";
    case InputKind::Rationality:
      return "rationality";
    case InputKind::Rate:
      return "rate";
    case InputKind::Factor:
      return "factor";
  }
  return "";
}

std::vector<double> RiskInputs::values() const {
  std::vector<double> out;
  for (const RiskInput& i : list) out.push_back(i.value);
  return out;
}

Result<RiskInputs> risk_inputs(const Conflict& conflict, std::optional<double> rationality) {
  const Parts& parts = conflict.parts();
  RiskInputs out;
  Errors faults;
  out.horizon = parts.time.horizon.value().value_or(Decimal(0)).to_double();
  out.unit = parts.time.unit;
  out.tempo.assign(conflict.mover_count(), kNoInput);
  out.rationality.assign(conflict.mover_count(), kNoInput);
  const auto add = [&out](RiskInput i) {
    for (std::size_t k = 0; k < out.list.size(); ++k)
      if (out.list[k].id == i.id) return k;
    out.list.push_back(std::move(i));
    return out.list.size() - 1;
  };
  std::size_t all_rational = kNoInput;
  if (rationality) {
    RiskInput i;
    i.kind = InputKind::Rationality;
    i.id = "rationality:all";
    i.name = "rationality of every mover";
    i.value = i.low = i.high = *rationality;
    all_rational = add(std::move(i));
  }
  // What a part says of rationality, as an input; kNoInput where it says nothing.
  const auto stated = [&](const TempoPart& part) {
    const std::string& who = part.party.empty() ? part.track : part.party;
    const std::string id = "rationality:" + who;
    const std::string name = "rationality of " + (who == "*" ? "every table" : who);
    if (part.rationality_infinite) {
      RiskInput i;
      i.kind = InputKind::Rationality;
      i.id = id;
      i.name = name;
      i.value = i.low = i.high = std::numeric_limits<double>::infinity();
      i.path = part.path + ".rationality";
      return add(std::move(i));
    }
    if (!part.rationality) return kNoInput;
    return add(
        input(InputKind::Rationality, id, name, *part.rationality, part.path + ".rationality"));
  };
  for (const MoverId m : conflict.movers()) {
    const MoverInfo& mover = conflict.mover(m);
    if (!can_move(conflict, m)) continue;
    const TempoPart* part = tempo_part(conflict, mover);
    if (part == nullptr) {
      Where where;
      if (mover.track) {
        for (const TrackPart& t : parts.tracks)
          if (t.id == mover.id) where.path = t.path;
      } else {
        where.path = parts.parties[m.index()].path;
      }
      faults.push_back(
          Error{"no_tempo", "'" + mover.id + "' can move and has no tempo, so the risk is not said",
                where,
                "add [[tempo]] with " +
                    std::string(mover.track ? "track = \"*\"" : "party = \"" + mover.id + "\"") +
                    " and moves_per_unit",
                Severity::Fault});
      continue;
    }
    const std::string& who = part->party.empty() ? part->track : part->party;
    out.tempo[m.index()] = add(input(InputKind::Tempo, "tempo:" + who,
                                     "tempo of " + (who == "*" ? "every table" : who),
                                     part->moves_per_unit, part->path + ".moves_per_unit"));
    if (rationality) {
      out.rationality[m.index()] = all_rational;
      continue;
    }
    std::size_t own = stated(*part);
    if (own == kNoInput && mover.track) {
      for (const PartyId p : conflict.parties()) {
        if (!contains(mover.members, p)) continue;
        const TempoPart* member = tempo_part(conflict, conflict.mover(conflict.mover_of(p)));
        const std::size_t theirs = member == nullptr ? kNoInput : stated(*member);
        if (theirs != kNoInput && (own == kNoInput || out.list[theirs].value < out.list[own].value))
          own = theirs;
      }
    }
    if (own == kNoInput) {
      Where where;
      where.path = part->path;
      faults.push_back(
          Error{"no_rationality",
                "'" + mover.id + "' has a tempo and no rationality, so its choices are not said",
                where, "add rationality = 2 (or inf), or say --rationality", Severity::Fault});
      continue;
    }
    out.rationality[m.index()] = own;
  }
  for (std::size_t h = 0; h < parts.hazards.size(); ++h) {
    const HazardPart& part = parts.hazards[h];
    const std::string id = part.id.empty() ? std::to_string(h + 1) : part.id;
    RiskInputs::Hazard hazard;
    hazard.rate =
        add(input(InputKind::Rate, "rate:" + id, part.name.empty() ? "hazard " + id : part.name,
                  part.rate, part.path + ".rate"));
    for (std::size_t f = 0; f < part.factors.size(); ++f) {
      const FactorPart& factor = part.factors[f];
      const std::string own = factor.id.empty() ? std::to_string(f + 1) : factor.id;
      hazard.factors.push_back(
          add(input(InputKind::Factor, "factor:" + id + "." + own,
                    factor.name.empty() ? id + " where " + factor.when : factor.name, factor.times,
                    factor.path + ".times")));
    }
    out.hazards.push_back(std::move(hazard));
  }
  if (!faults.empty()) return Unexpected{std::move(faults)};
  return out;
}

}  // namespace wayout
