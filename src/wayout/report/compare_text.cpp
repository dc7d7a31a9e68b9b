#include "wayout/report/compare_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/claims_text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

constexpr std::size_t kColumn = 15;

/// How a block of versions is set: the names of rows in a column `head` wide (0: above their row),
/// and `beside` versions beside the first one.
struct Layout {
  std::size_t width = 80;
  std::size_t head = 35;
  std::size_t beside = 2;
  explicit Layout(std::size_t terminal) : width(terminal) {
    if (width >= 80) return;
    beside = 1;
    head = width >= 60 ? std::min<std::size_t>(head, width - 2 * kColumn) : 0;
  }
};

/// Cut or filled to a width.
std::string fitted(const std::string& s, std::size_t width) { return padded(cut(s, width), width); }

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

/// The cells of a row, one version after the other.
std::string cells_of(const std::vector<std::string>& cells,
                     const std::vector<std::size_t>& columns) {
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i)
    out += i + 1 < columns.size() ? fitted(cells[columns[i]], kColumn - 1) + " "
                                  : fitted(cells[columns[i]], kColumn);
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

void block(const std::string& title, const Table& table, const std::vector<std::size_t>& columns,
           const Layout& layout, const TextStyle& style, std::string& out) {
  if (table.rows().empty()) return;
  out += style.bold(title) + "\n";
  for (const Row& row : table.rows()) {
    bool same = true;
    for (const std::size_t v : columns) same = same && row.cells[v] == row.cells[columns[0]];
    const std::string name = layout.width >= 80 ? cut(row.name, layout.head - 3) : row.name;
    std::string lines =
        named_row(same ? "  " : "* ", name, layout.head == 0 ? 0 : layout.head - 3,
                  (layout.head == 0 ? "" : " ") + cells_of(row.cells, columns), layout.width);
    lines.pop_back();
    out += (same ? lines : style.maybe(lines)) + "\n";
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
  const Layout layout(style.width);
  std::string out;
  for (std::size_t first = 1; first == 1 || first < n; first += layout.beside) {
    std::vector<std::size_t> columns{0};
    for (std::size_t v = first; v < std::min(n, first + layout.beside); ++v) columns.push_back(v);
    if (first > 1) out += "\n";
    std::string head(layout.head == 0 ? 4 : layout.head, ' ');
    for (const std::size_t v : columns) head += fitted(versions[v].name, kColumn - 1) + " ";
    while (head.back() == ' ') head.pop_back();
    out += style.bold(head) + "\n";
    block("Today", today, columns, layout, style, out);
    block("Where it drifts, against today", drift, columns, layout, style, out);
    block("A way out for", goals, columns, layout, style, out);
    block("Claims", claims, columns, layout, style, out);
    block("Chance by the horizon", dangers, columns, layout, style, out);
  }
  out += wrap(
      "* marks what differs. Today: content, no move of its own serves it better; deterred, the "
      "answers take the gain away (SEQ). Drift: better, worse, the same or either way, wherever "
      "willing steps end. A way out: depends where every way found carries a mark.",
      std::min<std::size_t>(style.width, 80), 2);
  return out + "\n";
}

}  // namespace wayout
