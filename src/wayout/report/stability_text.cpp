#include "wayout/report/stability_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

constexpr std::size_t kShown = 5;  // states named one by one

/// A paragraph under a heading: wrapped, indented.
std::string item(const std::string& text, const TextStyle& style) {
  return "  " + wrap(text, style.width - 2, 4) + "\n";
}

std::string description_text(const Conflict& conflict, const Description& d,
                             const TextStyle& style) {
  std::string out;
  bool first = true;
  for (const DescribedPart& part : d.parts) {
    const std::string cover = (first ? "covers " : "adds ") + share_text(part.fresh, d.size);
    first = false;
    if (part.literals.empty()) return item("every state", style);
    const std::string when = in_words(conflict, condition_text(conflict, part.literals));
    if (part.always()) {
      out += item(fmt::format("always where {}: {}, {}", when,
                              counted(part.holds, "state", "states"), cover),
                  style);
    } else {
      out +=
          item(fmt::format("nearly always where {}: {} of {}, {}", when, with_commas(part.inside),
                           counted(part.holds, "state", "states"), cover),
               style);
    }
  }
  if (d.rest > 0 && !d.parts.empty())
    out += item(fmt::format("otherwise: {}, {}", counted(d.rest, "state", "states"),
                            share_text(d.rest, d.size)),
                style);
  if (d.rest > 0 && d.parts.empty())
    out += item("no condition of a few options tells where", style);
  return out;
}

std::string state_text(const StabilityDigest& digest, std::uint64_t index) {
  return std::to_string(digest.number(index));
}

std::string summary_text(const Conflict& conflict, const StabilityDigest& digest,
                         const EquilibriaSummary& e, const TextStyle& style) {
  std::string out;
  for (const BestEquilibrium& best : e.best)
    out += item(fmt::format("best for {}: rank {}, {}, such as {}", conflict.party(best.party).name,
                            with_commas(best.rank), counted(best.count, "state", "states"),
                            state_text(digest, best.first)),
                style);
  if (e.end != End::Complete) {
    out += item(e.end == End::Cancelled ? "interrupted: the efficient ones are not known"
                                        : "the efficient ones: undecided at the limit",
                style);
  } else if (!e.efficient.empty()) {
    std::vector<std::string> some;
    for (std::size_t i = 0; i < std::min(kShown, e.efficient.size()); ++i)
      some.push_back(state_text(digest, e.efficient[i].first));
    out += item(
        fmt::format("efficient among them: {}: {}{}", counted(e.efficient_total, "state", "states"),
                    join(some, ", "), e.efficient_total > some.size() ? ", …" : ""),
        style);
  }
  return out;
}

}  // namespace

std::string share_text(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "0 %";
  if (part == whole) return "100 %";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part > 0 && percent < 0.01) return "under 0.01 %";
  if (percent > 99.9) return "over 99.9 %";
  return percent < 1 ? fmt::format("{:.2f} %", percent)
                     : fmt::format("{:.{}f} %", percent, percent > 99 ? 1 : 0);
}

std::string stability_counts_text(const Conflict& conflict, const std::vector<Concept>& concepts,
                                  const std::vector<std::uint64_t>& equilibria,
                                  const std::vector<std::vector<std::uint64_t>>& stable,
                                  std::size_t width) {
  constexpr std::size_t kFirst = 8;
  constexpr std::size_t kWide = 14;
  std::vector<std::vector<std::string>> table{{"for all"}};
  for (const std::uint64_t n : equilibria) table[0].push_back(with_commas(n));
  for (const PartyId p : conflict.parties()) {
    auto& column = table.emplace_back(1, conflict.party(p).id);
    for (const auto& of_concept : stable) column.push_back(with_commas(of_concept[p.index()]));
  }
  std::vector<std::size_t> widths;
  for (const auto& column : table) {
    std::size_t& widest = widths.emplace_back(0);
    for (const std::string& cell : column) widest = std::max(widest, cell.size() + 2);
  }
  std::size_t even = kFirst;
  for (const std::size_t w : widths) even += std::max(w, kWide);
  if (even <= width)
    for (std::size_t& w : widths) w = std::max(w, kWide);
  std::string out;
  // As many columns side by side as there is room for, and the others below.
  for (std::size_t first = 0, next = 0; first < table.size(); first = next) {
    for (std::size_t used = kFirst; next < table.size(); ++next) {
      used += widths[next];
      if (next > first && used > width) break;
    }
    for (std::size_t row = 0; row <= concepts.size(); ++row) {
      out += fmt::format("{:<{}}", row == 0 ? "stable" : concept_title(concepts[row - 1]), kFirst);
      for (std::size_t k = first; k < next; ++k)
        out += fmt::format("{:>{}}", table[k][row], widths[k]);
      out += "\n";
    }
    out += "\n";
  }
  return out;
}

