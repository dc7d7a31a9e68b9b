#include "properties/random_case.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "wayout/base/random.hpp"

namespace wayout::properties {
namespace {

double raw_size(const Parts& parts) {
  if (parts.graph_form()) return static_cast<double>(parts.states.size());
  double raw = 1;
  for (const OptionPart& o : parts.options)
    raw *= o.levels.empty() ? 2.0 : static_cast<double>(o.levels.size());
  return raw;
}

RandomSettings settings_of(const Mix& mix, std::uint64_t seed, int size) {
  Random r(seed, 0, "settings");
  const double scale = std::clamp(size, 0, 100) / 100.0;
  const auto up_to = [&](std::size_t low, std::size_t high) {
    const auto top = low + static_cast<std::size_t>(
                               std::lround(static_cast<double>(high - low) * (0.3 + 0.7 * scale)));
    return low + r.below(top - low + 1);
  };
  RandomSettings s;
  s.parties = up_to(2, mix.most_parties);
  s.options = up_to(2, mix.most_options);
  s.graded = r.chance(0.5) ? 0 : r.unit() * 0.8;
  s.one_way = r.chance(0.4) ? 0 : r.unit() * 0.7;
  s.joint = r.chance(0.3) ? 0 : r.unit() * 0.7;
  s.binding = r.unit();
  s.disabled = r.chance(0.7) ? 0 : 0.1;
  s.third = r.chance(0.7) ? 0 : 0.2;
  s.nevers = r.chance(0.4) ? 0 : r.below(5);
  s.forbids = r.chance(0.5) ? 0 : 1 + r.below(3);
  s.defines = r.below(3);
  s.tracks = r.chance(0.35) ? 0 : 1 + r.below(3);
  s.statements = 1 + r.below(6);
  s.ties = r.unit() * 0.8;
  if (r.chance(mix.unanimous)) s.unanimous = 4;
  s.graph = r.chance(mix.graph);
  s.states = up_to(2, 12);
  s.arcs = 0.05 + 0.4 * r.unit();
  s.no_status_quo = 0.05;
  if (r.chance(mix.winding)) {
    s.parties = std::min<std::size_t>(s.parties, 2 + r.below(2));  // few who could step between
    s.options += 1;
    s.graded = 0.8;
    s.forbids = 2 + r.below(4);
    s.nevers = r.below(6);
    s.tracks = r.below(2);
    s.statements = 4 + r.below(3);
    s.third = s.disabled = 0;
  }
  if (r.chance(mix.talks)) {
    s.parties = std::max<std::size_t>(s.parties, std::min<std::size_t>(3, mix.most_parties));
    s.joint = 0.5;
    s.tracks = 2;
    s.open = 1;
    s.linked = 0.8;
    s.statements = 4 + r.below(3);
  }
  if (!mix.rankings && !s.graph) s.ranking = 0;
  if (mix.statements_only) s.ranking = s.additive = s.unanimous = 0;
  return s;
}

/// What went wrong, thrown through RapidCheck.
struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Quiet : rc::detail::TestListener {
  void onTestCaseFinished(const rc::detail::CaseDescription&) override {}
  void onShrinkTried(const rc::detail::CaseDescription&, bool) override {}
  void onTestFinished(const rc::detail::TestMetadata&, const rc::detail::TestResult&) override {}
};

}  // namespace

RandomCase draw(const Mix& mix, std::uint64_t seed, int size) {
  RandomSettings settings = settings_of(mix, seed, size);
  RandomCase c{random_parts(settings, seed), seed};
  while (raw_size(c.parts) > static_cast<double>(mix.most_raw) && settings.options > 1) {
    --settings.options;
    c.parts = random_parts(settings, seed);
  }
  return c;
}

void showValue(const RandomCase& c, std::ostream& out) {
  out << "# seed " << c.seed << "\n" << as_text(c.parts);
}

std::string falsified(const Mix& mix, int count,
                      const std::function<std::string(const RandomCase&)>& property) {
  const rc::Gen<RandomCase> cases([mix](const rc::Random& random, int size) {
    rc::Random r(random);
    return rc::shrinkable::shrinkRecur(draw(mix, r.next(), size), [](const RandomCase& c) {
      std::vector<RandomCase> out;
      for (Parts& parts : smaller(c.parts)) out.push_back({std::move(parts), c.seed});
      return rc::seq::fromContainer(std::move(out));
    });
  });
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  rc::detail::TestMetadata metadata;
  metadata.id = std::string(info->test_suite_name()) + "/" + info->name();
  metadata.description = metadata.id;
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  // Unless RC_PARAMS asks for another number than RapidCheck's own default.
  if (params.maxSuccess == rc::detail::TestParams().maxSuccess) params.maxSuccess = count;
  Quiet quiet;
  const auto result =
      rc::detail::checkProperty(rc::detail::toProperty([&] {
                                  const RandomCase c = *cases;
                                  const std::string wrong = property(c);
                                  if (!wrong.empty()) throw Wrong("\n" + wrong);
                                }),
                                metadata, params, quiet, rc::detail::configuration().reproduce);
  if (result.is<rc::detail::SuccessResult>()) return "";
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  text << "\nRepeat with RC_PARAMS='seed=" << params.seed << "'";
  return text.str();
}

void for_random_conflicts(const Mix& mix, int count,
                          const std::function<std::string(const RandomCase&)>& property) {
  const std::string failure = falsified(mix, count, property);
  if (!failure.empty()) FAIL() << failure;
}

}  // namespace wayout::properties
