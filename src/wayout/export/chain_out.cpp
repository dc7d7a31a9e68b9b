#include "wayout/export/chain_out.hpp"

#include <iterator>

#include <fmt/format.h>

namespace wayout {
namespace {

/// Labels of each state, as numbers from 1; 0 is "init".
std::vector<std::vector<std::size_t>> labels_of(const ExplicitChain& chain) {
  std::vector<std::vector<std::size_t>> out(chain.size());
  if (!out.empty()) out[chain.initial].push_back(0);
  for (std::size_t l = 0; l < chain.labels.size(); ++l)
    for (const std::uint32_t s : chain.labels[l].states) out[s].push_back(l + 1);
  return out;
}

}  // namespace

PrismExplicit to_prism_explicit(const ExplicitChain& chain) {
  PrismExplicit out;
  auto tra = std::back_inserter(out.tra);
  fmt::format_to(tra, "{} {}\n", chain.size(), chain.to.size());
  for (std::size_t s = 0; s < chain.size(); ++s)
    for (std::uint64_t e = chain.begin[s]; e < chain.begin[s + 1]; ++e)
      fmt::format_to(tra, "{} {} {}\n", s, chain.to[e], chain.rate[e]);
  auto lab = std::back_inserter(out.lab);
  fmt::format_to(lab, "0=\"init\"");
  for (std::size_t l = 0; l < chain.labels.size(); ++l)
    fmt::format_to(lab, " {}=\"{}\"", l + 1, chain.labels[l].name);
  fmt::format_to(lab, "\n");
  const auto of = labels_of(chain);
  for (std::size_t s = 0; s < of.size(); ++s) {
    if (of[s].empty()) continue;
    fmt::format_to(lab, "{}:", s);
    for (const std::size_t l : of[s]) fmt::format_to(lab, " {}", l);
    fmt::format_to(lab, "\n");
  }
  if (chain.names.empty()) return out;
  auto sta = std::back_inserter(out.sta);
  fmt::format_to(sta, "(state)\n");
  for (std::size_t s = 0; s < chain.size(); ++s) fmt::format_to(sta, "{}:{}\n", s, chain.names[s]);
  return out;
}

std::string to_drn(const ExplicitChain& chain) {
  std::string text;
  auto out = std::back_inserter(text);
  fmt::format_to(
      out, "@type: {}\n@parameters\n\n@reward_models\n\n@nr_states\n{}\n@nr_choices\n{}\n@model\n",
      chain.continuous ? "CTMC" : "DTMC", chain.size(), chain.size());
  const auto of = labels_of(chain);
  for (std::size_t s = 0; s < chain.size(); ++s) {
    fmt::format_to(out, "state {}", s);
    if (chain.continuous) {
      double exit = 0;
      for (std::uint64_t e = chain.begin[s]; e < chain.begin[s + 1]; ++e) exit += chain.rate[e];
      fmt::format_to(out, " !{}", exit);
    }
    for (const std::size_t l : of[s])
      fmt::format_to(out, " {}", l == 0 ? "init" : chain.labels[l - 1].name.c_str());
    fmt::format_to(out, "\n");
    if (!chain.names.empty() && !chain.names[s].empty())
      fmt::format_to(out, "//[{}]\n", chain.names[s]);
    fmt::format_to(out, "\taction 0\n");
    for (std::uint64_t e = chain.begin[s]; e < chain.begin[s + 1]; ++e)
      fmt::format_to(out, "\t\t{} : {}\n", chain.to[e], chain.rate[e]);
  }
  return text;
}

std::string to_prism(const ExplicitChain& chain) {
  std::string text;
  auto out = std::back_inserter(text);
  fmt::format_to(out, "{}\n\nmodule chain\n  s : [0..{}] init {};\n",
                 chain.continuous ? "ctmc" : "dtmc", chain.size() > 0 ? chain.size() - 1 : 0,
                 chain.initial);
  for (std::size_t s = 0; s < chain.size(); ++s) {
    if (!chain.names.empty()) fmt::format_to(out, "  // {}: {}\n", s, chain.names[s]);
    if (chain.begin[s] == chain.begin[s + 1]) continue;
    fmt::format_to(out, "  [] s={} ->", s);
    for (std::uint64_t e = chain.begin[s]; e < chain.begin[s + 1]; ++e)
      fmt::format_to(out, "{} {}:(s'={})", e == chain.begin[s] ? "" : " +", chain.rate[e],
                     chain.to[e]);
    fmt::format_to(out, ";\n");
  }
  fmt::format_to(out, "endmodule\n");
  for (const auto& label : chain.labels) {
    fmt::format_to(out, "\nlabel \"{}\" = ", label.name);
    if (label.states.empty()) fmt::format_to(out, "false");
    for (std::size_t k = 0; k < label.states.size(); ++k)
      fmt::format_to(out, "{}s={}", k == 0 ? "" : "|", label.states[k]);
    fmt::format_to(out, ";");
  }
  return text + "\n";
}

}  // namespace wayout
