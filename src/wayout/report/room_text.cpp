#include "wayout/report/room_text.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

constexpr char kLetters[] = {'N', 'K', 'S', 'E', 'U'};

std::string number(double x) {
  std::string out = fmt::format("{:.3f}", x);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out;
}

void line(std::string& out, const TextStyle& style, const std::string& text, std::size_t indent,
          std::size_t hang = 2) {
  out += std::string(indent, ' ') + wrap_after(indent, text, style.width, indent + hang) + "\n";
}

std::string gain_words(const TableRoom& t, std::size_t member, const Gain& g) {
  if (t.unit == Unit::Ranks) return "+" + std::to_string(g.points);
  const std::string points = (g.points < 0 ? "" : "+") + number(gain_points(t, member, g.points));
  if (g.vital == 0) return points;
  return fmt::format("{}{} vital, {}", g.vital < 0 ? "" : "+",
                     number(gain_points(t, member, g.vital)), points);
}

std::string gains_words(const TableRoom& t, const RoomOutcome& o) {
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < o.gains.size(); ++k)
    parts.push_back(t.table.conflict.party(t.members[k]).name + " " + gain_words(t, k, o.gains[k]));
  return join(parts, ", ");
}

/// "The Nash bargaining solution and egalitarian (of 3 that tie)" for one outcome.
std::vector<std::string> solutions_at(const TableRoom& t, std::size_t outcome) {
  std::vector<std::string> out;
  for (const Solution& s : t.solutions) {
    const auto at = std::find(s.outcomes.begin(), s.outcomes.end(), outcome);
    if (at == s.outcomes.end()) continue;
    std::string name(bargain_title(s.kind));
    if (s.outcomes.size() > 1) name += fmt::format(" (one of {} that tie)", s.outcomes.size());
    out.push_back(std::move(name));
  }
  return out;
}

/// Who would be worse off than at `base`: the drift may be bad enough to make even that attractive.
std::string worse_than_today(const TableRoom& t, State base, State s) {
  PartyMask worse = 0;
  for (const PartyId p : t.members)
    if (t.table.conflict.better(p, base, s)) worse |= mask_of(p);
  return worse == 0 ? "" : party_names(t.table.conflict, worse);
}

/// The outcomes to show: those that lead a solution, then the others in order.
std::vector<std::size_t> shown_outcomes(const TableRoom& t, std::size_t most) {
  std::vector<std::size_t> out;
  const auto add = [&out](std::size_t i) {
    if (std::find(out.begin(), out.end(), i) == out.end()) out.push_back(i);
  };
  for (const Solution& s : t.solutions)
    if (!s.outcomes.empty()) add(s.outcomes.front());
  for (std::size_t i = 0; i < t.efficient.size() && out.size() < most; ++i) add(i);
  return out;
}

void room_part(std::string& out, const TableRoom& t, State base, const TextStyle& style,
               std::size_t most) {
  const Conflict& conflict = t.table.conflict;
  line(out, style,
       style.good("There is room") +
           fmt::format(": of {} that can come about here, {} {}; {} efficient.",
                       counted(t.deals, "outcome", "outcomes"), with_commas(t.room),
                       t.table.consent == Consent::AllBetter
                           ? "would leave everybody at the table better off"
                           : "would leave nobody at the table worse off and somebody better off",
                       t.efficient.size() == 1 ? std::string("one of them is")
                                               : with_commas(t.efficient.size()) +
                                                     " of them, each different to somebody, are"),
       4);
  if (t.unit == Unit::Ranks)
    line(out, style,
         "Not every preference here has points, so gains are counted in ranks: how many places of "
         "its own order of these outcomes a party comes up. Ranks of different parties are no "
         "common measure.",
         4);
  if (t.unit == Unit::None)
    line(out, style,
         "A preference here is no complete order, so there are no gains to count and no bargaining "
         "solutions.",
         4);
  const auto shown = shown_outcomes(t, most);
  for (const std::size_t i : shown) {
    const RoomOutcome& o = t.efficient[i];
    const std::string what =
        o.state == base ? "all stays as it is" : describe_changes(conflict, base, o.state);
    line(out, style, "- " + what + ".", 4);
    const std::string worse = worse_than_today(t, base, o.state);
    if (!worse.empty()) line(out, style, "Worse than today for " + worse + ".", 6);
    if (!o.gains.empty())
      line(out, style,
           fmt::format("{}: {}{}.", t.unit == Unit::Points ? "Points gained" : "Ranks gained",
                       gains_words(t, o),
                       o.deals > 1 ? fmt::format("; {} outcomes give everybody the same",
                                                 with_commas(o.deals))
                                   : std::string()),
           6);
    const auto names = solutions_at(t, i);
    if (!names.empty()) line(out, style, "Picked by: " + join(names, ", ") + ".", 6);
  }
  if (t.efficient.size() > shown.size())
    line(out, style,
         fmt::format("… and {} more efficient outcomes (--limit, --json).",
                     with_commas(t.efficient.size() - shown.size())),
         4);
  for (const Solution& s : t.solutions)
    if (s.outcomes.empty())
      line(out, style,
           fmt::format("{}: none, because at no outcome does everybody gain.",
                       bargain_title(s.kind)),
           4);
  out += scatter_text(t, style);
}

