#include "wayout/cli/cli.hpp"

#include <csignal>
#include <cstdio>
#include <new>

#include <CLI/CLI.hpp>

#include "wayout/base/decimal.hpp"
#include "wayout/base/version.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/cli/usage.hpp"

namespace wayout::cli {
namespace {

/// The first Ctrl-C asks to stop and print what is known; the second ends the program.
void on_interrupt(int) {
  cancel_token().cancel();
  std::signal(SIGINT, SIG_DFL);
}

int complain(const UsageFault& fault) {
  std::fprintf(stderr, "wayout: %s\n  hint: %s\n", fault.message.c_str(), fault.hint.c_str());
  return kUsage;
}

void views(CLI::App& app, Request& r) {
  app.add_option("--under", r.under, "Variants: the same case under another condition")
      ->delimiter(',')
      ->type_name("V,…");
  app.add_option("--with", r.with, "Measures taken")->delimiter(',')->type_name("M,…");
}

void rest_of_common(CLI::App& app, Request& r) {
  app.add_flag("--json", r.json, "Print the result as JSON");
  app.add_option("--colour,--color", r.colour, "auto, always or never (NO_COLOR is honoured)")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  app.add_option("--time-limit", r.time_limit, "Stop after so many seconds and print what is known")
      ->check(CLI::PositiveNumber)
      ->type_name("S");
  app.add_option("--max-states", r.max_states, "Limit on the states one search may look at")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  app.add_flag("--quiet,-q", r.quiet, "No progress and no remarks");
}

void common(CLI::App& app, Request& r) {
  views(app, r);
  rest_of_common(app, r);
}

void case_file(CLI::App& app, Request& r) {
  app.add_option("CASE", r.case_path, "The case file (.toml, or .gmcr)")->required()->type_name("");
}

void sanctions(CLI::App& app, Request& r) {
  app.add_option("--sanctions", r.sanctions,
                 "legal: sequences in which nobody moves twice in a row (the definition); once: "
                 "each opponent at most "
                 "once; single: one move of one opponent (to reproduce old tables)")
      ->check(CLI::IsMember({"legal", "once", "single"}))
      ->type_name("HOW");
}

void every_profile(CLI::App& app, Request& r) {
  app.add_flag("--every-profile", r.every_profile,
               "Judge every test of the claims in every profile, however long it takes: otherwise "
               "those that take most work are judged in the first ones");
}

CLI::App* answer(CLI::App& app, Request& r) {
  auto* c = app.add_subcommand("answer",
                               "The whole answer: standing, impasse, room, hold, reach, risk, "
                               "change, trust, and the claims");
  case_file(*c, r);
  common(*c, r);
  sanctions(*c, r);
  c->add_option("--from", r.from,
                "Start here instead of today: a number, release=true,…, or a condition")
      ->type_name("STATE");
  c->add_option("--goal", r.goals, "Only these goals, and no claims")
      ->delimiter(',')
      ->type_name("G,…");
  c->add_option("--parts", r.answer_parts,
                "Beside standing and goals only these: goals (nothing else), room, risk, change, "
                "claims, trust")
      ->delimiter(',')
      ->check(CLI::IsMember({"goals", "room", "risk", "change", "claims", "trust"}))
      ->type_name("P,…");
  c->add_flag("--as-perceived", r.as_perceived,
              "Every party acts on the dispute as it sees it, with its beliefs");
  c->add_option("--samples", r.answer_samples,
                "How many profiles of the uncertain numbers to draw for trust (100) and the claims "
                "(none); 0 for none")
      ->type_name("N");
  every_profile(*c, r);
  c->add_option("--seed", r.claim_seed, "The same seed, the same bytes (1)")->type_name("N");
  c->add_option("--threads", r.threads, "How many threads (all); the bytes are the same")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}))
      ->type_name("N");
  return c;
}

CLI::App* check(CLI::App& app, Request& r) {
  auto* c =
      app.add_subcommand("check", "Faults and suspicious spots in the file, with line and column");
  case_file(*c, r);
  common(*c, r);
  return c;
}

