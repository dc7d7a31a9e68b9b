// Seeds: tests/fuzz/chain_file
// Whatever the bytes are: a chain whose parts fit together, or one located fault.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wayout/io/chain_file.hpp"

namespace {

void check(const wayout::Result<wayout::ExplicitChain>& chain) {
  if (!chain) {
    if (chain.error().size() != 1 || chain.error()[0].where.file.empty()) std::abort();
    return;
  }
  if (chain->to.size() != chain->rate.size() || chain->begin.back() != chain->to.size())
    std::abort();
  for (const std::uint32_t t : chain->to)
    if (t >= chain->size()) std::abort();
  for (const auto& label : chain->labels)
    for (const std::uint32_t s : label.states)
      if (s >= chain->size()) std::abort();
  if (!chain->names.empty() && chain->names.size() != chain->size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(wayout::read_drn(text, "fuzz.drn"));
  // The three files of PRISM in one, parted by form feeds.
  const std::size_t a = std::min(text.find('\f'), text.size());
  const std::size_t b = std::min(text.find('\f', std::min(a + 1, text.size())), text.size());
  check(wayout::read_tra(text.substr(0, a), a < b ? text.substr(a + 1, b - a - 1) : "",
                         b < text.size() ? text.substr(b + 1) : "", "fuzz.tra"));
  return 0;
}