std::string shortfall_words(const TableRoom& t, const Yielding& y) {
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < t.members.size(); ++k) {
    const auto [vital, rest] = y.shortfall[k];
    if (vital == 0 && rest == 0) continue;
    std::vector<std::string> amounts;
    if (vital > 0)
      amounts.push_back(number(gain_points(t, k, vital)) + " points behind on what is vital to it");
    if (rest > 0) amounts.push_back(number(gain_points(t, k, rest)) + " points behind");
    parts.push_back(t.table.conflict.party(t.members[k]).name + " stays " + join_and(amounts));
  }
  return join(parts, "; ");
}

void yielding_part(std::string& out, const TableRoom& t, State base, const Yielding& y,
                   const std::string& head, const TextStyle& style) {
  const Conflict& conflict = t.table.conflict;
  std::vector<std::string> gives;
  for (const Demand& d : y.gives_up) gives.push_back(demand_words(conflict, d));
  const std::string behind = t.unit == Unit::None ? "" : shortfall_words(t, y);
  line(out, style, head + join(gives, "; ") + ".", 4);
  line(
      out, style,
      "Then possible: " +
          (y.outcome == base ? "all stays as it is" : describe_changes(conflict, base, y.outcome)) +
          (behind.empty() ? "" : " (" + behind + ")") +
          (y.ties > 1 ? fmt::format("; {} outcomes take equally little", with_commas(y.ties))
                      : std::string()) +
          ".",
      6);
}

std::string excluded_by(const Conflict& conflict, const Contradiction& c) {
  std::vector<std::string> parts;
  for (const std::size_t r : c.rules)
    parts.push_back("the rule \"" + rule_name(conflict, r) + "\"");
  if (c.link) parts.push_back("the table's condition");
  if (parts.empty()) return "";
  return ", because of " + join_and(parts);
}

