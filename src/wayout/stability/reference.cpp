#include "wayout/stability/reference.hpp"

#include <algorithm>

#include "wayout/stability/reference_model.hpp"

namespace wayout::reference {
namespace {

Result<std::size_t> party_index(const Model& m, const std::string& id) {
  for (std::size_t p = 0; p < m.parties.size(); ++p)
    if (m.parties[p] == id) return p;
  return fault("unknown_id", "'" + id + "' is no party");
}

std::optional<Errors> read_options(Model& m, const Parts& parts) {
  for (const OptionPart& part : parts.options) {
    OptionFacts o;
    o.id = part.id;
    o.level_names = part.levels;
    o.level_count = part.levels.empty() ? 2 : static_cast<int>(part.levels.size());
    o.joint = !part.parties.empty();
    o.binding = part.binding.value_or(true);
    o.enabled = part.enabled;
    o.direction = part.moves.value_or(Direction::Both);
    std::vector<std::string> owners = part.parties;
    if (!part.party.empty()) owners.push_back(part.party);
    for (const std::string& id : owners) {
      const auto p = party_index(m, id);
      if (!p) return p.error();
      o.owners.push_back(*p);
    }
    if (part.has_now) {
      const auto level = read_level(o, part.now);
      if (!level) return fault("unknown_level", "'" + o.id + "' has no such level").error;
      o.now = *level;
    }
    m.options.push_back(std::move(o));
  }
  return std::nullopt;
}

bool is_feasible(const Model& m, const World& w) {
  for (std::size_t o = 0; o < m.options.size(); ++o)
    if (!m.options[o].enabled && w.levels[o] > 0) return false;
  for (const Formula& never : m.nevers)
    if (is_true(m, never, w)) return false;
  return true;
}

std::optional<Errors> find_states(Model& m, const Parts& parts, std::size_t max_states) {
  if (!parts.no_status_quo) {
    World now;
    for (const OptionFacts& o : m.options) now.levels.push_back(o.now);
    m.now = now;
  }
  for (const RulePart& rule : parts.rules) {
    if (rule.never.empty() || !rule.enabled) continue;
    auto never = read_formula(m, rule.never);
    if (!never) return never.error();
    m.nevers.push_back(std::move(*never));
  }
  std::size_t raw = 1;
  for (const OptionFacts& o : m.options) {
    raw *= static_cast<std::size_t>(o.level_count);
    if (raw > max_states) return fault("too_many_states", "too many for the reference").error;
  }
  World w;
  w.levels.assign(m.options.size(), 0);
  for (std::size_t i = 0; i < raw; ++i) {
    if (is_feasible(m, w)) {
      m.number_of[w.levels] = m.states.size();
      m.states.push_back(w);
    }
    for (std::size_t o = 0; o < m.options.size(); ++o) {  // the next one, first option fastest
      if (++w.levels[o] < m.options[o].level_count) break;
      w.levels[o] = 0;
    }
  }
  if (m.now) {
    const auto it = m.number_of.find(m.now->levels);
    if (it == m.number_of.end())
      return fault("infeasible_status_quo", "the status quo is infeasible").error;
    m.status_quo = it->second;
  }
  return std::nullopt;
}

std::optional<Errors> find_graph_states(Model& m, const Parts& parts, std::size_t max_states) {
  if (parts.states.size() > max_states)
    return fault("too_many_states", "too many for the reference").error;
  for (const StatePart& part : parts.states) {
    World w;
    w.place = m.states.size();
    for (const std::int64_t value : part.values) w.levels.push_back(static_cast<int>(value));
    m.places[part.number] = w.place;
    m.states.push_back(std::move(w));
  }
  if (parts.now_state) {
    const auto place = m.places.find(*parts.now_state);
    if (place == m.places.end()) return fault("unknown_state", "now is no state").error;
    m.status_quo = place->second;
    m.now = m.states[place->second];
  }
  return std::nullopt;
}

std::optional<Errors> read_movers(Model& m, const Parts& parts) {
  for (std::size_t p = 0; p < m.parties.size(); ++p) {
    MoverFacts mover;
    mover.members = {p};
    m.movers.push_back(std::move(mover));
  }
  for (const TrackPart& part : parts.tracks) {
    MoverFacts mover;
    mover.track = true;
    mover.open = part.open;
    mover.consent = part.consent;
    for (const std::string& id : part.parties) {
      const auto p = party_index(m, id);
      if (!p) return p.error();
      mover.members.push_back(*p);
    }
    for (const std::string& id : part.table) {
      std::size_t option = m.options.size();
      for (std::size_t o = 0; o < m.options.size(); ++o)
        if (m.options[o].id == id) option = o;
      if (option == m.options.size()) return fault("unknown_id", "'" + id + "' is no option").error;
      mover.table.push_back(option);
    }
    if (part.linked == "true") {
      mover.all_in_force = true;
    } else if (!part.linked.empty() && part.linked != "false") {
      auto link = read_formula(m, part.linked);
      if (!link) return link.error();
      mover.link = std::move(*link);
    }
    m.movers.push_back(std::move(mover));
  }
  return std::nullopt;
}

std::optional<Errors> read_forbids(Model& m, const Parts& parts) {
  for (const RulePart& rule : parts.rules) {
    if (!rule.forbid || !rule.enabled) continue;
    ForbidFacts f;
    if (!rule.forbid->by.empty()) {
      for (std::size_t p = 0; p < m.parties.size(); ++p)
        if (m.parties[p] == rule.forbid->by) f.by = p;
      for (std::size_t t = 0; t < parts.tracks.size(); ++t)
        if (parts.tracks[t].id == rule.forbid->by) f.by = m.parties.size() + t;
      if (!f.by) return fault("unknown_id", "'" + rule.forbid->by + "' moves nothing").error;
    }
    for (const auto& [text, set] :
         {std::pair(&rule.forbid->from, &f.from), std::pair(&rule.forbid->to, &f.to)}) {
      auto formula = read_formula(m, text->empty() ? "true" : *text);
      if (!formula) return formula.error();
      *set = truth(m, *formula);
    }
    m.forbids.push_back(std::move(f));
  }
  return std::nullopt;
}

std::optional<Errors> read_preferences(Model& m, const Parts& parts) {
  for (std::size_t p = 0; p < m.parties.size(); ++p) {
    Preference preference;
    preference.indifferent = true;
    bool found = m.third[p];
    for (const PreferencePart& part : parts.preferences) {
      if (found || part.party != m.parties[p]) continue;
      auto read = read_preference(m, part);
      if (!read) return read.error();
      preference = std::move(*read);
      found = true;
    }
    if (!found) return fault("no_preference", "'" + m.parties[p] + "' has no preference").error;
    m.preferences.push_back(std::move(preference));
  }
  return std::nullopt;
}

}  // namespace

Result<ModelPtr> make(const Parts& parts, std::size_t max_states) {
  auto m = std::make_shared<Model>();
  m->graph = parts.graph_form();
  for (const PartyPart& part : parts.parties) {
    m->parties.push_back(part.id);
    m->third.push_back(part.third);
  }
  for (const DefinePart& part : parts.defines) m->defines[part.id] = part.when;
  if (auto errors = read_options(*m, parts)) return Unexpected{std::move(*errors)};
  if (auto errors =
          m->graph ? find_graph_states(*m, parts, max_states) : find_states(*m, parts, max_states))
    return Unexpected{std::move(*errors)};
  if (auto errors = read_preferences(*m, parts)) return Unexpected{std::move(*errors)};
  if (auto errors = read_movers(*m, parts)) return Unexpected{std::move(*errors)};
  if (auto errors = read_forbids(*m, parts)) return Unexpected{std::move(*errors)};
  find_moves(*m, parts);
  return ModelPtr(std::move(m));
}

std::size_t size(const Model& m) { return m.states.size(); }
std::size_t party_count(const Model& m) { return m.parties.size(); }
std::size_t mover_count(const Model& m) { return m.movers.size(); }
bool graph_form(const Model& m) { return m.graph; }
const Levels& levels(const Model& m, std::size_t state) { return m.states.at(state).levels; }
std::optional<std::size_t> status_quo(const Model& m) { return m.status_quo; }

std::optional<std::size_t> find(const Model& m, const Levels& levels) {
  contract(!m.graph, "find() by levels is for option form");
  const auto it = m.number_of.find(levels);
  if (it == m.number_of.end()) return std::nullopt;
  return it->second;
}

Result<StateSet> where(const Model& m, std::string_view expression) {
  auto f = read_formula(m, expression);
  if (!f) return Unexpected{f.error()};
  return truth(m, *f);
}

}  // namespace wayout::reference
