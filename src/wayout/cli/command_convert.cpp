#include <algorithm>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/export/dot.hpp"
#include "wayout/export/picture.hpp"
#include "wayout/io/gmcr.hpp"
#include "wayout/io/write_case.hpp"
#include "wayout/report/words.hpp"
#include "wayout/space/closure.hpp"

namespace wayout::cli {
namespace {

std::string extension(const std::string& path) {
  const std::size_t dot = path.find_last_of('.');
  const std::size_t slash = path.find_last_of('/');
  if (dot == std::string::npos || (slash != std::string::npos && dot < slash)) return {};
  return path.substr(dot + 1);
}

/// Every state of a small space, else those that willing steps lead to from today, drawn with their
/// moves.
std::string dot_of(const Session& session, const Conflict& conflict) {
  constexpr std::size_t kMost = 200;
  constexpr std::size_t kSmall = 64;
  std::size_t count = 0;
  const bool small =
      for_each_feasible(conflict, 1'000'000, [&count](State) { return ++count <= kSmall; }) &&
      count <= kSmall;
  RowSpace space(conflict);
  std::vector<PictureState> states;
  const auto add = [&](State s) {
    PictureState item;
    item.state = s;
    if (conflict.graph_form()) item.number = std::to_string(conflict.graph_number(s));
    if (conflict.status_quo() == s) {
      item.role = NodeRole::StatusQuo;
      item.marks.push_back("today");
    }
    for (const GoalInfo& g : conflict.goals()) {
      if (!conflict.holds(g.when, s)) continue;
      item.marks.push_back("goal: " + g.name);
      if (item.role == NodeRole::Plain) item.role = NodeRole::Goal;
    }
    states.push_back(std::move(item));
  };
  if (const auto now = conflict.status_quo(); now && !small) {
    ClosureSettings cs;
    for (const MoverId m : conflict.movers()) cs.movers.push_back(m);
    cs.watch = session.watch();
    add(*now);
    Closure closure(space, std::move(cs));
    closure.run(*now, [&](std::uint32_t node) {
      add(closure.state(node));
      return states.size() >= PictureSettings::kMostStates ? Closure::Next::Stop
                                                           : Closure::Next::Go;
    });
  } else {
    for_each_feasible(conflict, 1'000'000, [&](State s) {
      add(s);
      if (!conflict.graph_form()) states.back().number = std::to_string(states.size());
      return states.size() < PictureSettings::kMostStates;
    });
  }
  PictureSettings settings;
  settings.most_states = kMost;
  return to_dot(picture_of(conflict, states, settings));
}

}  // namespace

int run_convert(const Session& session) {
  const Request& r = session.request();
  std::string format = r.format.empty() ? extension(r.output_path) : r.format;
  static const std::vector<std::string> kFormats = {"toml", "gmcr", "dot", "csv",  "ndjson",
                                                    "json", "tra",  "drn", "prism"};
  if (std::find(kFormats.begin(), kFormats.end(), format) == kFormats.end()) {
    session.complain(format.empty() ? std::string("the output has no extension to tell its format")
                                    : fmt::format("'{}' is no output format", format),
                     "--format toml, gmcr, dot, csv, ndjson, json, tra, drn or prism");
    return kUsage;
  }
  const auto loaded = session.load(r.case_path);
  if (!loaded) return kFaulty;
  const bool as_written = format == "toml" && r.under.empty() && r.with.empty();
  const auto conflict = session.conflict(*loaded);
  if (!conflict) return kFaulty;
  std::string text;
  int code = kDone;
  if (format == "toml") {
    // Without --under and --with the whole file is written, variants and all.
    text = write_case(as_written ? loaded->parts : conflict->parts());
  } else if (format == "gmcr") {
    auto out = write_gmcr(*conflict);
    if (!out) {
      session.print_faults(&*loaded, out.error());
      return kFaulty;
    }
    text = *out;
    const auto left_out = gmcr_left_out(*conflict);
    if (!left_out.empty()) session.inform("a .gmcr file cannot say: " + join_and(left_out));
  } else if (format == "tra" || format == "drn" || format == "prism") {
    return convert_chain(session, *loaded, *conflict, format);
  } else if (format == "dot") {
    text = dot_of(session, *conflict);
  } else {
    code = write_stability(session, *conflict, format, true,
                           [&text](const std::string& piece) { text += piece; });
    if (code != kDone && text.empty()) return code;
  }
  if (r.output_path == "-") {
    session.print(text);
    return code;
  }
  const std::string problem = write_file(r.output_path, text);
  if (!problem.empty()) {
    session.complain(problem);
    return kFaulty;
  }
  session.inform(fmt::format("wrote {} ({} bytes)", r.output_path, with_commas(text.size())));
  return code;
}

}  // namespace wayout::cli
