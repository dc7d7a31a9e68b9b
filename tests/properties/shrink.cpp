// Ways to make a conflict smaller.
#include <algorithm>

#include "properties/random_case.hpp"
#include "wayout/model/conflict.hpp"

namespace wayout::properties {
namespace {

bool mentions(const std::string& text, const std::string& id) {
  bool found = false;
  map_words(text, [&](const std::string& word) {
    found = found || word == id;
    return word;
  });
  return found;
}

void forget(std::string& text, const std::string& id) {
  if (mentions(text, id)) text = "true";
}

/// An option gone, and every expression that names it made true or taken out.
Parts without_option(Parts parts, std::size_t index) {
  const std::string id = parts.options[index].id;
  parts.options.erase(parts.options.begin() + static_cast<std::ptrdiff_t>(index));
  for (StatePart& s : parts.states)
    if (index < s.values.size())
      s.values.erase(s.values.begin() + static_cast<std::ptrdiff_t>(index));
  for (DefinePart& d : parts.defines) forget(d.when, id);
  std::erase_if(parts.rules, [&](const RulePart& r) { return mentions(r.never, id); });
  for (RulePart& r : parts.rules) {
    if (!r.forbid) continue;
    forget(r.forbid->from, id);
    forget(r.forbid->to, id);
  }
  for (TrackPart& t : parts.tracks) {
    std::erase(t.table, id);
    forget(t.linked, id);
  }
  for (PreferencePart& p : parts.preferences) {
    for (StatementPart& s : p.statements) forget(s.when, id);
    for (PreferencePart& m : p.members)
      for (StatementPart& s : m.statements) forget(s.when, id);
    std::erase_if(p.values, [&](const AdditivePart& v) { return v.option == id; });
  }
  return parts;
}

Parts without_party(Parts parts, std::size_t index) {
  const std::string id = parts.parties[index].id;
  parts.parties.erase(parts.parties.begin() + static_cast<std::ptrdiff_t>(index));
  for (std::size_t o = parts.options.size(); o-- > 0;) {
    std::erase(parts.options[o].parties, id);
    if (parts.options[o].party == id || parts.options[o].parties.size() == 1)
      parts = without_option(std::move(parts), o);
  }
  std::erase_if(parts.rules, [&](const RulePart& r) { return r.forbid && r.forbid->by == id; });
  for (TrackPart& t : parts.tracks) std::erase(t.parties, id);
  std::erase_if(parts.tracks, [](const TrackPart& t) { return t.parties.size() < 2; });
  std::erase_if(parts.preferences, [&](const PreferencePart& p) { return p.party == id; });
  std::erase_if(parts.moves, [&](const MovesPart& m) { return m.party == id; });
  return parts;
}

Parts without_state(Parts parts, std::size_t index) {
  const std::int64_t number = parts.states[index].number;
  parts.states.erase(parts.states.begin() + static_cast<std::ptrdiff_t>(index));
  for (MovesPart& m : parts.moves)
    std::erase_if(m.arcs,
                  [&](const auto& arc) { return arc.first == number || arc.second == number; });
  for (PreferencePart& p : parts.preferences) {
    for (auto& tie : p.order) std::erase(tie, number);
    std::erase_if(p.order, [](const auto& tie) { return tie.empty(); });
    for (StatementPart& s : p.statements)
      if (mentions(s.when, std::to_string(number))) s.when = "true";
  }
  return parts;
}

class Shrinker {
 public:
  explicit Shrinker(const Parts& parts) : parts_(parts) {}