std::string digest_text(const Conflict& conflict, const StabilityDigest& digest,
                        const TextStyle& style) {
  std::string out;
  for (const EquilibriaSummary& e : digest.equilibria) {
    out +=
        heading(style,
                fmt::format("{} equilibria: {}", concept_title(e.concept_),
                            counted(e.total, "state", "states")),
                e.total > 0 ? fmt::format(" ({} of all)", share_text(e.total, digest.states)) : "");
    if (e.total == 0) continue;
    for (const Description& d : digest.descriptions)
      if (!d.set.party && d.set.concept_ == e.concept_) out += description_text(conflict, d, style);
    out += summary_text(conflict, digest, e, style);
    if (!digest.reached) continue;
    const ReachedEquilibria& reached = *digest.reached;
    const auto c = static_cast<std::size_t>(e.concept_);
    std::vector<std::string> some;
    for (const auto& found : reached.found)
      if (((found.concepts >> c) & 1u) != 0 && some.size() < kShown)
        some.push_back(fmt::format("{} in {}", state_text(digest, found.index),
                                   counted(found.steps, "step", "steps")));
    out +=
        item(fmt::format("reached from {} by improvements: {}{}{}{}", "today",
                         reached.end == End::Complete ? "" : "at least ",
                         with_commas(reached.count[c]), some.empty() ? "" : ": " + join(some, ", "),
                         reached.count[c] > some.size() ? ", …" : ""),
             style);
  }
  if (digest.reached)
    out +=
        wrap(fmt::format(
                 "Improvements from {} lead to {}{}.", "today",
                 counted(digest.reached->met, "state", "states"),
                 digest.reached->end == End::Complete ? "" : " and more; the search stopped there"),
             style.width, 2) +
        "\n";
  for (const Description& d : digest.descriptions) {
    if (!d.set.party) continue;
    out +=
        heading(style,
                fmt::format("{} for {}: {}", concept_title(d.set.concept_),
                            conflict.party(*d.set.party).name, counted(d.size, "state", "states")),
                d.size > 0 ? fmt::format(" ({} of all)", share_text(d.size, digest.states)) : "");
    if (d.size > 0) out += description_text(conflict, d, style);
  }
  return out + "\n";
}

std::string reachable_text(const Conflict& conflict, Concept c, const ReachableEquilibria& found,
                           const TextStyle& style) {
  const bool all = found.exhaustive();
  const std::string number = found.found.empty()
                                 ? (all ? "none" : "none found")
                                 : (all ? "" : "at least ") + with_commas(found.found.size());
  std::string out = heading(
      style,
      fmt::format("{} equilibria that improvements lead to from today: {}", concept_title(c),
                  number),
      fmt::format(" ({} met{}{})", counted(found.met, "state", "states"),
                  found.undecided > 0
                      ? fmt::format(", {} undecided at the limit", with_commas(found.undecided))
                      : "",
                  found.end == End::Complete    ? ""
                  : found.end == End::Cancelled ? ", interrupted"
                                                : "; the search stopped at its limit"));
  for (std::size_t i = 0; i < std::min(kShown, found.found.size()); ++i)
    out += item(fmt::format("in {}: {}", counted(found.found[i].path.size(), "step", "steps"),
                            describe_state(conflict, found.found[i].state)),
                style);
  if (found.found.size() > kShown)
    out += fmt::format("  and {} more\n", with_commas(found.found.size() - kShown));
  return out;
}

}  // namespace wayout
