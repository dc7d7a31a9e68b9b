#include "wayout/io/chain_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "wayout/base/text.hpp"

namespace wayout {
namespace {

/// The lines of a text with their numbers; a carriage return at the end is dropped.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  bool next(std::string_view& line) {
    if (at_ >= text_.size()) return false;
    std::size_t end = text_.find('\n', at_);
    if (end == std::string_view::npos) end = text_.size();
    line = text_.substr(at_, end - at_);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    at_ = end + 1;
    ++number_;
    return true;
  }
  int number() const { return number_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  int number_ = 0;
};

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

std::vector<std::string_view> words(std::string_view s) {
  std::vector<std::string_view> out;
  for (s = trimmed(s); !s.empty(); s = trimmed(s)) {
    const std::size_t end = std::min(s.find_first_of(" \t"), s.size());
    out.push_back(s.substr(0, end));
    s.remove_prefix(end);
  }
  return out;
}

std::optional<std::uint64_t> whole(std::string_view s) {
  std::uint64_t x = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), x);
  if (error != std::errc() || end != s.data() + s.size()) return std::nullopt;
  return x;
}

/// A number from 0, finite.
std::optional<double> rate_of(std::string_view s) {
  double x = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), x);
  if (error != std::errc() || end != s.data() + s.size()) return std::nullopt;
  if (!std::isfinite(x) || x < 0) return std::nullopt;
  return x;
}

struct Reader {
  std::string path;
  Unexpected<Errors> bad(int line, std::string message, std::string hint = {}) const {
    Where where;
    where.file = path;
    where.line = line;
    where.column = 1;
    return fault("chain", std::move(message), where, std::move(hint));
  }
};

/// Adds a state to a label; false where there are too many labels.
bool label(ExplicitChain& chain, std::map<std::string, std::size_t, std::less<>>& index,
           std::string_view name, std::uint32_t state) {
  auto it = index.find(name);
  if (it == index.end()) {
    if (chain.labels.size() >= ChainLimits::kLabels) return false;
    it = index.emplace(std::string(name), chain.labels.size()).first;
    chain.labels.push_back({std::string(name), {}});
  }
  auto& states = chain.labels[it->second].states;
  if (states.empty() || states.back() != state) states.push_back(state);
  return true;
}

std::string too_many_labels() {
  return "there are more than " + std::to_string(ChainLimits::kLabels) +
         " labels, which is the limit";
}
std::string too_many_states() {
  return "there are more than " + with_commas(ChainLimits::kStates) + " states, which is the limit";
}

}  // namespace

