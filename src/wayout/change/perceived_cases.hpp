#pragma once
/// @file
/// Small disputes with beliefs. For tests only.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "wayout/model/conflict.hpp"

namespace wayout {

inline PartyPart party(const std::string& id) {
  PartyPart out;
  out.id = id;
  return out;
}

inline OptionPart option(const std::string& id, const std::string& owner) {
  OptionPart out;
  out.id = id;
  out.party = owner;
  return out;
}

inline PreferencePart wishes(const std::string& who, const std::vector<StatementPart>& list) {
  PreferencePart out;
  out.party = who;
  out.statements = list;
  return out;
}

inline StatementPart wish(const std::string& id, const std::string& when, bool enabled = true) {
  StatementPart out;
  out.id = id;
  out.when = when;
  out.enabled = enabled;
  return out;
}

inline EffectPart enable(const std::string& id) {
  EffectPart out;
  out.kind = EffectKind::Enable;
  out.target = id;
  return out;
}

inline BeliefPart belief(const std::string& id, const std::string& who,
                         std::vector<EffectPart> effects) {
  BeliefPart out;
  out.id = id;
  out.party = who;
  out.effects = std::move(effects);
  return out;
}

inline MeasurePart correction(const std::string& id, const std::string& what) {
  MeasurePart out;
  out.id = id;
  EffectPart e;
  e.kind = EffectKind::DropBelief;
  e.target = what;
  out.effects = {e};
  return out;
}

inline GoalPart goal(const std::string& when) {
  GoalPart out;
  out.id = "goal";
  out.when = when;
  return out;
}

inline Conflict built(Parts parts) {
  auto c = build(std::move(parts));
  EXPECT_TRUE(c) << c.error()[0].message;
  return *c;
}

/// q would take y; a takes x in answer only if it is spiteful.
inline Parts deterrence(bool spiteful) {
  Parts parts;
  parts.parties = {party("a"), party("q")};
  parts.options = {option("x", "a"), option("y", "q")};
  parts.preferences = {wishes("a", {wish("spite", "x if y", spiteful), wish("calm", "not x")}),
                       wishes("q", {wish("no_x", "not x"), wish("take", "y")})};
  parts.goals = {goal("not y")};
  return parts;
}

}  // namespace wayout
