#include "wayout/io/case_reader.hpp"

namespace wayout {
namespace {

/// Reads the list of parts under `key` with `read(table, part)`.
template <class Part, class Read>
void read_list(const Table& top, std::string_view key, std::vector<Part>& out, Read read) {
  const auto list = top.parts(key);
  out.reserve(list.size());
  for (const auto& [node, path] : list) {
    if (top.faults().full()) return;
    const Table table(top.faults(), *node, path, part_keys(find_key(part_keys("case"), key)->part));
    Part part;
    read_head(table, part);
    read(table, part);
    out.push_back(std::move(part));
  }
}

void read_party(const Table& t, PartyPart& part) { part.third = t.flag("third", false); }

void read_option(const Table& t, OptionPart& part) {
  part.party = t.text("party");
  part.parties = t.texts("parties");
  part.levels = t.texts("levels");
  if (const TomlNode* now = t.find("now")) {
    part.now = read_level(*now);
    part.has_now = true;
  }
  if (const TomlNode* levels = t.find("or_now")) {
    if (!levels->is(TomlNode::Kind::Array)) part.or_now.push_back(read_level(*levels));
    for (const TomlNode& level : levels->items) part.or_now.push_back(read_level(level));
  }
  if (const auto moves = t.word("moves")) part.moves = static_cast<Direction>(*moves);
  if (t.find("binding") != nullptr) part.binding = t.flag("binding", true);
  part.enabled = t.flag("enabled", true);
}

void read_rule(const Table& t, RulePart& part) {
  part.never = t.text("never");
  part.enabled = t.flag("enabled", true);
  if (const TomlNode* node = t.find("forbid")) {
    const Table forbid(t.faults(), *node, t.path_of("forbid"), part_keys("forbid"));
    part.forbid = ForbidPart{forbid.text("by"), forbid.text("from"), forbid.text("to")};
  }
  if (t.has("never") == t.has("forbid"))
    t.faults().add("rule",
                   t.has("never") ? "a rule has either never or forbid, and this has both"
                                  : "a rule has either never or forbid, and this has neither",
                   t.node().begin, t.path());
}

void read_track(const Table& t, TrackPart& part) {
  part.parties = t.texts("parties");
  part.table = t.texts("table");
  part.linked = t.flag_or_condition("linked");
  if (part.linked == "false") part.linked.clear();
  if (const auto consent = t.word("consent")) part.consent = static_cast<Consent>(*consent);
  part.open = t.flag("open", true);
}

void read_tempo(const Table& t, TempoPart& part) {
  part.party = t.text("party");
  part.track = t.text("track");
  if (const auto q = t.number("moves_per_unit")) part.moves_per_unit = *q;
  if (const TomlNode* node = t.find("rationality")) {
    part.rationality_infinite = node->is(TomlNode::Kind::Real) && node->real > 1e300;
    if (!part.rationality_infinite) part.rationality = t.number("rationality");
  }
  if (t.has("party") == t.has("track"))
    t.faults().add("tempo", "a tempo is of one party or one track", t.node().begin, t.path(),
                   "give it party = \"…\" or track = \"…\"");
}

LeadsTo read_leads_to(const Table& t) {
  LeadsTo out;
  const TomlNode* node = t.find("leads_to");
  if (node == nullptr) return out;
  if (node->is(TomlNode::Kind::Table)) {
    out.shares_written = true;
    for (const TomlMember& m : node->members)
      if (const auto q =
              read_quantity(t.faults(), m.value, t.path_of("leads_to") + "." + m.key, false))
        out.catastrophes.emplace_back(m.key, *q);
  } else if (node->text.find('=') != std::string::npos) {
    out.assignment = node->text;
  } else {
    Quantity all;
    all.a = 1;
    out.catastrophes.emplace_back(node->text, all);
  }
  return out;
}

void read_hazard(const Table& t, HazardPart& part) {
  part.when = t.text("when");
  if (const auto q = t.number("rate")) part.rate = *q;
  part.leads_to = read_leads_to(t);
  for (const auto& [node, path] : t.parts("factors")) {
    const Table table(t.faults(), *node, path, part_keys("factor"));
    FactorPart factor;
    read_head(table, factor);
    factor.when = table.text("when");
    if (const auto q = table.number("times")) factor.times = *q;
    part.factors.push_back(std::move(factor));
  }
}

void read_measure(const Table& t, MeasurePart& part) {
  if (const auto q = t.number("cost")) part.cost = *q;
  part.by = t.texts("by");
  part.needs = t.texts("needs");
  part.excludes = t.texts("excludes");
  part.effects = read_effects(t);
}

void read_goal(const Table& t, GoalPart& part) {
  part.when = t.text("when");
  part.avoid = t.text("avoid");
  part.absorbing = t.flag("absorbing", false);
  if (const TomlNode* hold = t.find("hold")) {
    if (hold->is(TomlNode::Kind::Text)) part.hold.concept_name = hold->text;
    for (const TomlMember& m : hold->members) part.hold.profile.emplace_back(m.key, m.value.text);
  }
}

void read_state(const Table& t, StatePart& part) {
  part.id.clear();  // a state has a number instead
  part.number = t.whole("id", 0);
  if (const TomlNode* values = t.find("values"))
    for (const TomlNode& v : values->items) part.values.push_back(v.whole);
}

void read_moves(const Table& t, MovesPart& part) {
  part.party = t.text("party");
  if (const TomlNode* arcs = t.find("arcs"))
    for (const TomlNode& arc : arcs->items)
      part.arcs.emplace_back(arc.items[0].whole, arc.items[1].whole);
}

void read_time_and_trust(const Table& top, Parts& out) {
  if (const TomlNode* node = top.find("time")) {
    const Table t(top.faults(), *node, "time", part_keys("time"));
    out.time.given = true;
    if (t.find("unit") != nullptr) out.time.unit = t.text("unit");
    if (const auto q = t.number("horizon")) out.time.horizon = *q;
  }
  if (const TomlNode* node = top.find("trust")) {
    const Table t(top.faults(), *node, "trust", part_keys("trust"));
    out.trust.given = true;
    if (const auto q = t.number("spread")) out.trust.spread = *q;
    out.trust.samples = t.whole("samples", out.trust.samples);
    if (out.trust.samples < 1)
      t.faults().add("number", "at least one profile is sampled", t.find("samples")->begin,
                     t.path_of("samples"));
  }
}

}  // namespace

void read_head(const Table& table, Head& head) {
  head.path = table.path();
  head.id = table.text("id");
  head.name = table.text("name");
  head.because = table.text("because");
  head.kind = table.text("kind");
  head.source = table.text("source");
  head.only = table.texts("only");
}

Parts read_parts(FaultList& faults, const TomlNode& root) {
  Parts out;
  const Table top(faults, root, "", part_keys("case"));
  out.format = top.whole("format", 1);
  if (out.format != 1)
    faults.add("format", "this is format " + std::to_string(out.format) + ", and only 1 is known",
               top.find("format")->begin, "format", "a newer wayout may read it");
  out.title = top.text("title");
  out.question = top.text("question");
  out.date = top.text("date");
  out.sources = top.texts("sources");
  out.notes = top.text("notes");
  if (top.find("now") != nullptr) out.now_state = top.whole("now", 0);
  out.no_status_quo = top.flag("no_status_quo", false);
  if (out.no_status_quo && top.has("now"))
    faults.add("no_status_quo", "either there is a status quo or there is none",
               root.find("now")->begin, "now", "take out now or no_status_quo");

  read_list(top, "party", out.parties, read_party);
  read_list(top, "option", out.options, read_option);
  read_list(top, "define", out.defines,
            [](const Table& t, DefinePart& part) { part.when = t.text("when"); });
  read_list(top, "rule", out.rules, read_rule);
  for (const auto& [node, path] : top.parts("preference"))
    if (!faults.full()) out.preferences.push_back(read_preference(faults, *node, path, false));
  read_list(top, "track", out.tracks, read_track);
  read_time_and_trust(top, out);
  read_list(top, "tempo", out.tempos, read_tempo);
  read_list(top, "catastrophe", out.catastrophes,
            [](const Table& t, CatastrophePart& part) { part.when = t.text("when"); });
  read_list(top, "hazard", out.hazards, read_hazard);
  read_list(top, "measure", out.measures, read_measure);
  read_list(top, "variant", out.variants,
            [](const Table& t, VariantPart& part) { part.effects = read_effects(t); });
  read_list(top, "belief", out.beliefs, [](const Table& t, BeliefPart& part) {
    part.party = t.text("party");
    part.enabled = t.flag("enabled", true);
    part.effects = read_effects(t);
  });
  read_list(top, "goal", out.goals, read_goal);
  std::set<std::string> measures;
  for (const MeasurePart& m : out.measures) measures.insert(m.id);
  read_list(top, "claim", out.claims, [&measures](const Table& t, ClaimPart& part) {
    part.says = t.text("says");
    if (const TomlNode* test = t.find("test"))
      part.test = read_test(t.faults(), *test, t.path_of("test"), measures);
  });
  read_list(top, "state", out.states, read_state);
  read_list(top, "moves", out.moves, read_moves);
  return out;
}

}  // namespace wayout
