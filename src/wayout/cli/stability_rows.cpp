#include "wayout/cli/stability_rows.hpp"

#include <algorithm>
#include <charconv>

#include "wayout/base/text.hpp"
#include "wayout/export/csv.hpp"
#include "wayout/report/words.hpp"

namespace wayout::cli {
namespace {

template <class Number>
void number(Number n, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, n);
  out.append(digits, end.ptr);
}

/// A party and its rank stay together.
std::string rank_lines(std::vector<std::string> ranks, std::size_t width) {
  std::size_t longest = 0;
  for (std::size_t k = 0; k < ranks.size(); ++k) {
    if (k + 1 < ranks.size()) ranks[k] += ',';
    longest = std::max(longest, ranks[k].size());
  }
  const std::string head = "  rank (1 = best)";
  const bool below = head.size() + 3 + longest > width;
  const std::string indent(below ? 6 : head.size() + 3, ' ');
  std::string out = head + (below ? "\n" + indent : "   ");
  std::size_t column = indent.size();
  for (std::size_t k = 0; k < ranks.size(); ++k) {
    if (k > 0 && column + 1 + ranks[k].size() > width) {
      out += "\n" + indent;
      column = indent.size();
    } else if (k > 0) {
      out += ' ';
      ++column;
    }
    out += ranks[k];
    column += ranks[k].size();
  }
  return out + "\n";
}

}  // namespace

RowWriter::RowWriter(const Conflict& conflict, std::vector<Concept> concepts,
                     std::optional<ConceptProfile> profile)
    : conflict_(conflict), concepts_(std::move(concepts)), profile_(std::move(profile)) {
  for (const PartyId p : conflict.parties()) {
    quoted_.push_back('"' + conflict.party(p).id + '"');
    all_ |= mask_of(p);
    if (profile_)
      profile_at_.push_back(static_cast<std::size_t>(
          std::find(concepts_.begin(), concepts_.end(), (*profile_)[p.index()]) -
          concepts_.begin()));
  }
  for (const Concept c : concepts_) titles_.push_back('"' + std::string(concept_name(c)) + '"');
}

PartyMask RowWriter::profile_stable(const StabilityRow& row) const {
  PartyMask out = 0;
  for (const PartyId p : conflict_.parties())
    out |= row.stable[profile_at_[p.index()]] & mask_of(p);
  return out;
}

void RowWriter::ids(PartyMask parties, std::string& out) const {
  out += '[';
  bool first = true;
  for (std::size_t p = 0; p < quoted_.size(); ++p) {
    if (((parties >> p) & 1u) == 0) continue;
    if (!first) out += ',';
    first = false;
    out += quoted_[p];
  }
  out += ']';
}

void RowWriter::json(const StabilityRow& row, std::string& out) const {
  out += "{\"state\":";
  if (row.number) {
    number(*row.number, out);
  } else {
    out += "null";
  }
  out += ",\"values\":[";
  for (const OptionId o : conflict_.options()) {
    if (o.index() > 0) out += ',';
    number(conflict_.level(row.state, o), out);
  }
  out += "],\"rank\":";
  if (row.rank.empty()) {
    out += "null";
  } else {
    for (std::size_t p = 0; p < quoted_.size(); ++p) {
      out += p > 0 ? ',' : '{';
      out += quoted_[p];
      out += ':';
      if (row.rank[p] > 0) {
        number(row.rank[p], out);
      } else {
        out += "null";
      }
    }
    out += '}';
  }
  out += ",\"stable\":{";
  for (std::size_t c = 0; c < titles_.size(); ++c) {
    if (c > 0) out += ',';
    out += titles_[c];
    out += ':';
    ids(row.stable[c], out);
  }
  out += "},\"equilibrium\":[";
  bool first = true;
  for (std::size_t c = 0; c < titles_.size(); ++c) {
    if (!equilibrium(row, c)) continue;
    if (!first) out += ',';
    first = false;
    out += titles_[c];
  }
  out += "],\"undecided\":{";
  first = true;
  for (std::size_t c = 0; c < titles_.size(); ++c) {
    if (row.undecided[c] == 0) continue;
    if (!first) out += ',';
    first = false;
    out += titles_[c];
    out += ':';
    ids(row.undecided[c], out);
  }
  out += '}';
  if (profile_) {
    const PartyMask stable = profile_stable(row);
    out += ",\"profile_stable\":";
    ids(stable, out);
    out += ",\"profile_equilibrium\":";
    out += stable == all_ ? "true" : "false";
  }
  out += '}';
}

