#include "wayout/model/view.hpp"

#include <algorithm>
#include <set>

#include "wayout/base/text.hpp"

namespace wayout {
namespace {

bool names(const std::vector<std::string>& list, const std::string& id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

/// What two parts of one kind must share for one to replace the other.
template <class Part>
std::string key_of(const Part& part) {
  return part.id;
}
std::string key_of(const PreferencePart& part) { return part.party; }
std::string key_of(const TempoPart& part) { return part.party + "/" + part.track; }
std::string key_of(const MovesPart& part) { return part.party; }
std::string key_of(const StatePart& part) { return std::to_string(part.number); }

template <class Part>
void select_list(std::vector<Part>& list, std::span<const std::string> variants) {
  const auto chosen = [&](const Part& part) {
    return std::any_of(part.only.begin(), part.only.end(), [&](const std::string& v) {
      return std::find(variants.begin(), variants.end(), v) != variants.end();
    });
  };
  std::erase_if(list, [&](const Part& part) { return !part.only.empty() && !chosen(part); });
  // A part chosen by its variant takes the place of the one without.
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].only.empty()) continue;
    const std::string key = key_of(list[i]);
    if (key.empty() || key == "/") continue;
    for (std::size_t k = 0; k < list.size(); ++k) {
      if (!list[k].only.empty() || key_of(list[k]) != key) continue;
      list[k] = list[i];
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
      --i;
      break;
    }
  }
  for (Part& part : list) part.only.clear();
}

template <class Part>
Part* find(std::vector<Part>& list, const std::string& id) {
  for (Part& part : list)
    if (!part.id.empty() && part.id == id) return &part;
  return nullptr;
}

void multiply(Quantity& q, const Quantity& by) {
  const auto factor = by.value();
  const auto product = factor ? Decimal::multiply(q.times, *factor) : std::nullopt;
  if (product) {
    q.times = *product;
    return;
  }
  // Past the exact range: leave a number that build() refuses with a located message.
  q.times = Decimal(INT64_MAX);
  q.a = Decimal(INT64_MAX);
}

void change_statement(PreferencePart& preference, const EffectPart& e) {
  auto& list = preference.statements;
  const auto at =
      std::find_if(list.begin(), list.end(), [&](const auto& s) { return s.id == e.statement; });
  if (at == list.end()) return;
  switch (e.action) {
    case StatementAction::Times:
      for (auto& [criterion, q] : at->values) multiply(q, e.number);
      break;
    case StatementAction::Drop:
      at->enabled = !e.flag;
      break;
    case StatementAction::Vital:
      at->vital = e.flag;
      break;
    case StatementAction::First:
      std::rotate(list.begin(), at, at + 1);
      break;
    case StatementAction::After: {
      StatementPart moved = *at;
      list.erase(at);
      const auto anchor =
          std::find_if(list.begin(), list.end(), [&](const auto& s) { return s.id == e.after; });
      list.insert(anchor == list.end() ? anchor : anchor + 1, std::move(moved));
      break;
    }
  }
}

void change_tempo(Parts& parts, const EffectPart& e) {
  for (TempoPart& t : parts.tempos) {
    if (t.party != e.target && t.track != e.target) continue;
    multiply(t.moves_per_unit, e.number);
    return;
  }
  for (const TempoPart& t : parts.tempos) {
    if (t.track != "*") continue;
    TempoPart own = t;
    own.id.clear();
    own.track = e.target;
    multiply(own.moves_per_unit, e.number);
    parts.tempos.push_back(std::move(own));
    return;
  }
}