CLI::App* stability(CLI::App& app, Request& r) {
  auto* c =
      app.add_subcommand("stability", "Which states are stable for whom, under which concept");
  case_file(*c, r);
  common(*c, r);
  sanctions(*c, r);
  c->add_option("--concepts", r.concepts,
                "nash, gmr, smr, seq, sseq, sim (all six up to 4,096 states, else the first five)")
      ->delimiter(',')
      ->type_name("C,…");
  c->add_option("--profile", r.profile, "A concept for each party: up=seq,down=nash")
      ->type_name("P=C,…");
  c->add_option("--state", r.state,
                "Only this state: a number, now, release=true,… (the rest as now), or a condition")
      ->type_name("S");
  c->add_flag("--all-states", r.all_states, "List every feasible state");
  c->add_option("--limit", r.limit, "How many equilibria to list (1,000)")->type_name("N");
  c->add_option("--format", r.format, "text, csv or ndjson (--json for one object)")
      ->check(CLI::IsMember({"text", "csv", "ndjson", "json"}))
      ->type_name("F");
  c->add_flag("--describe", r.describe,
              "Sum up: conditions for where states are stable, the best and the efficient "
              "equilibria, those reached from today");
  c->add_option("--given", r.given,
                "Judge only the states that meet this; moves that leave them do not count")
      ->type_name("EXPR");
  c->add_option("--threads", r.threads, "How many threads (one for each processor)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}))
      ->type_name("N");
  c->add_option("--memory", r.memory, "How much memory judging may take, such as 8G (what is free)")
      ->type_name("SIZE");
  c->add_option("--engine", r.engine,
                "auto, full (the whole space), fly (one state) or reference (slow and literal)")
      ->check(CLI::IsMember({"auto", "full", "fly", "reference"}))
      ->type_name("E");
  return c;
}

CLI::App* explain(CLI::App& app, Request& r) {
  auto* c = app.add_subcommand("explain", "One verdict with its witness, in plain words");
  case_file(*c, r);
  common(*c, r);
  sanctions(*c, r);
  c->add_option("--state", r.state,
                "A number, now (where left out), release=true,… (the rest as now), or a condition")
      ->type_name("S");
  c->add_option("--party", r.party, "Whose verdict")->required()->type_name("P");
  c->add_option("--concept", r.concept_name, "nash, gmr, smr, seq, sseq or sim (seq)")
      ->type_name("C");
  c->add_flag("--as-perceived", r.as_perceived,
              "In the dispute as the party sees it, with its beliefs");
  c->add_option("--limit", r.limit, "How many improvements to tell of (10)")->type_name("N");
  return c;
}

CLI::App* change(CLI::App& app, Request& r) {
  auto* c = app.add_subcommand("change", "Which sets of measures open a way out, every set tried");
  case_file(*c, r);
  common(*c, r);
  sanctions(*c, r);
  c->add_option("--goal", r.goals, "Only these goals")->delimiter(',')->type_name("G,…");
  c->add_option("--most", r.most, "Measures in one set at most (4)")
      ->check(CLI::Range(std::size_t{0}, std::size_t{64}))
      ->type_name("N");
  c->add_flag("--as-perceived", r.as_perceived,
              "Every party acts on the dispute as it sees it, with its beliefs");
  auto* cheapest = c->add_flag("--cheapest", r.cheapest,
                               "Instead the cheapest set of any size, proved or with a bound");
  c->add_flag("--fewest", r.fewest, "The same for the fewest measures")->excludes(cheapest);
  c->add_option("--limit", r.limit, "How many sets of each kind to tell in full for a goal (12)")
      ->type_name("N");
  return c;
}

CLI::App* paths(CLI::App& app, Request& r) {
  auto* c = app.add_subcommand("paths", "Courses of events from today to a condition");
  case_file(*c, r);
  common(*c, r);
  c->add_option("--to", r.to, "A condition, or a goal's id")->type_name("EXPR");
  c->add_flag("--drift", r.drift, "Where it goes by itself, instead of --to");
  c->add_option("--from", r.from, "Start here instead of today")->type_name("STATE");
  c->add_option("--avoid", r.avoid, "A condition that must not come about on the way")
      ->type_name("EXPR");
  c->add_option(
       "--moves", r.moves,
       "willing (each step an improvement for its mover), not-worse, any, least-concession")
      ->check(CLI::IsMember({"willing", "not-worse", "any", "least-concession"}))
      ->type_name("KIND");
  c->add_flag("--legal", r.legal, "Nobody moves twice in a row");
  c->add_flag("--as-perceived", r.as_perceived,
              "Every mover acts on the dispute as it sees it, with its beliefs");
  c->add_option("--max-options", r.most_options,
                "How many options one move may change (any number)")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  c->add_option("--without", r.without, "Parties that make no move and consent to nothing")
      ->delimiter(',')
      ->type_name("P,…");
  c->add_option("--limit", r.limit, "How many resting places to list (20)")->type_name("N");
  return c;
}

CLI::App* claims(CLI::App& app, Request& r) {
  auto* c = app.add_subcommand("claims", "The case's claims tested one by one, with what shows it");
  case_file(*c, r);
  common(*c, r);
  sanctions(*c, r);
  c->add_option("--claim", r.claims, "Only these claims")->delimiter(',')->type_name("ID,…");
  c->add_flag("--all-tests", r.all_tests,
              "Tell the evidence of every test, also where the outcome does not rest on it");
  c->add_option("--samples", r.claim_samples,
                "How many sampled profiles (what [trust] says; 1,000); 0 for none")
      ->type_name("N");
  every_profile(*c, r);
  c->add_option("--seed", r.claim_seed, "The same seed, the same bytes (1)")->type_name("S");
  c->add_option("--threads", r.claim_threads, "How many threads (all); the bytes are the same")
      ->type_name("N");
  return c;
}

CLI::App* room(CLI::App& app, Request& r) {
  auto* c = app.add_subcommand(
      "room",
      "What everybody at a table would rather have than the drift, or why there is nothing");
  case_file(*c, r);
  common(*c, r);
  c->add_option("--table", r.tables, "Only these tracks, or everybody: all parties, all options")
      ->delimiter(',')
      ->type_name("T,…");
  c->add_option("--than", r.than,
                "What outcomes are compared with: drift (each state things drift to), worst-drift "
                "(the worst one for each party), now")
      ->check(CLI::IsMember({"drift", "worst-drift", "now"}))
      ->type_name("WHAT");
  c->add_option("--from", r.from, "Deals start here instead of today")->type_name("STATE");
  c->add_flag("--linkage", r.linkage,
              "Instead: other ways of grouping the issues into tables, and what they reach");
  c->add_option("--issues", r.issues, "With --linkage: only these options are regrouped")
      ->delimiter(',')
      ->type_name("O,…");
  c->add_option("--max-groupings", r.max_groupings,
                "With --linkage: how many groupings to look at (10,000)")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  c->add_option("--limit", r.limit, "How many efficient outcomes (8), or groupings (5), to list")
      ->type_name("N");
  return c;
}

CLI::App* trust(CLI::App& app, Request& r) {
  auto* c = app.add_subcommand(
      "trust", "How far the answer stands when the inputs are uncertain, and what it hinges on");
  case_file(*c, r);
  common(*c, r);
  TrustRequest& t = r.trust;
  c->add_option("--samples", t.samples, "How many profiles (what [trust] says; 1,000)")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
      ->type_name("N");
  c->add_option("--seed", t.seed, "The same seed, the same bytes (1)")->type_name("N");
  c->add_option("--goal", r.goals, "Only these goals")->delimiter(',')->type_name("G,…");
  c->add_option("--of", t.of,
                "What is asked about: answer (where not given), risk, or one catastrophe")
      ->type_name("WHAT");
  c->add_option("--by", r.by, "With --of: the risk by this time instead of the case's horizon")
      ->check(CLI::Range(0.0, 1e9))
      ->type_name("T");
  c->add_option("--below", r.below,
                "With --of: how often the risk is at most this, and what takes it past it")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("P");
  c->add_flag("--hinges", t.hinges, "Also what the answers (or the risk) hinge on");
  c->add_option("--precision", t.half_width,
                "Stop as soon as every share is known to so many per cent either way")
      ->check(CLI::Range(0.01, 50.0))
      ->type_name("X");
  c->add_option("--threads", r.threads, "How many threads (all); the bytes are the same")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}))
      ->type_name("N");
  return c;
}

