"""Every effect of the case format changes something that is printed; parts under variants; beliefs."""

import tomllib

from harness import ARMING, PARTIES, ROOT, CliTest, TWO, main, wayout

# An agreement on a table; a wants it, b wants it once y is dropped.
TALKS = PARTIES + """
[[option]]
id = "deal"
parties = ["a", "b"]
binding = true
[[option]]
id = "side"
parties = ["a", "b"]
[[option]]
id = "extra"
party = "a"
enabled = false
[[preference]]
party = "a"
method = "weights"
criteria = { gain = 1, pride = 1 }
statements = [
  { id = "wants", when = "deal", gain = 3 },
  { id = "own", when = "x", gain = 1 },
  { id = "proud", when = "not deal", pride = 1 },
  { id = "sleeping", when = "y", gain = -9, enabled = false },
]
[[preference]]
party = "b"
statements = [
  { id = "first", when = "deal" },
  { id = "second", when = "y" },
  { id = "third", when = "not x" },
]
[[track]]
id = "t"
parties = ["a", "b"]
table = ["deal"]
[[rule]]
id = "ban"
never = "x and y"
[[rule]]
id = "sleepy"
never = "deal and y"
enabled = false
[[catastrophe]]
id = "war"
[[hazard]]
id = "spark"
rate = 0.25
leads_to = "war"
[[tempo]]
party = "a"
moves_per_unit = 0.5
[[tempo]]
track = "*"
moves_per_unit = 1
[[belief]]
id = "b_thinks"
party = "b"
effects = [{ party = "a", statement = "own", times = -1 }]
[[goal]]
id = "agreed"
when = "deal"
"""