void no_room_part(std::string& out, const TableRoom& t, State base, const TextStyle& style) {
  const Conflict& conflict = t.table.conflict;
  const NoRoom& n = *t.no_room;
  if (n.nothing_possible) {
    std::vector<std::string> parts;
    if (n.link) parts.push_back("its condition");
    for (const std::size_t r : n.rules)
      parts.push_back("the rule \"" + rule_name(conflict, r) + "\"");
    line(out, style,
         style.bad("No room") + ": nothing at all can be agreed here" +
             (parts.empty() ? "." : "; excluded by " + join_and(parts) + "."),
         4);
    return;
  }
  line(out, style,
       style.bad("No room") +
           (t.deals == 1
                ? std::string(": the only outcome that can come about here does not suit everybody "
                              "at the table.")
                : fmt::format(": none of the {} outcomes that can come about here suits everybody "
                              "at the table.",
                              with_commas(t.deals))),
       4);
  if (t.room_now > 0)
    line(
        out, style,
        fmt::format("Against today {} would suit everybody (--than now); what stands in the way is "
                    "that somebody expects better of the drift.",
                    counted(t.room_now, "outcome", "outcomes")),
        4);
  if (n.nothing_for != 0)
    line(out, style,
         party_names(conflict, n.nothing_for) +
             " would gain nothing by any of them, whatever the others gave up.",
         4);
  for (const PartyMask set : n.at_odds) {
    if (std::popcount(set) == 1) {
      line(out, style, party_names(conflict, set) + " is better off at none of them.", 4);
    } else {
      line(out, style, "No outcome suits " + party_names(conflict, set) + " together.", 4);
    }
  }
  const bool demands = std::any_of(n.contradictions.begin(), n.contradictions.end(),
                                   [](const Contradiction& c) { return !c.demands.empty(); });
  if (demands) line(out, style, "Demands that leave no room:", 4);
  for (const Contradiction& c : n.contradictions) {
    if (c.demands.empty()) continue;
    std::vector<std::string> words;
    for (const Demand& d : c.demands) words.push_back(demand_words(conflict, d));
    line(out, style,
         "- " + join(words, "; ") +
             (words.size() == 1 ? ": cannot be met" : ": cannot all be met") +
             excluded_by(conflict, c) + ".",
         4);
  }
  if (std::any_of(n.contradictions.begin(), n.contradictions.end(),
                  [](const Contradiction& c) { return !c.rules_known; }))
    line(out, style,
         "Which rules that rests on was not looked for: the table has too many combinations.", 4);
  if (!n.all_contradictions)
    line(out, style, "There may be more such sets: the search stopped at its limit.", 4);
  for (const Yielding& y : n.fewest)
    yielding_part(out, t, base, y, "Fewest demands to give up: ", style);
  for (const auto& [p, y] : n.alone) {
    if (!n.fewest.empty() && n.fewest.front().outcome == y.outcome &&
        n.fewest.front().gives_up == y.gives_up)
      continue;
    yielding_part(out, t, base, y,
                  "Least that " + conflict.party(p).name + " would have to give up alone: ", style);
  }
  if (n.fewest.empty() && n.end == End::Complete)
    line(out, style, "No giving up of demands opens room: somebody gains nothing here.", 4);
}

}  // namespace

std::string demand_words(const Conflict& conflict, const Demand& demand) {
  const std::string who = conflict.party(demand.party).name;
  switch (demand.kind) {
    case Demand::Kind::Option:
      return who + ", on: " + conflict.option(OptionId(demand.index)).name;
    case Demand::Kind::Order:
      return who + ", its own order of the outcomes";
    case Demand::Kind::Statement:
      break;
  }
  const PreferencePart& part = *conflict.preference_part(demand.party);
  std::string worth;
  if (part.method == Method::Weights) {
    const auto [vital, points] = conflict.statement_points(demand.party, demand.index);
    worth = fmt::format(" ({}{})", vital ? "vital, " : "", number(points < 0 ? -points : points));
  } else if (part.statements[demand.index].vital) {
    worth = " (vital)";
  }
  return who + (demand.holds ? ", for: " : ", against: ") +
         statement_name(conflict, demand.party, demand.index) + worth;
}

std::string table_room_text(const TableRoom& t, State base, const TextStyle& style,
                            std::size_t most_outcomes) {
  const Conflict& conflict = t.table.conflict;
  std::string out;
  std::string about = party_names(conflict, t.table.members);
  if (!t.table.open) about += "; closed today, looked at as if it were open";
  if (t.table.link)
    about += "; nothing is agreed without " + (t.table.link_text == "true"
                                                   ? std::string("everything that is on it")
                                                   : in_words(conflict, t.table.link_text));
  const std::string name = t.table.everybody ? std::string("All parties together") : t.table.name;
  line(out, style, style.bold(name) + " (" + about + ")", 2);
  if (t.end != End::Complete) {
    line(out, style,
         style.maybe(t.end == End::Cancelled ? "Interrupted" : "Stopped at the limit") +
             fmt::format(": {} looked at{}; what follows is of these only.",
                         counted(t.deals, "outcome", "outcomes"),
                         t.room == 0 ? ", none of which suits everybody" : ""),
         4);
  }
  if (t.room > 0) room_part(out, t, base, style, most_outcomes);
  if (t.room == 0 && t.drift_is_better && t.end == End::Complete)
    line(out, style,
         style.good("No need of it") +
             fmt::format(": where things drift by themselves is better than today for everybody at "
                         "this table, and none of the {} that can come about here is better still "
                         "for all. {} better than today for all (--than now).",
                         counted(t.deals, "outcome", "outcomes"),
                         t.room_now == 1 ? std::string("One of them is")
                                         : with_commas(t.room_now) + " of them are"),
         4);
  if (t.no_room) no_room_part(out, t, base, style);
  return out;
}