CLI::App* compare(CLI::App& app, Request& r) {
  auto* c = app.add_subcommand("compare", "Versions of the dispute side by side");
  case_file(*c, r);
  c->add_option("CASE2", r.output_path, "Another case file to compare with")->type_name("");
  c->add_option("--with", r.compare_with, "A version with these measures; may be repeated")
      ->type_name("M,…");
  c->add_option("--under", r.compare_under, "A version under these variants; may be repeated")
      ->type_name("V,…");
  c->add_flag("--claims", r.compare_claims, "Also the claims, in the plain run");
  c->add_flag("--risk", r.compare_risk, "Also the chance of each catastrophe by the horizon");
  rest_of_common(*c, r);
  sanctions(*c, r);
  return c;
}

CLI::App* risk(CLI::App& app, Request& r) {
  auto* c = app.add_subcommand(
      "risk",
      "How likely catastrophes and goals are, from the tempos, hazards and rationality stated");
  case_file(*c, r);
  common(*c, r);
  c->add_option("--by", r.by, "The horizon, in the case's unit of time (the case's)")
      ->check(CLI::Range(0.0, 1e9))
      ->type_name("T");
  c->add_option("--from", r.from, "Start here instead of today")->type_name("STATE");
  c->add_option("--rationality", r.rationality, "Of every mover: a number from 0, or inf")
      ->type_name("X");
  c->add_option("--behaviour", r.behaviour,
                "stated, or unknown: also the least and the greatest risk over all behaviour")
      ->check(CLI::IsMember({"stated", "unknown"}))
      ->type_name("HOW");
  c->add_option("--below", r.below, "What each number would have to be for the risk to be this")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("P");
  c->add_flag("--as-perceived", r.as_perceived,
              "Every party acts on the dispute as it sees it, with its beliefs");
  c->add_flag("--any-options", r.any_options, "A party's move may change any number of options");
  c->add_flag("--derivatives", r.all_derivatives,
              "Also what each catastrophe alone and the expected times hang on");
  c->add_flag("--measures", r.measures, "Rank the measures by the risk they remove for their cost");
  c->add_option("--limit", r.limit, "How many numbers and places to list (10)")->type_name("N");
  return c;
}