Result<ExplicitChain> read_drn(std::string_view text, const std::string& path) {
  const Reader reader{path};
  ExplicitChain chain;
  Lines lines(text);
  std::string_view line;
  std::optional<std::uint64_t> states;
  bool type = false;
  bool model = false;
  while (!model && lines.next(line)) {
    line = trimmed(line);
    if (line.empty() || line.starts_with("//")) continue;
    if (line.starts_with("@type:")) {
      std::string kind(trimmed(line.substr(6)));
      std::transform(kind.begin(), kind.end(), kind.begin(),
                     [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
      if (kind != "ctmc" && kind != "dtmc")
        return reader.bad(lines.number(), "the model is of the type '" + kind + "'",
                          "a CTMC or a DTMC can be read");
      chain.continuous = kind == "ctmc";
      type = true;
    } else if (line.starts_with("@value_type:")) {
      if (trimmed(line.substr(12)) != "double")
        return reader.bad(lines.number(), "only plain numbers (double) can be read");
    } else if (line == "@parameters") {
      if (lines.next(line) && !trimmed(line).empty())
        return reader.bad(lines.number(), "a chain with parameters cannot be read",
                          "give the parameters values first");
    } else if (line == "@reward_models") {
      lines.next(line);
    } else if (line == "@nr_states") {
      if (lines.next(line)) states = whole(trimmed(line));
      if (!states) return reader.bad(lines.number(), "the number of states is no number");
      if (*states > ChainLimits::kStates) return reader.bad(lines.number(), too_many_states());
    } else if (line == "@nr_choices") {
      lines.next(line);
    } else if (line == "@model") {
      model = true;
    } else {
      return reader.bad(lines.number(), "this line of the head is not understood");
    }
  }
  if (!model || !type || !states)
    return reader.bad(lines.number(), "@type, @nr_states and @model are needed");
  std::map<std::string, std::size_t, std::less<>> index;
  std::uint64_t state = 0;
  bool action = false;
  bool initial = false;
  bool named = false;
  while (lines.next(line)) {
    if (line.starts_with("//")) {
      if (line.size() > 4 && line[2] == '[' && line.back() == ']' && state > 0) {
        chain.names.resize(state);
        chain.names[state - 1] = std::string(line.substr(3, line.size() - 4));
        named = true;
      }
      continue;
    }
    line = trimmed(line);
    if (line.empty()) continue;
    if (line.starts_with("state ")) {
      const auto list = words(line.substr(6));
      if (list.empty() || whole(list[0]) != state)
        return reader.bad(lines.number(), "states are numbered from 0 without gaps: " +
                                              std::to_string(state) + " comes here");
      if (state >= *states)
        return reader.bad(lines.number(), "there are more states than @nr_states says");
      std::size_t k = 1;
      if (chain.continuous) {
        if (k >= list.size() || list[k].front() != '!' || !rate_of(list[k].substr(1)))
          return reader.bad(lines.number(), "the exit rate is missing: !rate after the number");
        ++k;
      }
      for (bool rewards = false; k < list.size(); ++k) {
        if (list[k].front() == '[' || rewards) {
          rewards = list[k].back() != ']';
          continue;
        }
        if (list[k] == "init") {
          if (initial) return reader.bad(lines.number(), "there are two initial states");
          initial = true;
          chain.initial = static_cast<std::uint32_t>(state);
        } else if (!label(chain, index, list[k], static_cast<std::uint32_t>(state))) {
          return reader.bad(lines.number(), too_many_labels());
        }
      }
      if (state > 0) chain.begin.push_back(chain.to.size());
      ++state;
      action = false;
    } else if (line.starts_with("action")) {
      if (state == 0 || action) return reader.bad(lines.number(), "a chain has one action a state");
      action = true;
    } else {
      const std::size_t colon = line.find(':');
      const auto to = whole(trimmed(line.substr(0, std::min(colon, line.size()))));
      if (state == 0 || colon == std::string_view::npos || !to)
        return reader.bad(lines.number(), "a transition is 'state : number'");
      if (*to >= *states)
        return reader.bad(lines.number(), "there is no state " + std::to_string(*to));
      const auto rate = rate_of(trimmed(line.substr(colon + 1)));
      if (!rate) return reader.bad(lines.number(), "the rate is no finite number from 0");
      chain.to.push_back(static_cast<std::uint32_t>(*to));
      chain.rate.push_back(*rate);
    }
  }
  if (state != *states)
    return reader.bad(lines.number(), "there are " + std::to_string(state) + " states and not " +
                                          std::to_string(*states));
  if (state > 0) chain.begin.push_back(chain.to.size());
  if (named) chain.names.resize(state);
  return chain;
}

Result<ExplicitChain> read_tra(std::string_view tra, std::string_view lab, std::string_view sta,
                               const std::string& path) {
  const Reader reader{path};
  ExplicitChain chain;
  Lines lines(tra);
  std::string_view line;
  if (!lines.next(line)) return reader.bad(1, "the file is empty");
  const auto head = words(line);
  const auto states = head.size() == 2 ? whole(head[0]) : std::nullopt;
  const auto announced = states ? whole(head[1]) : std::nullopt;
  if (!announced)
    return reader.bad(1, "the first line is 'states transitions'",
                      "a chain can be read, no decision process");
  if (*states > ChainLimits::kStates) return reader.bad(1, too_many_states());
  struct Entry {
    std::uint32_t from, to;
    double rate;
  };
  std::vector<Entry> entries;
  while (lines.next(line)) {
    if (trimmed(line).empty()) continue;
    const auto list = words(line);
    const auto from = list.size() >= 3 ? whole(list[0]) : std::nullopt;
    const auto to = list.size() >= 3 ? whole(list[1]) : std::nullopt;
    if (!from || !to || list.size() > 4)
      return reader.bad(lines.number(), "a transition is 'from to rate'");
    if (*from >= *states || *to >= *states)
      return reader.bad(lines.number(),
                        "a state beyond the " + std::to_string(*states) + " of the first line");
    const auto rate = rate_of(list[2]);
    if (!rate) return reader.bad(lines.number(), "the rate is no finite number from 0");
    if (entries.size() == *announced)
      return reader.bad(lines.number(), "more transitions than the " + std::to_string(*announced) +
                                            " of the first line");
    entries.push_back({static_cast<std::uint32_t>(*from), static_cast<std::uint32_t>(*to), *rate});
  }
  if (entries.size() < *announced)
    return reader.bad(lines.number(),
                      "the file ends after " + std::to_string(entries.size()) + " of the " +
                          std::to_string(*announced) + " transitions of the first line",
                      "it may have been cut off");
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.from < b.from; });
  chain.begin.assign(*states + 1, 0);
  for (const Entry& e : entries) {
    ++chain.begin[e.from + 1];
    chain.to.push_back(e.to);
    chain.rate.push_back(e.rate);
  }
  for (std::size_t s = 0; s < *states; ++s) chain.begin[s + 1] += chain.begin[s];

  Lines labels(lab);
  std::map<std::uint64_t, std::string> names;
  std::map<std::string, std::size_t, std::less<>> index;
  if (labels.next(line)) {
    for (const std::string_view word : words(line)) {
      const std::size_t equals = word.find('=');
      const auto number = whole(word.substr(0, std::min(equals, word.size())));
      if (equals == std::string_view::npos || !number)
        return reader.bad(1, "the labels' first line is 0=\"init\" 1=\"…\"");
      std::string_view name = word.substr(equals + 1);
      if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
        name = name.substr(1, name.size() - 2);
      if (!names.emplace(*number, std::string(name)).second)
        return reader.bad(1, "a label has its number twice");
      if (names.size() > ChainLimits::kLabels) return reader.bad(1, too_many_labels());
    }
    bool initial = false;
    while (labels.next(line)) {
      if (trimmed(line).empty()) continue;
      const std::size_t colon = line.find(':');
      const auto state = whole(trimmed(line.substr(0, std::min(colon, line.size()))));
      if (colon == std::string_view::npos || !state || *state >= *states)
        return reader.bad(labels.number(), "a line of labels is 'state: numbers'");
      for (const std::string_view word : words(line.substr(colon + 1))) {
        const auto number = whole(word);
        const auto it = number ? names.find(*number) : names.end();
        if (it == names.end())
          return reader.bad(labels.number(), "there is no label '" + std::string(word) + "'");
        if (it->second == "init") {
          if (initial) return reader.bad(labels.number(), "there are two initial states");
          initial = true;
          chain.initial = static_cast<std::uint32_t>(*state);
        } else {
          label(chain, index, it->second, static_cast<std::uint32_t>(*state));
        }
      }
    }
    for (auto& l : chain.labels) {
      std::sort(l.states.begin(), l.states.end());
      l.states.erase(std::unique(l.states.begin(), l.states.end()), l.states.end());
    }
  }
  Lines valuations(sta);
  if (valuations.next(line)) {
    chain.names.resize(*states);
    while (valuations.next(line)) {
      const std::size_t colon = line.find(':');
      const auto state = whole(trimmed(line.substr(0, std::min(colon, line.size()))));
      if (trimmed(line).empty()) continue;
      if (colon == std::string_view::npos || !state || *state >= *states)
        return reader.bad(valuations.number(), "a line of states is 'state:(values)'");
      chain.names[*state] = std::string(trimmed(line.substr(colon + 1)));
    }
  }
  return chain;
}

}  // namespace wayout
