// The yardstick as a whole process: reads a case, judges every state, prints the counts.
//   bench_plain CASE.toml

#include <cstdio>
#include <string>

#include "plain_sweep.hpp"
#include "wayout/io/case_file.hpp"
#include "wayout/stability/concept.hpp"

int main(int argc, char** argv) {
  using namespace wayout;
  if (argc != 2) return 2;
  auto file = read_case(argv[1]);
  if (!file) return 1;
  const auto conflict = build(std::move(file->parts));
  if (!conflict || !bench::plain_sweep_takes(*conflict)) return 1;
  const bench::PlainStability out = bench::plain_sweep(*conflict);
  for (std::size_t c = 0; c < 5; ++c) {
    std::printf("%s %llu", std::string(concept_name(kAllConcepts[c])).c_str(),
                static_cast<unsigned long long>(out.equilibria[c]));
    for (const auto& of_party : out.stable_total)
      std::printf(" %llu", static_cast<unsigned long long>(of_party[c]));
    std::printf("\n");
  }
  return 0;
}