void RowWriter::csv_header(std::string& out) const {
  std::vector<std::string> head{"state"};
  for (const OptionId o : conflict_.options()) head.push_back(conflict_.option(o).id);
  for (const PartyId p : conflict_.parties()) head.push_back("rank_" + conflict_.party(p).id);
  for (const Concept c : concepts_)
    for (const PartyId p : conflict_.parties())
      head.push_back(std::string(concept_name(c)) + "_" + conflict_.party(p).id);
  for (const Concept c : concepts_) head.push_back(std::string(concept_name(c)) + "_equilibrium");
  out += CsvTable(std::move(head)).text();
}

void RowWriter::csv(const StabilityRow& row, std::string& out) const {
  if (row.number) number(*row.number, out);
  for (const OptionId o : conflict_.options()) {
    out += ',';
    number(conflict_.level(row.state, o), out);
  }
  for (std::size_t p = 0; p < quoted_.size(); ++p) {
    out += ',';
    if (!row.rank.empty() && row.rank[p] > 0) number(row.rank[p], out);
  }
  for (std::size_t c = 0; c < concepts_.size(); ++c)
    for (std::size_t p = 0; p < quoted_.size(); ++p) {
      out += ',';
      if (((row.undecided[c] >> p) & 1u) == 0) out += (row.stable[c] >> p) & 1u ? '1' : '0';
    }
  for (std::size_t c = 0; c < concepts_.size(); ++c) out += equilibrium(row, c) ? ",1" : ",0";
  out += "\r\n";
}

void RowWriter::text(const StabilityRow& row, const TextStyle& style, std::string& out) const {
  out += (row.number ? style.bold("state " + std::to_string(*row.number)) : style.bold("state")) +
         (conflict_.status_quo() == row.state ? " (today)" : "") + "\n";
  out += "  " + wrap(describe_state(conflict_, row.state), style.width - 2, 2) + "\n";
  constexpr std::string_view kStableFor = "  stable for   ";
  std::size_t column = 0;
  const auto listed = [this](PartyMask parties) {
    std::vector<std::string> names;
    for (const PartyId p : conflict_.parties())
      if (contains(parties, p)) names.push_back(conflict_.party(p).id);
    return join(names, ", ");
  };
  for (std::size_t c = 0; c < concepts_.size(); ++c) {
    const bool all = equilibrium(row, c);
    const std::string head = std::string(concept_title(concepts_[c])) + ": ";
    const std::string who = all                  ? "all (equilibrium)"
                            : row.stable[c] == 0 ? "nobody"
                                                 : listed(row.stable[c]);
    const std::string open =
        row.undecided[c] != 0 ? ", undecided: " + listed(row.undecided[c]) : std::string();
    const std::size_t wide = (head + who + open).size();
    // Whole concepts on each line, under the first one.
    if (c == 0) {
      out += kStableFor;
      column = kStableFor.size();
    } else if (column + 3 + wide > style.width) {
      out += "\n" + std::string(kStableFor.size(), ' ');
      column = kStableFor.size();
    } else {
      out += "   ";
      column += 3;
    }
    out += all ? head + style.good(who) + open
               : wrap_after(column, head + who + open, style.width, kStableFor.size() + 2);
    column += wide;
  }
  out += "\n";
  std::vector<std::string> ranks;
  for (const PartyId p : conflict_.parties())
    if (!row.rank.empty() && row.rank[p.index()] > 0)
      ranks.push_back(conflict_.party(p).id + " " + std::to_string(row.rank[p.index()]));
  if (!ranks.empty()) out += rank_lines(std::move(ranks), style.width);
}

}  // namespace wayout::cli
