#include "wayout/report/compare_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/claims_text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

constexpr std::size_t kHead = 35;
constexpr std::size_t kColumn = 15;
constexpr std::size_t kBeside = 2;  ///< versions beside the first one in a block

/// Characters of UTF-8.
std::size_t length(const std::string& s) {
  return static_cast<std::size_t>(
      std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Cut or filled to a width.
std::string fitted(const std::string& s, std::size_t width) {
  if (length(s) <= width) return s + std::string(width - length(s), ' ');
  std::string out;
  std::size_t n = 0;
  for (const char c : s) {
    if ((c & 0xC0) != 0x80 && ++n == width) break;
    out += c;
  }
  return out + "…";
}

std::string spaced(std::string_view word) {
  std::string out(word);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

/// One row: what it says of each version, "" where the version does not have it.
struct Row {
  std::string id;
  std::string name;
  std::vector<std::string> cells;
};

class Table {
 public:
  explicit Table(std::size_t versions) : versions_(versions) {}
  void set(std::size_t version, const std::string& id, const std::string& name,
           const std::string& cell) {
    for (Row& row : rows_)
      if (row.id == id) {
        row.cells[version] = cell;
        return;
      }
    rows_.push_back({id, name, std::vector<std::string>(versions_, "-")});
    rows_.back().cells[version] = cell;
  }
  const std::vector<Row>& rows() const { return rows_; }

 private:
  std::size_t versions_;
  std::vector<Row> rows_;
};

void block(const std::string& title, const Table& table, const std::vector<std::size_t>& columns,
           const TextStyle& style, std::string& out) {
  if (table.rows().empty()) return;
  out += style.bold(title) + "\n";
  for (const Row& row : table.rows()) {
    bool same = true;
    for (const std::size_t v : columns) same = same && row.cells[v] == row.cells[columns[0]];
    std::string line = (same ? "  " : "* ") + fitted(row.name, kHead - 3) + " ";
    for (std::size_t i = 0; i < columns.size(); ++i)
      line += i + 1 < columns.size() ? fitted(row.cells[columns[i]], kColumn - 1) + " "
                                     : fitted(row.cells[columns[i]], kColumn);
    while (!line.empty() && line.back() == ' ') line.pop_back();
    out += (same ? line : style.maybe(line)) + "\n";
  }
}

std::string percent(double p) { return fmt::format("{:.3g} %", 100 * p); }

}  // namespace

std::string_view stand_word(Stand stand) {
  switch (stand) {
    case Stand::Content:
      return "content";
    case Stand::Deterred:
      return "deterred";
    case Stand::WouldMove:
      return "would_move";
    case Stand::Undecided:
      break;
  }
  return "undecided";
}

std::string_view fate_word(Fate fate) {
  switch (fate) {
    case Fate::Same:
      return "same";
    case Fate::Better:
      return "better";
    case Fate::Worse:
      return "worse";
    case Fate::Either:
      return "either";
    case Fate::Undecided:
      break;
  }
  return "undecided";
}

std::string_view goal_word(GoalWord word) {
  switch (word) {
    case GoalWord::Yes:
      return "yes";
    case GoalWord::Depends:
      return "depends";
    case GoalWord::No:
      return "no";
    case GoalWord::Undecided:
      break;
  }
  return "undecided";
}

std::string compare_text(const std::vector<VersionAnswer>& versions, const TextStyle& style) {
  const std::size_t n = versions.size();
  Table today(n), drift(n), goals(n), claims(n), dangers(n);
  for (std::size_t v = 0; v < n; ++v) {
    const VersionAnswer& a = versions[v];
    for (const auto& p : a.parties) today.set(v, p.id, p.name, spaced(stand_word(p.stand)));
    drift.set(v, " places", "places where it may end",
              a.drift_places == 0 ? "undecided"
              : a.rests           ? "rests today"
                                  : with_commas(a.drift_places));
    for (const auto& p : a.parties) drift.set(v, p.id, p.name, spaced(fate_word(p.fate)));
    for (const auto& g : a.goals) goals.set(v, g.id, g.name, std::string(goal_word(g.word)));
    for (const auto& c : a.claims) claims.set(v, c.id, c.id, std::string(outcome_word(c.outcome)));
    for (const auto& d : a.dangers)
      dangers.set(v, d.id, d.name,
                  d.fault.empty() ? percent((d.lower + d.upper) / 2) : "not computed");
  }
  std::string out;
  for (std::size_t first = 1; first == 1 || first < n; first += kBeside) {
    std::vector<std::size_t> columns{0};
    for (std::size_t v = first; v < std::min(n, first + kBeside); ++v) columns.push_back(v);
    if (first > 1) out += "\n";
    std::string head(kHead, ' ');
    for (const std::size_t v : columns) head += fitted(versions[v].name, kColumn - 1) + " ";
    while (head.back() == ' ') head.pop_back();
    out += style.bold(head) + "\n";
    block("Today", today, columns, style, out);
    block("Where it drifts, against today", drift, columns, style, out);
    block("A way out for", goals, columns, style, out);
    block("Claims", claims, columns, style, out);
    block("Chance by the horizon", dangers, columns, style, out);
  }
  out += wrap(
      "* marks what differs. Today: content, no move of its own serves it better; deterred, the "
      "answers take the gain away (SEQ). Drift: better, worse, the same or either way, wherever "
      "willing steps end. A way out: depends where every way found carries a mark.",
      std::min<std::size_t>(style.width, 80), 2);
  return out + "\n";
}

}  // namespace wayout