CLI::App* convert(CLI::App& app, Request& r) {
  auto* c = app.add_subcommand("convert",
                               "From one format to another, by extension: .toml, .gmcr in; .toml, "
                               ".gmcr, .dot, .csv, .ndjson, .json, .tra, .drn, .prism out");
  case_file(*c, r);
  c->add_option("OUT", r.output_path, "The file to write; - for standard output with --format")
      ->required()
      ->type_name("");
  c->add_option("--format", r.format, "Output format where the extension does not tell")
      ->type_name("F");
  c->add_option("--concepts", r.concepts, "For tables: which concepts")
      ->delimiter(',')
      ->type_name("C,…");
  common(*c, r);
  sanctions(*c, r);
  return c;
}

CLI::App* generate(CLI::App& app, Request& r) {
  auto* c =
      app.add_subcommand("generate", "A random conflict as a case file, for tests and trials");
  GenerateRequest& g = r.generate;
  // Not a number passes a check of ranges.
  const auto share = CLI::Validator(
      [](std::string& text) {
        const auto number = Decimal::parse(text);
        return number && !number->is_negative() && number->to_double() <= 1
                   ? std::string()
                   : text + " is no number from 0 to 1";
      },
      "");
  c->add_option("--parties", g.parties, "How many parties (3)")
      ->check(CLI::Range(std::size_t{1}, Limits::kParties))
      ->type_name("N");
  c->add_option("--options", g.options, "How many options, agreements included (9)")
      ->check(CLI::Range(std::size_t{1}, Limits::kOptionBits))
      ->type_name("N");
  c->add_option("--graded", g.graded, "Share of options with more than two levels (0)")
      ->check(share)
      ->type_name("X");
  c->add_option("--most-levels", g.most_levels, "Levels of a graded option, at most 5 (4)")
      ->check(CLI::Range(3, 5))
      ->type_name("N");
  c->add_option("--density", g.density,
                "Share of combinations that are feasible, reached by rules (1)")
      ->check(share)
      ->type_name("X");
  c->add_option("--one-way", g.one_way, "Share of own options that only go one way (0)")
      ->check(share)
      ->type_name("X");
  c->add_option("--joint", g.joint, "Share of options that are agreements (0)")
      ->check(share)
      ->type_name("X");
  c->add_option("--binding", g.binding, "Share of agreements that nobody leaves alone (1)")
      ->check(share)
      ->type_name("X");
  c->add_option("--preference", g.preference,
                "weights, priorities, additive, ranking (few states only) or mixed (weights)")
      ->check(CLI::IsMember({"weights", "priorities", "additive", "ranking", "mixed"}))
      ->type_name("KIND");
  c->add_option("--statements", g.statements, "Statements of each party (12)")
      ->check(CLI::Range(std::size_t{1}, Limits::kStatements))
      ->type_name("N");
  c->add_option("--interaction", g.interaction, "Options of others that a statement names (1)")
      ->check(CLI::Range(std::size_t{0}, Limits::kOptionBits))
      ->type_name("N");
  c->add_option("--tracks", g.tracks, "How many tracks (0)")
      ->check(CLI::Range(std::size_t{0}, Limits::kTracks))
      ->type_name("N");
  c->add_option("--forbids", g.forbids, "How many rules that forbid moves (0)")
      ->check(CLI::Range(std::size_t{0}, std::size_t{1000}))
      ->type_name("N");
  c->add_option("--third", g.third, "Chance that a party is a third party (0)")
      ->check(share)
      ->type_name("X");
  c->add_option("--seed", g.seed, "The same seed, the same bytes (1)")->type_name("N");
  c->add_option("-o,--output", r.output_path, "The file to write (standard output)")
      ->type_name("FILE");
  c->add_flag("--json", r.json, "Print what was made as JSON; needs -o");
  c->add_flag("--quiet,-q", r.quiet, "No remarks");
  return c;
}

