#include "wayout/answer/compare.hpp"

#include <numeric>

#include "wayout/answer/claims_risk.hpp"
#include "wayout/change/way_out.hpp"

namespace wayout {
namespace {

Stand stand_of(RowSpace& space, PartyId p, State now, const CompareSettings& settings) {
  VerdictSettings vs;
  vs.sanctions = settings.sanctions;
  vs.watch = settings.watch;
  vs.all_answers = false;
  if (verdict(space, p, now, Concept::Nash, vs).stable) return Stand::Content;
  const Verdict v = verdict(space, p, now, Concept::Seq, vs);
  if (v.end != End::Complete) return Stand::Undecided;
  return v.stable ? Stand::Deterred : Stand::WouldMove;
}

Fate fate_of(const Conflict& c, PartyId p, State now, const Drift& d) {
  if (d.end != End::Complete) return Fate::Undecided;
  bool better = false;
  bool worse = false;
  bool same = false;
  for (const auto& set : d.sets)
    for (const State s : set) {
      const bool up = c.better(p, s, now);
      const bool down = c.better(p, now, s);
      better = better || up;
      worse = worse || down;
      same = same || (!up && !down);
    }
  if (better && !worse && !same) return Fate::Better;
  if (worse && !better && !same) return Fate::Worse;
  return better || worse ? Fate::Either : Fate::Same;
}

Result<VersionAnswer> look(const Version& version, const CompareSettings& settings) {
  auto built = view(*version.file, {version.under, version.with, {}});
  if (!built) return Unexpected{built.error()};
  VersionAnswer out;
  out.name = version.name;
  out.conflict = *built;
  const Conflict& c = *out.conflict;
  contract(c.status_quo().has_value(), "compare_versions() needs a status quo");
  const State now = *c.status_quo();
  settings.watch.tell("looking at " + version.name, 0, 0);
  RowSpace space(c);
  PathSettings ps;
  ps.most_states = settings.most_states;
  ps.watch = settings.watch;
  const Drift d = drift(space, now, ps);
  out.end = d.end;
  out.drift_states = d.states;
  out.drift_places = d.sets.size();
  out.rests = d.end == End::Complete && d.start_rests();
  for (const PartyId p : c.parties())
    out.parties.push_back(
        {c.party(p).id, c.party(p).name, stand_of(space, p, now, settings), fate_of(c, p, now, d)});
  std::vector<std::size_t> goals(c.goals().size());
  std::iota(goals.begin(), goals.end(), std::size_t{0});
  WayOutSettings ws;
  ws.sanctions = settings.sanctions;
  ws.most_states = settings.most_states;
  ws.watch = settings.watch;
  const std::vector<WayOut> ways = ways_out(c, goals, ws);
  for (const std::size_t g : goals) {
    const WayOut& w = ways[g];
    const GoalWord word = w.clean                  ? GoalWord::Yes
                          : w.exists               ? GoalWord::Depends
                          : w.end == End::Complete ? GoalWord::No
                                                   : GoalWord::Undecided;
    if (word == GoalWord::Undecided && out.end == End::Complete) out.end = w.end;
    out.goals.push_back({c.goals()[g].id, c.goals()[g].name, word});
  }
  if (settings.claims) {
    ClaimsSettings cs;
    cs.under = version.under;
    cs.with = version.with;
    cs.sanctions = settings.sanctions;
    cs.most_states = settings.most_states;
    cs.watch = settings.watch;
    const auto claims = evaluate_claims(*version.file, cs);
    if (!claims) return Unexpected{claims.error()};
    for (const ClaimResult& claim : claims->claims) out.claims.push_back({claim.id, claim.outcome});
    if (claims->end != End::Complete && out.end == End::Complete) out.end = claims->end;
  }
  if (settings.risk) {
    const RiskScale scale(*version.file);
    const auto horizon = c.parts().time.horizon.value();
    ChanceBook book;
    const auto question = [&](const std::string& of) {
      return ChanceQuestion{now, of, horizon ? horizon->to_double() : 0};
    };
    for (const CatastrophePart& k : c.parts().catastrophes) book.ask(question(k.id));
    for (const CatastrophePart& k : c.parts().catastrophes) {
      const Chance chance = book.chance(c, scale, question(k.id), {}, settings.watch);
      out.dangers.push_back(
          {k.id, k.name.empty() ? k.id : k.name, chance.lower, chance.upper, chance.fault});
    }
  }
  return out;
}

}  // namespace

Result<std::vector<VersionAnswer>> compare_versions(const std::vector<Version>& versions,
                                                    const CompareSettings& settings) {
  std::vector<VersionAnswer> out;
  Errors faults;
  for (const Version& version : versions) {
    auto one = look(version, settings);
    if (one) {
      out.push_back(std::move(*one));
    } else {
      faults.insert(faults.end(), one.error().begin(), one.error().end());
    }
  }
  if (!faults.empty()) return Unexpected{std::move(faults)};
  return out;
}

}  // namespace wayout