class Effects(CliTest):
    def with_effect(self, effect, text=TALKS):
        """The case with one measure and one variant of that effect: the arguments of either must do the same."""
        return self.case(text + f'[[measure]]\nid = "m"\neffects = [{effect}]\n[[variant]]\nid = "v"\neffects = [{effect}]\n')

    def changed(self, effect, ask, text=TALKS):
        """What `ask(case, *args)` says without and with the effect; --with and --under must agree."""
        case = self.with_effect(effect, text)
        plain, measure, variant = ask(case), ask(case, "--with", "m"), ask(case, "--under", "v")
        self.assertEqual(measure, variant, effect)
        self.assertNotEqual(plain, measure, effect)
        return plain, measure

    def found(self, to, *options):
        return lambda case, *args: self.json("paths", case, "--to", to, *options, *args)["found"]

    def rank(self, party, **values):
        """Whether `party` ranks the first of two states above, beside or below the second: -1, 0 or 1."""
        def ask(case, *args):
            rows = self.table(case, "--concepts", "nash", *args)
            return {v: r["rank"][party] for v, r in rows.items()}
        return ask

    def stable(self, party, concept="nash", state="now"):
        return lambda case, *args: party in self.stability(case, "--state", state, *args)["table"][0]["stable"][concept]

    def feasible(self, case, *args):
        return self.stability(case, *args)["states"]

    def test_open_and_close(self):
        self.assertEqual(self.changed('{ open = "t" }', self.found("deal"), TALKS.replace('table = ["deal"]', 'table = ["deal"]\nopen = false')), (False, True))
        self.assertEqual(self.changed('{ close = "t" }', self.found("deal")), (True, False))

    def test_link_and_unlink(self):
        wide = TALKS.replace('table = ["deal"]', 'table = ["deal", "side", "y"]')
        # Linked to itself, the table agrees on both or on nothing; unlinked on one alone.
        one = self.found("deal and not side", "--max-options", "1", "--moves", "any")
        self.assertEqual(self.changed('{ link = "t", on = true }', one, wide), (True, False))
        self.assertEqual(self.changed('{ link = "t", on = "side" }', one, wide), (True, False))
        self.assertEqual(self.changed('{ unlink = "t" }', one, wide.replace('id = "t"', 'id = "t"\nlinked = true')), (False, True))

    def test_table(self):
        any_move = self.found("side", "--moves", "any")
        self.assertEqual(self.changed('{ table = "t", add = ["side"] }', any_move), (False, True))
        self.assertEqual(self.changed('{ table = "t", remove = ["deal"] }', self.found("deal", "--moves", "any"), TALKS.replace('["deal"]', '["deal", "side"]')), (True, False))
        self.assertEqual(self.changed('{ table = "t", add = "side", remove = "deal" }', any_move), (False, True))

    def test_binding(self):
        leaves = self.found("not deal", "--moves", "any", "--from", "deal=true", "--max-options", "1")
        without_table = TALKS.replace('table = ["deal"]', 'table = ["side"]')
        self.assertEqual(self.changed('{ binding = "deal", value = false }', leaves, without_table), (False, True))
        self.assertEqual(self.changed('{ binding = "deal", value = true }', leaves, without_table.replace("binding = true", "binding = false")), (True, False))

    def test_enable(self):
        plain, more = self.changed('{ enable = "extra" }', self.feasible)
        self.assertEqual(more, 2 * plain)
        plain, fewer = self.changed('{ enable = "sleepy" }', self.feasible)
        self.assertLess(fewer, plain)
        self.changed('{ enable = "sleeping" }', self.rank("a"))

    def test_moves(self):
        back = self.found("not x", "--moves", "any", "--from", "x=true")
        self.assertEqual(self.changed('{ moves = "x", value = "up" }', back), (True, False))
        self.assertEqual(self.changed('{ moves = "x", value = "down" }', self.found("x", "--moves", "any")), (True, False))
        self.assertEqual(self.changed('{ moves = "x", value = "both" }', back, TALKS.replace('id = "x"', 'id = "x"\nmoves = "up"')), (False, True))

    def test_rule(self):
        plain, more = self.changed('{ rule = "ban", drop = true }', self.feasible)
        self.assertEqual((plain, more), (12, 16))

    def test_statements(self):
        self.assertEqual(self.changed('{ party = "a", statement = "own", times = -1 }', self.stable("a")), (False, True))
        self.changed('{ party = "a", statement = "own", times = { from = 2, to = 4 } }', self.rank("a"))
        self.assertEqual(self.changed('{ party = "a", statement = "own", drop = true }', self.stable("a")), (False, True))
        # Vital: pride now comes before everything.
        self.assertEqual(self.changed('{ party = "a", statement = "proud", vital = true }', self.found("deal")), (True, False))
        self.changed('{ party = "a", statement = "proud", vital = false }', self.rank("a"), TALKS.replace('pride = 1 },', 'pride = 1, vital = true },'))
        plain, moved = self.changed('{ party = "b", statement = "second", first = true }', self.rank("b"))
        # values: x, y, deal, side, extra
        self.assertLess(plain[(0, 0, 1, 0, 0)], plain[(0, 1, 0, 0, 0)])
        self.assertGreater(moved[(0, 0, 1, 0, 0)], moved[(0, 1, 0, 0, 0)])
        plain, moved = self.changed('{ party = "b", statement = "first", after = "second" }', self.rank("b"))
        self.assertGreater(moved[(0, 0, 1, 0, 0)], moved[(0, 1, 0, 0, 0)])
        plain, moved = self.changed('{ party = "b", statement = "third", after = "first" }', self.rank("b"), TALKS.replace("x and y", "x and y and side"))
        self.assertLess(plain[(1, 1, 0, 0, 0)], plain[(0, 0, 0, 0, 0)])
        self.assertGreater(moved[(1, 1, 0, 0, 0)], moved[(0, 0, 0, 0, 0)])

    def test_criteria(self):
        self.assertEqual(self.changed('{ criteria = "a", set = { pride = 5 } }', self.found("deal")), (True, False))
        self.changed('{ criteria = "a", set = { gain = 0, pride = { about = 2, spread = 0.5 } } }', self.rank("a"))

    def test_now(self):
        now = lambda case, *args: self.json("answer", case, *args)["standing"]["start"]["values"]
        self.assertEqual(self.changed("{ now = { x = true } }", now), ([0, 0, 0, 0, 0], [1, 0, 0, 0, 0]))
        self.assertEqual(self.changed("{ now = { deal = true, y = 1 } }", now)[1], [0, 1, 1, 0, 0])

    def converted(self, case, *args):
        return self.run_ok("convert", case, "-", "--format", "toml", *args).out

    def test_what_only_the_model_shows(self):
        """Hazards, tempos and beliefs: printed by convert."""
        def part(list_name, key, number=0):
            return lambda case, *args: tomllib.loads(self.converted(case, *args))[list_name][number].get(key)
        self.assertEqual(self.changed('{ hazard = "spark", times = 0.5 }', part("hazard", "rate")), (0.25, 0.125))
        self.assertEqual(self.changed('{ rate = "spark", set = 0.75 }', part("hazard", "rate")), (0.25, 0.75))
        self.assertEqual(self.changed('{ rate = "spark", set = { from = 1, to = 2 } }', part("hazard", "rate"))[1], {"from": 1, "to": 2})
        self.assertEqual(self.changed('{ tempo = "a", times = 3 }', part("tempo", "moves_per_unit")), (0.5, 1.5))
        plain, measure = self.changed('{ tempo = "t", times = 4 }', lambda case, *args: tomllib.loads(self.converted(case, *args))["tempo"])
        self.assertEqual(len(plain), 2)
        self.assertIn({"track": "t", "moves_per_unit": 4}, measure)
        self.assertIn({"track": "*", "moves_per_unit": 1}, measure)
        self.assertEqual(self.changed('{ belief = "b_thinks", drop = true }', part("belief", "enabled")), (None, False))

    def test_a_range_times_a_number_keeps_its_form(self):
        text = TALKS.replace("rate = 0.25", "rate = { from = 0.1, to = 0.3 }")
        case = self.with_effect('{ hazard = "spark", times = 2 }', text)
        self.assertEqual(tomllib.loads(self.converted(case, "--with", "m"))["hazard"][0]["rate"], {"from": 0.2, "to": 0.6})

    def test_file_order_whatever_the_order_asked(self):
        case = self.case(TALKS + '[[measure]]\nid = "one"\neffects = [{ now = { x = true } }]\n[[measure]]\nid = "two"\neffects = [{ now = { x = false, y = true } }]\n')
        start = lambda order: self.json("answer", case, "--with", order)["standing"]["start"]["values"]
        self.assertEqual(start("one,two"), [0, 1, 0, 0, 0])
        self.assertEqual(start("two,one"), [0, 1, 0, 0, 0])

    def test_every_effect_in_every_key(self):
        """The reference file works under each of its measures and variants, and each changes the model."""
        case = ROOT / "cases/tutorial/every_key.toml"
        plain = self.converted(case)
        for arg in (["--with", "surveyors"], ["--with", "surveyors,strong_pact"], ["--with", "loose_pact"], ["--with", "shut"],
                    ["--with", "good_will"], ["--with", "lights"], ["--with", "honest_books"], ["--under", "poor_trade"], ["--under", "islanders"]):
            self.assertNotEqual(self.converted(case, *arg), plain, arg)


