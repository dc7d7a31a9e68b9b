// A random conflict as a case file, so that a failure can be read, kept and run by hand.
#include <sstream>

#include "properties/random_case.hpp"

namespace wayout::properties {
namespace {

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

std::string list(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) out += (out.size() > 1 ? ", " : "") + quoted(item);
  return out + "]";
}

std::string number(const Quantity& q) {
  if (q.form == Quantity::Form::FromTo)
    return "{ from = " + q.a.to_string() + ", to = " + q.b.to_string() + " }";
  if (q.form == Quantity::Form::AboutSpread)
    return "{ about = " + q.a.to_string() + ", spread = " + q.b.to_string() + " }";
  return q.a.to_string();
}

std::string level(const LevelValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* n = std::get_if<std::int64_t>(&value)) return std::to_string(*n);
  return quoted(std::get<std::string>(value));
}

std::string statements(const PreferencePart& p) {
  std::string out = "[\n";
  for (const StatementPart& s : p.statements) {
    out += "  { when = " + quoted(s.when);
    if (s.vital) out += ", vital = true";
    if (!s.enabled) out += ", enabled = false";
    for (const auto& [name, q] : s.values) out += ", " + name + " = " + number(q);
    out += " },\n";
  }
  return out + "]";
}

void preference(std::ostream& out, const PreferencePart& p) {
  static const char* const kMethods[] = {"priorities", "weights", "ranking", "additive",
                                         "unanimous"};
  out << "method = " << quoted(kMethods[static_cast<int>(p.method)]) << "\n";
  if (!p.criteria.empty()) {
    out << "criteria = {";
    for (std::size_t i = 0; i < p.criteria.size(); ++i)
      out << (i > 0 ? ", " : " ") << p.criteria[i].first << " = " << number(p.criteria[i].second);
    out << " }\n";
  }
  if (!p.statements.empty()) out << "statements = " << statements(p) << "\n";
  if (!p.order.empty()) {
    out << "order = [";
    for (std::size_t i = 0; i < p.order.size(); ++i) {
      out << (i > 0 ? ", [" : "[");
      for (std::size_t k = 0; k < p.order[i].size(); ++k)
        out << (k > 0 ? ", " : "") << p.order[i][k];
      out << "]";
    }
    out << "]\n";
  }
  if (!p.values.empty()) {
    out << "values = [\n";
    for (const AdditivePart& v : p.values) {
      out << "  { option = " << quoted(v.option) << ", levels = [";
      for (std::size_t i = 0; i < v.levels.size(); ++i)
        out << (i > 0 ? ", " : "") << number(v.levels[i]);
      out << "] },\n";
    }
    out << "]\n";
  }
  for (const PreferencePart& m : p.members) {
    out << "[[preference.members]]\n";
    preference(out, m);
  }
}

}  // namespace

std::string as_text(const Parts& parts) {
  std::ostringstream out;
  out << "format = 1\n";
  if (parts.now_state) out << "now = " << *parts.now_state << "\n";
  for (const PartyPart& p : parts.parties)
    out << "[[party]]\nid = " << quoted(p.id) << (p.third ? "\nthird = true\n" : "\n");
  for (const OptionPart& o : parts.options) {
    out << "[[option]]\nid = " << quoted(o.id) << "\n";
    if (!o.party.empty()) out << "party = " << quoted(o.party) << "\n";
    if (!o.parties.empty()) out << "parties = " << list(o.parties) << "\n";
    if (!o.levels.empty()) out << "levels = " << list(o.levels) << "\n";
    if (o.has_now) out << "now = " << level(o.now) << "\n";
    if (o.moves && *o.moves != Direction::Both)
      out << "moves = " << quoted(*o.moves == Direction::Up ? "up" : "down") << "\n";
    if (o.binding) out << "binding = " << (*o.binding ? "true" : "false") << "\n";
    if (!o.enabled) out << "enabled = false\n";
  }
  if (parts.no_status_quo) out << "# no status quo\n";
  for (const DefinePart& d : parts.defines)
    out << "[[define]]\nid = " << quoted(d.id) << "\nwhen = " << quoted(d.when) << "\n";
  for (const RulePart& r : parts.rules) {
    out << "[[rule]]\n";
    if (!r.never.empty()) out << "never = " << quoted(r.never) << "\n";
    if (r.forbid) {
      out << "forbid = {";
      const char* comma = " ";
      for (const auto& [key, text] :
           {std::pair("by", &r.forbid->by), std::pair("from", &r.forbid->from),
            std::pair("to", &r.forbid->to)}) {
        if (text->empty()) continue;
        out << comma << key << " = " << quoted(*text);
        comma = ", ";
      }
      out << " }\n";
    }
    if (!r.enabled) out << "enabled = false\n";
  }
  for (const TrackPart& t : parts.tracks) {
    out << "[[track]]\nid = " << quoted(t.id) << "\nparties = " << list(t.parties)
        << "\ntable = " << list(t.table) << "\n";
    if (!t.linked.empty())
      out << "linked = " << (t.linked == "true" ? t.linked : quoted(t.linked)) << "\n";
    if (t.consent == Consent::NoneWorse) out << "consent = \"none-worse\"\n";
    if (!t.open) out << "open = false\n";
  }
  for (const StatePart& s : parts.states) {
    out << "[[state]]\nid = " << s.number << "\n";
    if (s.values.empty()) continue;
    out << "values = [";
    for (std::size_t i = 0; i < s.values.size(); ++i) out << (i > 0 ? ", " : "") << s.values[i];
    out << "]\n";
  }
  for (const MovesPart& m : parts.moves) {
    out << "[[moves]]\nparty = " << quoted(m.party) << "\narcs = [";
    for (std::size_t i = 0; i < m.arcs.size(); ++i)
      out << (i > 0 ? ", " : "") << "[" << m.arcs[i].first << ", " << m.arcs[i].second << "]";
    out << "]\n";
  }
  for (const PreferencePart& p : parts.preferences) {
    out << "[[preference]]\nparty = " << quoted(p.party) << "\n";
    preference(out, p);
  }
  return out.str();
}

}  // namespace wayout::properties