std::string room_text(const RoomAnswer& answer, const std::string& than, const TextStyle& style,
                      std::size_t most_outcomes) {
  std::string out = style.bold("Room for agreement") + "\n";
  if (answer.tables.empty()) return out;
  line(out, style,
       "Deals change what is on the table; all else stays: " +
           describe_state(answer.tables[0].table.conflict, answer.base) + ".",
       2);
  line(out, style, "Each party compares a deal with " + than + ".", 2);
  for (const TableRoom& t : answer.tables) {
    out += "\n";
    out += table_room_text(t, answer.base, style, most_outcomes);
  }
  return out;
}

std::string scatter_text(const TableRoom& t, const TextStyle& style) {
  constexpr std::size_t kRows = 14;
  if (t.members.size() != 2 || t.unit != Unit::Points || t.efficient.size() < 3) return "";
  if (style.width < 40 || t.cloud.empty()) return "";
  std::int64_t most[2] = {0, 0};
  std::int64_t least[2] = {0, 0};
  for (const auto& [a, b] : t.cloud) {
    most[0] = std::max(most[0], a);
    most[1] = std::max(most[1], b);
    least[0] = std::min(least[0], a);
    least[1] = std::min(least[1], b);
  }
  if (most[0] <= 0 || most[1] <= 0) return "";
  // The losing side is cut at as much as there is to gain, so that the room stays readable.
  least[0] = std::max(least[0], -most[0]);
  least[1] = std::max(least[1], -most[1]);
  const std::size_t columns = std::min<std::size_t>(style.width - 8, 64);
  std::vector<std::string> cells(kRows, std::string(columns, ' '));
  const auto column = [&](std::int64_t a) {
    return static_cast<std::size_t>(static_cast<double>(a - least[0]) /
                                        static_cast<double>(most[0] - least[0]) *
                                        static_cast<double>(columns - 1) +
                                    0.5);
  };
  const auto row = [&](std::int64_t b) {
    return kRows - 1 -
           static_cast<std::size_t>(static_cast<double>(b - least[1]) /
                                        static_cast<double>(most[1] - least[1]) *
                                        static_cast<double>(kRows - 1) +
                                    0.5);
  };
  for (std::size_t r = 0; r < kRows; ++r) cells[r][column(0)] = '|';
  for (std::size_t c = 0; c < columns; ++c) cells[row(0)][c] = '-';
  cells[row(0)][column(0)] = '+';
  for (const auto& [a, b] : t.cloud)
    if (a >= least[0] && b >= least[1]) {
      char& cell = cells[row(b)][column(a)];
      if (cell == ' ') cell = '.';
    }
  bool vital = false;
  for (const RoomOutcome& o : t.efficient) {
    vital = vital || o.gains[0].vital != 0 || o.gains[1].vital != 0;
    if (o.gains[0].vital == 0 && o.gains[1].vital == 0)
      cells[row(o.gains[1].points)][column(o.gains[0].points)] = 'o';
  }
  if (vital) return "";
  std::vector<std::string> key;
  for (std::size_t k = t.solutions.size(); k-- > 0;) {
    const Solution& s = t.solutions[k];
    if (s.outcomes.empty()) continue;
    const RoomOutcome& o = t.efficient[s.outcomes.front()];
    cells[row(o.gains[1].points)][column(o.gains[0].points)] = kLetters[static_cast<int>(s.kind)];
  }
  for (const Solution& s : t.solutions)
    key.push_back(fmt::format("{} {}", kLetters[static_cast<int>(s.kind)], bargain_title(s.kind)));
  const Conflict& conflict = t.table.conflict;
  std::string out;
  line(out, style,
       fmt::format("Points gained by {} (upwards, to {}) and {} (to the right, to {}):",
                   conflict.party(t.members[1]).name, gain_words(t, 1, Gain{0, most[1]}),
                   conflict.party(t.members[0]).name, gain_words(t, 0, Gain{0, most[0]})),
       4);
  for (std::string& r : cells) {
    r.erase(r.find_last_not_of(' ') + 1);
    out += r.empty() ? "\n" : "      " + r + "\n";
  }
  line(out, style,
       "+ is the reference; . an outcome, o an efficient one; " + join(key, ", ") +
           " (where several fall together the first is shown).",
       4);
  return out;
}

}  // namespace wayout