class Variants(CliTest):
    TEXT = TWO + """
[[variant]]
id = "more"
[[variant]]
id = "less"
[[party]]
id = "c"
only = "more"
[[option]]
id = "z"
party = "c"
only = ["more"]
[[preference]]
party = "c"
only = "more"
statements = ["z", "not x"]
[[rule]]
id = "r"
never = "x and y"
only = "less"
"""

    def test_parts_under_a_variant(self):
        case = self.case(self.TEXT)
        plain, more, less = (self.stability(case, "--all-states", *a) for a in ([], ["--under", "more"], ["--under", "less"]))
        self.assertEqual((plain["options"], plain["states"]), (["x", "y"], 4))
        self.assertEqual((more["options"], more["states"], more["parties"]), (["x", "y", "z"], 8, ["a", "b", "c"]))
        self.assertEqual((less["options"], less["states"]), (["x", "y"], 3))
        self.assertEqual([r["state"] for r in more["table"]], list(range(1, 9)))       # a numbering of its own
        self.assertEqual(more["under"], ["more"])
        self.assertEqual(self.stability(case, "--under", "more,less")["states"], 6)
        self.assertEqual(self.stability(case, "--under", "more", "--under", "less")["states"], 6)
        self.assertEqual(wayout("explain", case, "--party", "c").rc, 2)
        self.run_ok("explain", case, "--party", "c", "--under", "more")

    def test_a_part_with_the_same_id_replaces(self):
        text = TWO.replace('id = "y"', 'id = "y"\nname = "plain"') + """
[[variant]]
id = "v"
[[option]]
id = "y"
party = "b"
levels = ["none", "some", "lots"]
now = "some"
only = "v"
[[rule]]
id = "r"
never = "x and y"
[[rule]]
id = "r"
never = "x"
only = "v"
"""
        case = self.case(text)
        self.assertEqual(self.stability(case)["states"], 3)
        out = self.stability(case, "--under", "v", "--all-states")
        self.assertEqual(out["options"], ["x", "y"])             # in the place of the one it replaces
        self.assertEqual([r["values"] for r in out["table"]], [[0, 0], [0, 1], [0, 2]])
        self.assertEqual(out["status_quo"], 2)

    def test_a_preference_under_a_variant(self):
        text = TWO.replace('party = "b"\nstatements', 'id = "p"\nparty = "b"\nstatements') + '[[variant]]\nid = "v"\n[[preference]]\nid = "p"\nparty = "b"\nstatements = ["not y"]\nonly = "v"\n'
        case = self.case(text)
        self.assertEqual(self.table(case)[(0, 1)]["rank"]["b"], 1)
        self.assertEqual(self.table(case, "--under", "v")[(0, 1)]["rank"]["b"], 2)


