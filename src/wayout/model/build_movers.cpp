#include <algorithm>
#include <set>

#include "wayout/model/build.hpp"

namespace wayout {

void Builder::graph_states() {
  if (!data_->graph) return;
  if (parts_.states.empty()) fault_at("graph_form", "graph form needs [[state]] parts", "");
  if (parts_.states.size() > Limits::kGraphStates)
    fault_at(
        "limit",
        "there are more than " + with_commas(Limits::kGraphStates) + " states, which is the limit",
        parts_.states[Limits::kGraphStates].path);
  for (std::size_t i = 0; i < parts_.states.size(); ++i) {
    const StatePart& part = parts_.states[i];
    if (!data_->graph_index.emplace(part.number, i).second)
      fault_at("duplicate_id", "there are two states " + std::to_string(part.number),
               part.path + ".id");
    State s{UInt128(static_cast<std::uint32_t>(i)) << State::kNodeShift};
    if (!part.values.empty() && part.values.size() != data_->options.size()) {
      fault_at("values",
               "a state has one value per option: " + std::to_string(data_->options.size()) +
                   ", not " + std::to_string(part.values.size()),
               part.path + ".values");
    } else if (part.values.empty() && !data_->options.empty()) {
      fault_at("values", "options are declared, so every state needs values", part.path);
    }
    for (std::size_t k = 0; k < part.values.size() && k < data_->options.size(); ++k) {
      const OptionInfo& o = data_->options[k];
      const std::int64_t value = part.values[k];
      if (value < 0 || value >= static_cast<std::int64_t>(o.levels.size())) {
        fault_at("unknown_level", "'" + o.id + "' has no level " + std::to_string(value),
                 part.path + ".values[" + std::to_string(k) + "]");
        continue;
      }
      s.bits |= UInt128(static_cast<std::uint64_t>(value)) << o.shift;
    }
    data_->graph_states.push_back(s);
  }
  if (parts_.now_state) {
    const auto it = data_->graph_index.find(*parts_.now_state);
    if (it == data_->graph_index.end()) {
      fault_at("unknown_state", "there is no state " + std::to_string(*parts_.now_state), "now");
    } else {
      data_->status_quo = data_->graph_states[it->second];
    }
  }
}

void Builder::graph_arcs() {
  if (!data_->graph) return;
  const std::size_t states = data_->graph_states.size();
  const std::size_t n = data_->parties.size();
  std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> arcs(n);
  for (const MovesPart& part : parts_.moves) {
    known_party(part.party, part.path + ".party");
    const auto party = data_->party_index.find(part.party);
    for (std::size_t k = 0; k < part.arcs.size(); ++k) {
      const auto [from, to] = part.arcs[k];
      const std::string path = part.path + ".arcs[" + std::to_string(k) + "]";
      const auto a = data_->graph_index.find(from);
      const auto b = data_->graph_index.find(to);
      if (a == data_->graph_index.end() || b == data_->graph_index.end()) {
        const std::int64_t missing = a == data_->graph_index.end() ? from : to;
        fault_at("unknown_state", "there is no state " + std::to_string(missing), path);
      } else if (from == to) {
        fault_at("arc", "a move leads to another state", path);
      } else if (party != data_->party_index.end()) {
        arcs[party->second].emplace_back(a->second, b->second);
      }
    }
  }
  const auto pack = [states](std::vector<std::pair<std::uint32_t, std::uint32_t>> list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    Data::Arcs out;
    out.begin.assign(states + 1, 0);
    for (const auto& [from, to] : list) {
      ++out.begin[from + 1];
      out.targets.push_back(to);
    }
    for (std::size_t i = 0; i < states; ++i) out.begin[i + 1] += out.begin[i];
    return out;
  };
  for (std::size_t p = 0; p < n; ++p) {
    auto back = arcs[p];
    for (auto& [from, to] : back) std::swap(from, to);
    data_->arcs_back.push_back(pack(std::move(back)));
    data_->arcs.push_back(pack(std::move(arcs[p])));
    if (data_->arcs[p].targets.empty() && !data_->parties[p].third)
      fault_at("no_move", "'" + data_->parties[p].id + "' has no move", parts_.parties[p].path,
               "give it [[moves]], or third = true");
  }
}

void Builder::party_movers() {
  for (std::size_t p = 0; p < data_->parties.size(); ++p) {
    MoverInfo m;
    m.id = data_->parties[p].id;
    m.name = data_->parties[p].name;
    m.members = PartyMask{1} << p;
    bool owns = false;
    for (std::size_t k = 0; k < data_->options.size(); ++k) {
      const OptionInfo& o = data_->options[k];
      if ((o.owners & m.members) == 0) continue;
      owns = true;
      if (!o.enabled || data_->graph) continue;
      if (o.joint) {
        if (!o.binding) m.digits.push_back({OptionId(k), Change::Leave});
      } else {
        const Change change = o.moves == Direction::Up     ? Change::Up
                              : o.moves == Direction::Down ? Change::Down
                                                           : Change::Any;
        m.digits.push_back({OptionId(k), change});
      }
    }
    for (const Digit& d : m.digits) m.digit_mask |= data_->options[d.option.index()].mask();
    m.transitive = !data_->graph;
    if (!owns && !data_->graph && !data_->parties[p].third)
      fault_at("no_option",
               "'" + data_->parties[p].id + "' has no option and is party to no agreement",
               parts_.parties[p].path, "give it an option, or third = true");
    data_->movers.push_back(std::move(m));
  }
}

void Builder::tracks() {
  if (data_->graph && !parts_.tracks.empty())
    fault_at("graph_form", "graph form has no tracks", parts_.tracks[0].path);
  if (parts_.tracks.size() > Limits::kTracks)
    fault_at(
        "limit",
        "there are more than " + std::to_string(Limits::kTracks) + " tracks, which is the limit",
        parts_.tracks[Limits::kTracks].path);
  if (data_->graph) return;
  for (const TrackPart& part : parts_.tracks) track(part);
}

void Builder::track(const TrackPart& part) {
  MoverInfo m;
  m.id = part.id;
  m.name = part.name.empty() ? part.id : part.name;
  m.track = true;
  m.consent = part.consent;
  m.open = part.open;
  if (part.id.empty()) fault_at("missing_key", "a track needs an id", part.path);
  if (part.parties.size() < 2)
    fault_at("track_parties", "a track has two or more parties", part.path + ".parties");
  for (std::size_t k = 0; k < part.parties.size(); ++k) {
    const std::string path = part.path + ".parties[" + std::to_string(k) + "]";
    known_party(part.parties[k], path);
    const auto it = data_->party_index.find(part.parties[k]);
    if (it == data_->party_index.end()) continue;
    const PartyMask bit = PartyMask{1} << it->second;
    if ((m.members & bit) != 0)
      fault_at("duplicate_id", "'" + part.parties[k] + "' is named twice", path);
    m.members |= bit;
  }
  if (part.consent == Consent::NoneWorse)
    for (const auto& p : parts_.preferences)
      if (p.method == Method::Unanimous &&
          std::find(part.parties.begin(), part.parties.end(), p.party) != part.parties.end())
        fault_at("consent",
                 "'" + p.party + "' has a unanimous preference, for which none-worse says nothing",
                 part.path + ".consent", "use all-better");
  std::vector<ExprId> in_force;
  std::set<std::string> seen;
  for (std::size_t k = 0; k < part.table.size(); ++k) {
    const std::string path = part.path + ".table[" + std::to_string(k) + "]";
    const auto it = data_->option_index.find(part.table[k]);
    if (it == data_->option_index.end()) {
      fault_at("unknown_id", "'" + part.table[k] + "' is no option", path,
               did_you_mean(part.table[k], option_ids()));
      continue;
    }
    if (!seen.insert(part.table[k]).second) {
      fault_at("duplicate_id", "'" + part.table[k] + "' is named twice", path);
      continue;
    }
    const OptionInfo& o = data_->options[it->second];
    if ((o.owners & ~m.members) != 0) {
      std::string who;
      for (std::size_t p = 0; p < data_->parties.size(); ++p)
        if (((o.owners & ~m.members) >> p) & 1u) who = data_->parties[p].id;
      if (o.joint) {
        fault_at("table",
                 "'" + o.id + "' is on the table, and '" + who + "', a party to it, is not at it",
                 path, "every party to a joint option on a table is a member of the track");
      } else {
        fault_at("table",
                 "'" + o.id + "' is on the table, and belongs to '" + who + "', who is not at it",
                 path, "a table names joint options and the members' own options");
      }
      continue;
    }
    if (o.joint) in_force.push_back(data_->pool.negate(data_->pool.level_in(o.shift, o.width, 1)));
    if (!o.enabled || !m.open) continue;
    const Change change = o.joint || o.moves == Direction::Both ? Change::Any
                          : o.moves == Direction::Up            ? Change::Up
                                                                : Change::Down;
    m.digits.push_back({OptionId(it->second), change});
    m.digit_mask |= o.mask();
  }
  if (part.linked == "true") {
    m.link = data_->pool.all(in_force);
  } else if (!part.linked.empty() && part.linked != "false") {
    m.link = resolve(part.linked, part.path + ".linked");
  }
  data_->movers.push_back(std::move(m));
}

void Builder::forbids() {
  if (data_->graph) return;
  for (std::size_t i = 0; i < parts_.rules.size(); ++i) {
    const RulePart& part = parts_.rules[i];
    if (!part.forbid) continue;
    const ForbidPart& f = *part.forbid;
    const std::string path = part.path + ".forbid";
    const ExprId from =
        f.from.empty() ? data_->pool.constant(true) : resolve(f.from, path + ".from");
    const ExprId to = f.to.empty() ? data_->pool.constant(true) : resolve(f.to, path + ".to");
    bool met = f.by.empty();
    for (MoverInfo& m : data_->movers) {
      if (!f.by.empty() && m.id != f.by) continue;
      met = true;
      if (!part.enabled || m.digits.empty()) continue;
      m.forbids.push_back({from, to, i});
      m.transitive = false;
    }
    if (!met) {
      std::vector<std::string> known = party_ids();
      for (const auto& t : parts_.tracks) known.push_back(t.id);
      fault_at("unknown_id", "'" + f.by + "' is no party and no track", path + ".by",
               did_you_mean(f.by, known));
    }
  }
}

}  // namespace wayout