  std::vector<Parts> run() {
    for (std::size_t i = 0; i < parts_.parties.size(); ++i) keep(without_party(parts_, i));
    for (std::size_t i = 0; i < parts_.options.size(); ++i) keep(without_option(parts_, i));
    for (std::size_t i = 0; i < parts_.states.size(); ++i) keep(without_state(parts_, i));
    drop_each(&Parts::rules);
    drop_each(&Parts::tracks);
    drop_each(&Parts::defines);
    for (std::size_t i = 0; i < parts_.preferences.size(); ++i) preference(i);
    for (std::size_t i = 0; i < parts_.moves.size(); ++i)
      for (std::size_t k = 0; k < parts_.moves[i].arcs.size(); ++k)
        change([&](Parts& p) {
          p.moves[i].arcs.erase(p.moves[i].arcs.begin() + static_cast<std::ptrdiff_t>(k));
        });
    for (std::size_t i = 0; i < parts_.tracks.size(); ++i) track(i);
    for (std::size_t i = 0; i < parts_.rules.size(); ++i) rule(i);
    for (std::size_t i = 0; i < parts_.options.size(); ++i) option(i);
    return std::move(found_);
  }

 private:
  void keep(Parts parts) {
    if (build(parts)) found_.push_back(std::move(parts));
  }
  template <class Change>
  void change(const Change& f) {
    Parts parts = parts_;
    f(parts);
    keep(std::move(parts));
  }
  template <class List>
  void drop_each(List Parts::*list) {
    for (std::size_t i = 0; i < (parts_.*list).size(); ++i)
      change(
          [&](Parts& p) { (p.*list).erase((p.*list).begin() + static_cast<std::ptrdiff_t>(i)); });
  }

  void preference(std::size_t i) {
    const PreferencePart& p = parts_.preferences[i];
    for (std::size_t k = 0; k < p.statements.size(); ++k) {
      change([&](Parts& q) {
        auto& list = q.preferences[i].statements;
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(k));
      });
      if (p.statements[k].vital)
        change([&](Parts& q) { q.preferences[i].statements[k].vital = false; });
    }
    for (std::size_t k = 0; k < p.members.size(); ++k) {
      if (p.members.size() > 1)
        change([&](Parts& q) {
          auto& list = q.preferences[i].members;
          list.erase(list.begin() + static_cast<std::ptrdiff_t>(k));
        });
      for (std::size_t n = 0; n < p.members[k].statements.size(); ++n)
        change([&](Parts& q) {
          auto& list = q.preferences[i].members[k].statements;
          list.erase(list.begin() + static_cast<std::ptrdiff_t>(n));
        });
    }
    for (std::size_t k = 0; k < p.values.size(); ++k)
      change([&](Parts& q) {
        auto& list = q.preferences[i].values;
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(k));
      });
  }

  void track(std::size_t i) {
    const TrackPart& t = parts_.tracks[i];
    for (std::size_t k = 0; k < t.table.size() && t.table.size() > 1; ++k)
      change([&](Parts& p) {
        auto& list = p.tracks[i].table;
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(k));
      });
    if (!t.linked.empty()) change([&](Parts& p) { p.tracks[i].linked.clear(); });
    if (t.consent == Consent::NoneWorse)
      change([&](Parts& p) { p.tracks[i].consent = Consent::AllBetter; });
  }

  void rule(std::size_t i) {
    const RulePart& r = parts_.rules[i];
    if (!r.forbid) return;
    if (!r.forbid->from.empty()) change([&](Parts& p) { p.rules[i].forbid->from.clear(); });
    if (!r.forbid->to.empty()) change([&](Parts& p) { p.rules[i].forbid->to.clear(); });
  }

  void option(std::size_t i) {
    const OptionPart& o = parts_.options[i];
    if (o.levels.size() > 2) change([&](Parts& p) { p.options[i].levels.pop_back(); });
    if (o.moves) change([&](Parts& p) { p.options[i].moves.reset(); });
    if (o.has_now) change([&](Parts& p) { p.options[i].has_now = false; });
  }

  const Parts& parts_;
  std::vector<Parts> found_;
};

}  // namespace

std::string map_words(const std::string& text,
                      const std::function<std::string(const std::string&)>& f) {
  const auto of_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && of_word(text[end])) ++end;
    if (end == i) {
      out += text[i++];
    } else {
      out += f(text.substr(i, end - i));
      i = end;
    }
  }
  return out;
}

std::vector<Parts> smaller(const Parts& parts) { return Shrinker(parts).run(); }

}  // namespace wayout::properties
