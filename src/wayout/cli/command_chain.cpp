// Explicit chains on the command line: out of a case, and solved by themselves.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "wayout/base/text.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/cli/json_parts.hpp"
#include "wayout/export/chain_out.hpp"
#include "wayout/io/case_file.hpp"
#include "wayout/io/chain_file.hpp"
#include "wayout/report/risk_text.hpp"
#include "wayout/risk/explicit.hpp"
#include "wayout/risk/risk.hpp"

namespace wayout::cli {
namespace {

std::string beside(const std::string& path, const std::string& extension) {
  return path.substr(0, path.find_last_of('.')) + extension;
}

Result<ExplicitChain> read_chain(const std::string& path) {
  auto text = read_text_file(path);
  if (!text) return Unexpected{std::move(text.error())};
  if (path.ends_with(".drn")) return read_drn(*text, path);
  const auto lab = read_text_file(beside(path, ".lab"));
  const auto sta = read_text_file(beside(path, ".sta"));
  return read_tra(*text, lab ? *lab : "", sta ? *sta : "", path);
}

}  // namespace

int run_risk_of_chain(const Session& session) {
  const Request& r = session.request();
  if (!r.from.empty() || !r.with.empty() || !r.under.empty() || !r.rationality.empty() || r.below ||
      r.any_options || r.measures || r.behaviour != "stated") {
    session.complain("of a chain only its labels can be asked: --by, --json, --time-limit");
    return kUsage;
  }
  const auto file = read_chain(r.case_path);
  if (!file) {
    session.print_faults(nullptr, file.error());
    return kFaulty;
  }
  if (file->size() == 0) {
    session.complain(fmt::format("{}: the chain has no state", r.case_path));
    return kFaulty;
  }
  if (r.by && !file->continuous)
    session.inform("the chain moves in steps: --by does not apply and is left out");
  const Chain chain = chain_of(*file);
  const bool timed = r.by && file->continuous;
  LinearSettings ls;
  ls.watch = session.watch();
  TransientSettings ts;
  ts.watch = session.watch();
  End end = End::Complete;
  Json list = Json::array();
  std::string text = fmt::format(
      "{}, {} transitions, {}.\n", counted(chain.size(), "state", "states"),
      with_commas(chain.moves.entries()), file->continuous ? "in continuous time" : "in steps");
  for (std::size_t k = 0; k < chain.outcomes.size(); ++k) {
    if (chain.outcomes[k].kind != ChainOutcome::Kind::Label) continue;
    const OutcomeMask bit = OutcomeMask{1} << k;
    const Target target{bit, chain.stopping()};
    EventualSystem system(chain, bit | chain.stopping(), ls);
    const Eventual e = system.eventual(target);
    if (e.end != End::Complete) end = e.end;
    Json item{{"label", chain.outcomes[k].id},
              {"ever", {{"value", e.value}, {"lower", e.lower}, {"upper", e.upper}}},
              {"residual", e.residual}};
    text += fmt::format("{}: {} for good", chain.outcomes[k].id, percent(e.value));
    if (e.expected_time) {
      item["expected_time"] = *e.expected_time;
      text += fmt::format(", after {:.6g} {} on average if it happens", *e.expected_time,
                          file->continuous ? "units of time" : "steps");
    }
    if (timed) {
      const std::vector<double> times{*r.by};
      const std::vector<std::uint32_t> starts{chain.start};
      const Transient t = by_time(chain, std::span(&target, 1), times, starts, ts);
      if (t.end != End::Complete) end = t.end;
      item["by"] = Json{{"lower", t.lower[0][0][0]}, {"upper", t.upper[0][0][0]}};
      text +=
          fmt::format("; {} by {:g}", percent(Interval{t.lower[0][0][0], t.upper[0][0][0]}), *r.by);
    }
    list.push_back(std::move(item));
    text += fmt::format(" (residual {:.0e})\n", e.residual);
  }
  if (list.empty()) text += "It has no labels, so there is nothing to ask of it.\n";
  Json out = start("wayout.chain/1");
  out["end"] = end_word(end);
  out["states"] = chain.size();
  out["transitions"] = chain.moves.entries();
  out["continuous"] = file->continuous;
  if (timed) out["horizon"] = *r.by;
  out["labels"] = std::move(list);
  session.print(r.json ? dump(out) : text);
  return Session::exit_code(end);
}

int convert_chain(const Session& session, const LoadedCase& loaded, const Conflict& conflict,
                  const std::string& format) {
  const Request& r = session.request();
  if (format == "tra" && r.output_path == "-") {
    session.complain("tra is three files, which standard output cannot hold", "--format drn");
    return kUsage;
  }
  const auto base = view(loaded.parts, {});
  const auto scale = base ? normaliser(*base) : Result<Normaliser>(Unexpected{base.error()});
  ChainSettings settings;
  if (r.max_states > 0) settings.most_states = r.max_states;
  settings.watch = session.watch();
  const auto made = scale ? ConflictChain::make(conflict, *scale, settings)
                          : Result<ConflictChain>(Unexpected{scale.error()});
  if (!made) {
    session.print_faults(&loaded, made.error());
    return kFaulty;
  }
  const ExplicitChain chain = explicit_chain(*made);
  if (!made->chain().complete)
    session.inform(fmt::format("only {} were explored; what leaves them goes to \"outside\"",
                               counted(made->chain().size(), "state", "states")));
  std::vector<std::pair<std::string, std::string>> files;
  if (format == "tra") {
    PrismExplicit p = to_prism_explicit(chain);
    files = {{r.output_path, std::move(p.tra)},
             {beside(r.output_path, ".lab"), std::move(p.lab)},
             {beside(r.output_path, ".sta"), std::move(p.sta)}};
  } else {
    files = {{r.output_path, format == "drn" ? to_drn(chain) : to_prism(chain)}};
  }
  for (const auto& [path, text] : files) {
    if (path == "-") {
      session.print(text);
      continue;
    }
    const std::string problem = write_file(path, text);
    if (!problem.empty()) {
      session.complain(problem);
      return kFaulty;
    }
    session.inform(fmt::format("wrote {} ({} bytes)", path, with_commas(text.size())));
  }
  return made->chain().complete ? kDone : kStoppedAtLimit;
}

}  // namespace wayout::cli