void apply_one(Parts& parts, const EffectPart& e) {
  switch (e.kind) {
    case EffectKind::Open:
    case EffectKind::Close:
      if (auto* t = find(parts.tracks, e.target)) t->open = e.kind == EffectKind::Open;
      break;
    case EffectKind::Link:
      if (auto* t = find(parts.tracks, e.target))
        t->linked = e.expression.empty() ? "true" : e.expression;
      break;
    case EffectKind::Unlink:
      if (auto* t = find(parts.tracks, e.target)) t->linked.clear();
      break;
    case EffectKind::Table:
      if (auto* t = find(parts.tracks, e.target)) {
        std::erase_if(t->table, [&](const std::string& o) { return names(e.remove, o); });
        for (const std::string& o : e.add)
          if (!names(t->table, o)) t->table.push_back(o);
      }
      break;
    case EffectKind::Binding:
      if (auto* o = find(parts.options, e.target)) o->binding = e.flag;
      break;
    case EffectKind::Enable:
      if (auto* o = find(parts.options, e.target)) o->enabled = true;
      if (auto* r = find(parts.rules, e.target)) r->enabled = true;
      for (auto& p : parts.preferences)
        if (auto* s = find(p.statements, e.target)) s->enabled = true;
      break;
    case EffectKind::Moves:
      if (auto* o = find(parts.options, e.target)) o->moves = e.direction;
      break;
    case EffectKind::DropRule:
      if (auto* r = find(parts.rules, e.target)) r->enabled = !e.flag;
      break;
    case EffectKind::Statement:
      for (auto& p : parts.preferences)
        if (p.party == e.target) change_statement(p, e);
      break;
    case EffectKind::Criteria:
      for (auto& p : parts.preferences)
        if (p.party == e.target)
          for (const auto& [name, q] : e.set)
            for (auto& [criterion, value] : p.criteria)
              if (criterion == name) value = q;
      break;
    case EffectKind::HazardTimes:
      if (auto* h = find(parts.hazards, e.target)) multiply(h->rate, e.number);
      break;
    case EffectKind::RateSet:
      if (auto* h = find(parts.hazards, e.target)) h->rate = e.number;
      break;
    case EffectKind::TempoTimes:
      change_tempo(parts, e);
      break;
    case EffectKind::DropBelief:
      if (auto* b = find(parts.beliefs, e.target)) b->enabled = !e.flag;
      break;
    case EffectKind::Now:
      for (const auto& [id, level] : e.levels)
        if (auto* o = find(parts.options, id)) {
          o->now = level;
          o->has_now = true;
          o->or_now.clear();  // whoever starts elsewhere says where
        }
      break;
  }
}

template <class Part>
Errors unknown_names(const std::vector<std::string>& wanted, const std::vector<Part>& list,
                     const std::string& what) {
  Errors out;
  std::vector<std::string> ids;
  for (const Part& part : list) ids.push_back(part.id);
  for (const std::string& id : wanted)
    if (!names(ids, id)) {
      std::string hint = did_you_mean(id, ids);
      if (hint.empty()) hint = ids.empty() ? "the case has none" : "it has " + join_and(ids);
      out.push_back(Error{
          "unknown_id", "'" + id + "' is no " + what + " of this case", {}, hint, Severity::Fault});
    }
  return out;
}

/// Every set of variants that some test of a claim names.
void tested_under(const ClaimTest& t, std::set<std::vector<std::string>>& out) {
  if (!t.under.empty()) out.insert(t.under);
  for (const ClaimTest& child : t.children) tested_under(child, out);
}

Errors unknown_variants(const Parts& file) {
  // A name in `only` that is no variant would hide a part for good.
  Errors out;
  std::vector<std::string> variants;
  for (const VariantPart& v : file.variants) variants.push_back(v.id);
  const auto check_only = [&](const auto& list) {
    for (const auto& part : list)
      for (const std::string& v : part.only)
        if (!names(variants, v)) {
          Where where;
          where.path = part.path + ".only";
          out.push_back(Error{"unknown_id", "'" + v + "' is no variant", where,
                              did_you_mean(v, variants), Severity::Fault});
        }
  };
  check_only(file.parties);
  check_only(file.options);
  check_only(file.defines);
  check_only(file.rules);
  check_only(file.preferences);
  for (const auto& p : file.preferences) check_only(p.statements);
  check_only(file.tracks);
  check_only(file.tempos);
  check_only(file.catastrophes);
  check_only(file.hazards);
  for (const auto& h : file.hazards) check_only(h.factors);
  check_only(file.measures);
  check_only(file.beliefs);
  check_only(file.goals);
  check_only(file.claims);
  check_only(file.states);
  check_only(file.moves);
  return out;
}

}  // namespace

Parts select(const Parts& file, std::span<const std::string> variants) {
  Parts out = file;
  out.under.assign(variants.begin(), variants.end());
  select_list(out.parties, variants);
  select_list(out.options, variants);
  select_list(out.defines, variants);
  select_list(out.rules, variants);
  select_list(out.preferences, variants);
  for (auto& p : out.preferences) select_list(p.statements, variants);
  select_list(out.tracks, variants);
  select_list(out.tempos, variants);
  select_list(out.catastrophes, variants);
  select_list(out.hazards, variants);
  for (auto& h : out.hazards) select_list(h.factors, variants);
  select_list(out.measures, variants);
  select_list(out.variants, variants);
  select_list(out.beliefs, variants);
  select_list(out.goals, variants);
  select_list(out.claims, variants);
  select_list(out.states, variants);
  select_list(out.moves, variants);
  return out;
}