class Beliefs(CliTest):
    def test_as_perceived(self):
        # b would take y; it does not, for it wrongly thinks that a answers with x.
        text = PARTIES + """
[[preference]]
party = "a"
statements = [{ id = "spite", when = "x if y", enabled = false }, { id = "calm", when = "not x" }]
[[preference]]
party = "b"
statements = ["not x", "y"]
[[belief]]
id = "fear"
party = "b"
effects = [{ party = "a", statement = "calm", drop = true }, { enable = "spite" }]
[[measure]]
id = "calm_down"
effects = [{ belief = "fear", drop = true }]
"""
        case = self.case(text)
        stable = lambda *args: self.json("explain", case, "--party", "b", "--state", "now", *args)["stable"]
        self.assertFalse(stable())
        self.assertTrue(stable("--as-perceived"))
        self.assertFalse(stable("--as-perceived", "--with", "calm_down"))
        self.assertFalse(stable("--as-perceived", "--concept", "nash"))
        self.assertTrue(self.json("explain", case, "--party", "a", "--as-perceived")["stable"])
        case = self.case(text + '[[goal]]\nid = "quiet"\nwhen = "not y"\n')
        told = self.json("change", case)
        self.assertEqual(told["idle_measures"], ["calm_down"])
        self.assertEqual(told["goals"][0]["verdict"], "none")
        told = self.json("change", case, "--as-perceived")
        self.assertEqual(told["idle_measures"], [])
        self.assertEqual(told["goals"][0]["verdict"], "yes_now")
        surprise = told["goals"][0]["now"]["surprises"][0]
        self.assertEqual((surprise["party"], surprise["expected"]["deterred"], surprise["truth"]["deterred"]), ("b", True, False))
        self.assertIn("in truth would not come", wayout("change", case, "--as-perceived").out)

    def test_the_answer_and_risk_as_perceived(self):
        # b arms only because it wrongly believes that it gains by it.
        text = ARMING + """
[[belief]]
id = "vain"
party = "b"
effects = [{ party = "b", statement = "cost", times = -1 }]
[[measure]]
id = "talk"
effects = [{ belief = "vain", drop = true }]
[[goal]]
id = "calm"
when = "not arm"
[[hazard]]
when = "arm"
rate = 0.5
leads_to = "war"
"""
        case = self.case(text)
        verdict = lambda *args: self.json("answer", case, "--parts", "goals", *args)["goals"][0]["verdict"]
        self.assertEqual(verdict(), "yes_now")
        self.assertEqual(verdict("--as-perceived"), "not_now")
        self.assertEqual(verdict("--as-perceived", "--with", "talk"), "yes_now")
        told = self.json("answer", case, "--as-perceived")
        self.assertTrue(told["as_perceived"])
        self.assertEqual(told["change"]["goals"][0]["verdict"], "with_measures")
        self.assertEqual(told["beliefs"]["drift"][0]["surprises"], [{"party": "b", "step": 1}])
        self.assertEqual(told["beliefs"]["drift"][0]["missed"][0]["mover"], "b")
        drift = self.json("paths", case, "--drift", "--as-perceived")
        self.assertEqual(drift["sets"][0]["states"][0]["values"], [1])
        self.assertEqual(drift["sets"][0]["surprises"], [{"party": "b", "step": 1}])
        self.assertEqual(self.json("paths", case, "--drift")["states_reachable"], 1)
        risk = lambda *args: self.json("risk", case, *args)["any"]["by"]["lower"]
        self.assertGreater(risk("--as-perceived"), risk() + 0.1)
        self.assertEqual(risk("--as-perceived", "--with", "talk"), risk())
        ranked = self.json("risk", case, "--as-perceived", "--measures")["measures"][0]
        self.assertGreater(ranked["removed"], 0.1)
        for command in (["answer"], ["paths", "--drift"], ["change"], ["risk"]):
            done = wayout(command[0], case, *command[1:])
            self.assertIn("do not count here", done.out, command)
            seen = wayout(command[0], case, *command[1:], "--as-perceived")
            self.assertNotIn("do not count here", seen.out, command)
            self.assertEqual(done.rc, 0)

    def test_without_beliefs_the_setting_changes_nothing(self):
        case = str(ROOT / "cases/tutorial/river.toml")
        for command in (["answer"], ["paths", "--drift"], ["risk"], ["change"]):
            plain = self.json(command[0], case, *command[1:])
            seen = self.json(command[0], case, *command[1:], "--as-perceived")
            self.assertTrue(seen["as_perceived"])
            if command[0] != "change":
                self.assertIn("states no belief", wayout(command[0], case, *command[1:], "--as-perceived").out)
            for name in ("as_perceived", "beliefs", "ways"):
                plain.pop(name, None)
                seen.pop(name, None)
            for part in ("change", "risk"):
                for answer in (plain, seen):
                    answer.get(part, {}).pop("as_perceived", None)
            for one in seen["sets"] if command[0] == "paths" else []:
                for name in ("course", "surprises", "missed"):
                    one.pop(name)
            self.assertEqual(plain, seen, command)

    def test_today_cannot_be_believed_away(self):
        text = TWO + '[[belief]]\nid = "u"\nparty = "b"\neffects = [{ now = { x = true } }]\n'
        done = wayout("answer", self.case(text), "--as-perceived")
        self.assertEqual(done.rc, 1)
        self.assertIn("another state of today", done.err)

    def test_a_state_that_is_not_seen(self):
        text = TWO + '[[rule]]\nid = "blind"\nnever = "x"\nenabled = false\n[[belief]]\nid = "u"\nparty = "b"\neffects = [{ enable = "blind" }]\n'
        done = wayout("explain", self.case(text), "--party", "b", "--state", "x=true", "--as-perceived")
        self.assertNotEqual(done.rc, 0)
        self.assertIn("does not see this state", done.err)


if __name__ == "__main__":
    main()