int dispatch(const CLI::App& app, const Request& r) {
  const Session session(r);
  if (app.got_subcommand("check")) return run_check(session);
  if (app.got_subcommand("stability")) return run_stability(session);
  if (app.got_subcommand("explain")) return run_explain(session);
  if (app.got_subcommand("paths")) return run_paths(session);
  if (app.got_subcommand("compare")) return run_compare(session);
  if (app.got_subcommand("claims")) return run_claims(session);
  if (app.got_subcommand("room")) return run_room(session);
  if (app.got_subcommand("trust")) return run_trust(session);
  if (app.got_subcommand("change")) return run_change(session);
  if (app.got_subcommand("risk")) return run_risk(session);
  if (app.got_subcommand("convert")) return run_convert(session);
  if (app.got_subcommand("generate")) return run_generate(session);
  if (app.got_subcommand("schema")) return run_schema(session);
  return run_answer(session);
}

}  // namespace

int run(int argc, char** argv) {
  Request r;
  CLI::App app{
      "Is there a way out? wayout answers what a dispute written in a text file allows, and why."};
  app.name("wayout");
  app.set_version_flag("--version", "wayout " + std::string(version()));
  app.require_subcommand(1);
  app.fallthrough(false);
  app.footer("`wayout CASE` is the same as `wayout answer CASE`.");
  answer(app, r);
  check(app, r);
  stability(app, r);
  explain(app, r);
  paths(app, r);
  claims(app, r);
  compare(app, r);
  room(app, r);
  trust(app, r);
  change(app, r);
  risk(app, r);
  convert(app, r);
  generate(app, r);
  app.add_subcommand("schema", "Print the JSON Schema of case files, for editors");
  // `wayout CASE …`: the command may be left out.
  std::vector<std::string> args(argv + 1, argv + argc);
  const auto is_command = [&app](const std::string& word) {
    for (const auto* c : app.get_subcommands([](const CLI::App*) { return true; }))
      if (c->get_name() == word) return true;
    return false;
  };
  const std::vector<std::string> typed = args;
  if (!args.empty() && !is_command(args[0]) && args[0] != "--version" && args[0] != "--help" &&
      args[0] != "-h") {
    if (const std::string meant = meant_command(app, args[0]); !meant.empty())
      return complain({"'" + args[0] + "' is neither a case file nor a command", meant});
    args.insert(args.begin(), "answer");
  }
  std::reverse(args.begin(), args.end());
  try {
    app.parse(args);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() != 0) return complain(usage_fault(app, e, typed));
    app.exit(e);  // prints the help or the version
    return kDone;
  }
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const int code = dispatch(app, r);
    if (code == kInterrupted)
      std::fputs("wayout: interrupted: what is printed is what was known by then\n", stderr);
    return code;
  } catch (const std::bad_alloc&) {
    std::fputs("wayout: out of memory; --max-states limits what a search may take\n", stderr);
    return kStoppedAtLimit;
  } catch (const std::exception& e) {
    std::fprintf(
        stderr,
        "wayout: internal error: %s\n  please report it with the case file, if it may be shared\n",
        e.what());
    return 70;
  }
}

}  // namespace wayout::cli
