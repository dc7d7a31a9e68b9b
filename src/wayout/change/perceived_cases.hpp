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

/// q would take y, and believes that y cannot be; `look` shows it that it can.
inline Parts blinded() {
  Parts parts = deterrence(false);
  RulePart blind;
  blind.id = "blind";
  blind.never = "y";
  blind.enabled = false;
  parts.rules = {blind};
  parts.beliefs = {belief("unseen", "q", {enable("blind")})};
  parts.measures = {correction("look", "unseen")};
  return parts;
}

/// An agreement that would please both and that q believes to cost it something; `talk` corrects
/// that.
inline Parts mistrust() {
  Parts parts;
  parts.parties = {party("p"), party("q")};
  OptionPart deal;
  deal.id = "deal";
  deal.parties = {"p", "q"};
  parts.options = {deal};
  TrackPart table;
  table.id = "table";
  table.parties = {"p", "q"};
  table.table = {"deal"};
  parts.tracks = {table};
  parts.preferences = {wishes("p", {wish("gain_p", "deal")}),
                       wishes("q", {wish("loss", "not deal", false), wish("gain", "deal")})};
  parts.beliefs = {belief("mistrust", "q", {enable("loss")})};
  parts.measures = {correction("talk", "mistrust")};
  parts.goals = {goal("deal")};
  return parts;
}

}  // namespace wayout
