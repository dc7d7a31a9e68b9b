#include <bit>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "wayout/base/text.hpp"
#include "wayout/base/version.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/io/write_case.hpp"
#include "wayout/space/random_conflict.hpp"
#include "wayout/space/random_nevers.hpp"

namespace wayout::cli {
namespace {

constexpr std::size_t kMostRanked = 4096;

/// What was asked, as the engine's settings. Everything that is not asked for is plain: binary
/// options that their owners move both ways, no rules, no agreements, whole-number weights.
RandomSettings settings_of(const GenerateRequest& g) {
  RandomSettings s;
  s.parties = g.parties;
  s.options = g.options;
  s.graded = g.graded;
  s.most_levels = g.most_levels;
  s.one_way = g.one_way;
  s.joint = g.joint;
  s.binding = g.binding;
  s.disabled = 0;
  s.third = g.third;
  s.nevers = 0;
  if (g.density < 1) s.density = g.density;
  s.forbids = g.forbids;
  s.defines = 0;
  s.tracks = g.tracks;
  s.open = 1;
  s.statements = g.statements;
  s.exactly = true;
  s.interaction = g.interaction;
  s.vital = 0;
  s.criteria = 0;
  s.widest = 100;
  s.most_ranked = kMostRanked;
  if (g.preference != "mixed") {
    s.priorities = g.preference == "priorities" ? 1 : 0;
    s.weights = g.preference == "weights" ? 1 : 0;
    s.additive = g.preference == "additive" ? 1 : 0;
    s.ranking = g.preference == "ranking" ? 1 : 0;
  }
  return s;
}

/// The command that makes the same bytes again: what differs from the defaults, and the seed.
std::string command_of(const GenerateRequest& g) {
  const GenerateRequest plain;
  std::string out = fmt::format("wayout generate --parties {} --options {}", g.parties, g.options);
  const auto add = [&out](const char* setting, const auto& value, const auto& usual) {
    if (value != usual) out += fmt::format(" {} {}", setting, value);
  };
  add("--graded", g.graded, plain.graded);
  add("--most-levels", g.most_levels, plain.most_levels);
  add("--density", g.density, plain.density);
  add("--one-way", g.one_way, plain.one_way);
  add("--joint", g.joint, plain.joint);
  add("--binding", g.binding, plain.binding);
  add("--preference", g.preference, plain.preference);
  add("--statements", g.statements, plain.statements);
  add("--interaction", g.interaction, plain.interaction);
  add("--tracks", g.tracks, plain.tracks);
  add("--forbids", g.forbids, plain.forbids);
  add("--third", g.third, plain.third);
  return out + fmt::format(" --seed {}", g.seed);
}

std::string report_json(const GenerateRequest& g, const std::string& path, const Parts& parts,
                        const Conflict& conflict, const Density& density) {
  using Json = nlohmann::ordered_json;
  Json out{{"schema", "wayout.generate/1"}, {"wayout", std::string(version())}};
  out["command"] = command_of(g);
  out["file"] = path;
  out["parties"] = conflict.party_count();
  out["options"] = conflict.option_count();
  out["tracks"] = parts.tracks.size();
  out["rules"] = parts.rules.size();
  out["combinations_log2"] = std::log2(static_cast<double>(conflict.raw_size()));
  out["density"] = {{"asked", g.density}, {"got", density.share}, {"counted", density.exact}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

int run_generate(const Session& session) {
  const Request& r = session.request();
  const GenerateRequest& g = r.generate;
  const auto width = static_cast<std::size_t>(
      g.graded > 0 ? std::bit_width(static_cast<unsigned>(g.most_levels) - 1) : 1);
  if (g.options * width > Limits::kOptionBits) {
    session.complain(fmt::format("{} options could need {} bits, and the limit is {}", g.options,
                                 g.options * width, Limits::kOptionBits),
                     g.graded > 0 ? "fewer --options, or a smaller --most-levels" : "");
    return kUsage;
  }
  if (g.density < kLeastDensity) {
    session.complain(fmt::format("--density {}: the least is {}", g.density, kLeastDensity));
    return kUsage;
  }
  if (r.json && r.output_path.empty()) {
    session.complain("--json prints what was made, so the case needs a file of its own",
                     "-o FILE.toml");
    return kUsage;
  }
  Parts parts = random_parts(settings_of(g), g.seed);
  parts.title =
      fmt::format("Random conflict, {} parties, {} options, seed {}", g.parties, g.options, g.seed);
  const auto conflict = build(parts);
  contract(conflict.has_value(), "a random conflict builds");
  if (g.preference == "ranking")
    for (const PreferencePart& p : parts.preferences)
      if (p.method != Method::Ranking) {
        session.complain(
            fmt::format("--preference ranking lists every feasible state, and there are more than "
                        "{}",
                        with_commas(kMostRanked)),
            "fewer --options, or a smaller --density");
        return kUsage;
      }
  const std::string text =
      fmt::format("# Made by wayout {}: {}\n", version(), command_of(g)) + write_case(parts);
  const Density density = measure_density(parts, g.seed);
  if (r.output_path.empty() || r.output_path == "-") {
    session.print(text);
  } else if (const std::string problem = write_file(r.output_path, text); !problem.empty()) {
    session.complain(problem);
    return kFaulty;
  }
  if (r.json) session.print(report_json(g, r.output_path, parts, *conflict, density));
  const double bits = std::log2(static_cast<double>(conflict->raw_size()));
  const bool to_file = !r.output_path.empty() && r.output_path != "-";
  session.inform(fmt::format("{}{}, {}, {} combinations, {}{:.3g} % feasible",
                             to_file ? fmt::format("wrote {}: ", r.output_path) : "",
                             counted(conflict->party_count(), "party", "parties"),
                             counted(conflict->option_count(), "option", "options"),
                             bits < 63
                                 ? with_commas(static_cast<std::uint64_t>(conflict->raw_size()))
                                 : fmt::format("2^{:.4g}", bits),
                             density.exact ? "" : "about ", 100 * density.share));
  return kDone;
}

}  // namespace wayout::cli