Result<Conflict> apply_effects(const Conflict& conflict, std::span<const EffectPart> effects) {
  Parts parts = conflict.parts();
  for (const EffectPart& e : effects) apply_one(parts, e);
  return build(std::move(parts));
}

Result<Conflict> view(const Parts& file, const ViewSettings& settings) {
  Errors faults = unknown_names(settings.under, file.variants, "variant");
  for (Error& e : unknown_variants(file)) faults.push_back(std::move(e));
  if (!faults.empty()) return Unexpected{std::move(faults)};
  auto base = build(select(file, settings.under));
  if (!base) return base;
  const Parts& parts = base->parts();
  for (Errors more : {unknown_names(settings.with, parts.measures, "measure"),
                      unknown_names(settings.beliefs, parts.beliefs, "belief")})
    faults.insert(faults.end(), more.begin(), more.end());
  for (const MeasurePart& m : parts.measures) {
    if (!names(settings.with, m.id)) continue;
    for (const std::string& need : m.needs)
      if (!names(settings.with, need))
        faults.push_back(Error{"measure_needs",
                               "the measure '" + m.id + "' needs '" + need + "'",
                               {},
                               "take both: --with " + need + "," + m.id,
                               Severity::Fault});
    for (const std::string& other : m.excludes)
      if (names(settings.with, other))
        faults.push_back(Error{"measure_excludes",
                               "the measures '" + m.id + "' and '" + other + "' exclude each other",
                               {},
                               "leave one of them out",
                               Severity::Fault});
  }
  if (!faults.empty()) return Unexpected{std::move(faults)};
  std::vector<EffectPart> effects;
  const auto collect = [&effects](const auto& list, const std::vector<std::string>& wanted) {
    for (const auto& part : list)
      if (names(wanted, part.id))
        effects.insert(effects.end(), part.effects.begin(), part.effects.end());
  };
  collect(parts.variants, settings.under);
  collect(parts.measures, settings.with);
  collect(parts.beliefs, settings.beliefs);
  if (effects.empty()) return base;
  return apply_effects(*base, effects);
}

Result<Conflict> as_perceived(const Conflict& conflict, PartyId p) {
  std::vector<EffectPart> effects;
  for (const BeliefPart& b : conflict.parts().beliefs)
    if (b.enabled && b.party == conflict.party(p).id)
      effects.insert(effects.end(), b.effects.begin(), b.effects.end());
  if (effects.empty()) return conflict;
  return apply_effects(conflict, effects);
}

Errors check(const Parts& file) {
  constexpr std::size_t kMostFaults = 20;
  Errors out;
  std::set<std::string> told;
  const auto add = [&](const Errors& errors, const std::string& prefix, const std::string& path) {
    for (Error e : errors) {
      if (out.size() >= kMostFaults) return;
      if (e.where.path.empty() && !path.empty()) e.where.path = path;
      if (!told.insert(e.where.path + "\n" + std::to_string(e.where.offset) + e.message).second)
        continue;
      e.message = prefix + e.message;
      out.push_back(std::move(e));
    }
  };
  add(unknown_variants(file), "", "");
  const auto base = build(select(file, {}));
  if (!base) {
    add(base.error(), "", "");
    return out;
  }
  for (const VariantPart& v : file.variants) {
    const auto under = view(file, {{v.id}, {}, {}});
    if (!under) add(under.error(), "under the variant '" + v.id + "': ", v.path);
  }
  // What claims test under several variants at once; single ones have been built above. The claims
  // of a variant may name further ones.
  std::set<std::vector<std::string>> sets;
  for (const ClaimPart& c : file.claims) {
    std::set<std::vector<std::string>> named;
    tested_under(c.test, named);
    for (std::vector<std::string> set : named) {
      if (!unknown_names(set, file.variants, "variant").empty()) continue;
      sets.insert(set);
      for (const std::string& v : c.only) {
        std::vector<std::string> more = set;
        if (!names(more, v)) more.push_back(v);
        sets.insert(std::move(more));
      }
    }
  }
  for (const std::vector<std::string>& set : sets) {
    if (set.size() < 2) continue;
    const auto under = view(file, {set, {}, {}});
    if (!under) add(under.error(), "under the variants " + join_and(set) + ": ", "");
  }
  for (const MeasurePart& m : base->parts().measures) {
    const auto with = apply_effects(*base, m.effects);
    if (!with) add(with.error(), "with the measure '" + m.id + "': ", m.path);
  }
  for (const BeliefPart& b : base->parts().beliefs) {
    const auto seen = apply_effects(*base, b.effects);
    if (!seen) add(seen.error(), "under the belief '" + b.id + "': ", b.path);
  }
  return out;
}

}  // namespace wayout
