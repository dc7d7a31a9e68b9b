#include "wayout/export/chain_out.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "wayout/base/random.hpp"
#include "wayout/io/chain_file.hpp"

namespace wayout {
namespace {

ExplicitChain random_chain(std::uint64_t seed) {
  Random r(seed, 0, "explicit");
  ExplicitChain chain;
  const std::size_t n = 1 + r.below(12);
  chain.initial = static_cast<std::uint32_t>(r.below(n));
  chain.labels = {{"war", {}}, {"peace", {}}};
  for (std::uint32_t s = 0; s < n; ++s) {
    for (std::uint32_t t = 0; t < n; ++t)
      if (r.chance(0.3)) {
        chain.to.push_back(t);
        chain.rate.push_back(std::exp(20 * r.unit() - 10));
      }
    chain.begin.push_back(chain.to.size());
    chain.names.push_back("a=" + std::to_string(s));
    for (auto& label : chain.labels)
      if (s == 0 || r.chance(0.3)) label.states.push_back(s);
  }
  return chain;
}

TEST(ChainOut, ReadsBackTheSame) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const ExplicitChain chain = random_chain(seed);
    const auto drn = read_drn(to_drn(chain), "x.drn");
    ASSERT_TRUE(drn) << drn.error()[0].message;
    EXPECT_EQ(*drn, chain);
    const PrismExplicit files = to_prism_explicit(chain);
    const auto prism = read_tra(files.tra, files.lab, files.sta, "x.tra");
    ASSERT_TRUE(prism) << prism.error()[0].message;
    EXPECT_EQ(*prism, chain);
  }
}

TEST(ChainOut, WritesThePrismLanguage) {
  ExplicitChain chain;
  chain.to = {1, 1};
  chain.rate = {0.5, 1};
  chain.begin = {0, 1, 2};
  chain.labels = {{"war", {1}}};
  EXPECT_EQ(to_prism(chain),
            "ctmc\n\nmodule chain\n  s : [0..1] init 0;\n  [] s=0 -> 0.5:(s'=1);\n"
            "  [] s=1 -> 1:(s'=1);\nendmodule\n\nlabel \"war\" = s=1;\n");
}

}  // namespace
}  // namespace wayout
