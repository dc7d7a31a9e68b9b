"""answer --json: a verdict of every kind, with its evidence."""

import json

from harness import FLAGSHIP, GATE, TUTORIAL, CliTest, TWO, big_case, main, wayout

RIVER = TUTORIAL / "river.toml"
STRIKE = TUTORIAL / "strike.toml"


class Answer(CliTest):
    def goal(self, case, *args, rc=0, number=0):
        args = (*args, "--parts", "goals")
        out = self.json("answer", case, *args, rc=rc)
        self.assertEqual(out["schema"], "wayout.answer/1")
        goal = out["goals"][number]
        # What every verdict must carry.
        verdict = goal["verdict"]
        self.assertIn(verdict, ("yes_now", "depends", "not_now", "undecided"))
        self.assertEqual(goal["obstacle"] != "none", verdict == "not_now")
        if verdict in ("yes_now", "depends"):
            self.assertEqual(goal["path"]["unwilling"], 0)
            self.assertTrue(goal["holding"]["holds"])
        marked = bool(goal.get("holding")) and not goal["holding"]["holds_without_hollow"] or any(goal.get("marks", {}).values())
        if verdict == "yes_now":
            self.assertFalse(marked, goal)
        if verdict == "depends":
            self.assertTrue(marked, goal)
        if verdict == "undecided":
            self.assertNotEqual(goal["end"], "complete")
        # The words say the same as the object.
        text = wayout("answer", case, *args).out
        word = {"yes_now": "yes, now", "depends": "depends", "not_now": "not as things stand", "undecided": "undecided"}[verdict]
        self.assertIn(word, text.split("Where it stands")[0], text)
        return goal

    def test_the_whole_answer(self):
        out = self.json("answer", RIVER, "--samples", 50)
        self.assertEqual(list(out)[-6:], ["room", "risk", "change", "claims", "trust", "ways"])
        # The measures told first, in the same profiles as another command judges with them taken.
        way, = out["ways"]
        self.assertEqual((way["goal"], way["measures"], way["profiles"]), ("shared", ["commission"], 50))
        taken = self.json("trust", RIVER, "--with", "commission", "--goal", "shared", "--samples", 50)
        answers, = [o["answers"] for o in taken["outcomes"] if o["outcome"] == "goal/shared"]
        self.assertEqual(way["true"], sum(a["count"] for a in answers if a["answer"] in ("way out", "depends")))
        for key, schema in (("room", "room"), ("change", "change"), ("claims", "claims"), ("trust", "trust")):
            own = self.json(*{"room": ("room", RIVER), "change": ("change", RIVER),
                              "claims": ("claims", RIVER, "--samples", 50),
                              "trust": ("trust", RIVER, "--samples", 50)}[key])
            self.assertEqual(out[key]["schema"], f"wayout.{schema}/1")
            if key in ("claims", "trust"):
                for common in ("wayout", "case"):
                    own.pop(common, None)
                self.assertEqual(out[key], own, key)
        text = wayout("answer", RIVER, "--samples", 50).out
        heads = ["In short", "Where it stands", "Impasse", "Room", "Risk", "Change", "Claims", "Trust"]
        places = [text.index("\n" + h) for h in heads]
        self.assertEqual(places, sorted(places))
        short = text.split("Where it stands")[0]
        self.assertIn("yes, with measures   the river is shared and the road open: set up a basin commission", short)
        self.assertIn("\n  only if wishes shift the same, and nobody would", short)
        self.assertEqual(wayout("answer", RIVER, "--samples", 50, "--threads", 1).out, text)
        # Parts by name; nothing of today from another start.
        self.assertNotIn("Trust", wayout("answer", RIVER, "--samples", 0).out)
        self.assertEqual([k for k in self.json("answer", RIVER, "--parts", "room,change") if k in heads or k in
                          ("room", "risk", "change", "claims", "trust")], ["room", "change"])
        moved = self.json("answer", RIVER, "--from", "block=false")
        self.assertEqual([k for k in ("room", "risk", "change", "claims", "trust") if k in moved], ["room", "risk"])

    def test_every_profile(self):
        """Tests of risk past the budget are not sampled, unless every profile is asked for."""
        options = [f"o{k}" for k in range(10)]
        text = '[[party]]\nid = "b"\n' + "".join(f'[[option]]\nid = "{o}"\nparty = "b"\n' for o in options)
        text += '[[preference]]\nparty = "b"\nmethod = "weights"\nstatements = [' + ", ".join(
            f'{{ id = "s{o}", when = "{o}", weight = {{ from = -2, to = -1 }} }}' for o in options) + "]\n"
        text += '[time]\nunit = "month"\nhorizon = 1\n[[tempo]]\nparty = "b"\nmoves_per_unit = 1\nrationality = 1\n'
        text += '[[catastrophe]]\nid = "war"\n[[hazard]]\nwhen = "o0"\nrate = { from = 0.1, to = 0.2 }\nleads_to = "war"\n'
        # 500 tests by a chain of 1,024 states: fewer than 16 profiles of them fit the budget.
        text += '[[claim]]\nid = "c"\nsays = "x"\ntest = { all = [' + ", ".join(
            f'{{ raises_risk = "o0", of = "war", horizon = {0.05 * k:g} }}' for k in range(1, 501)) + "] }\n"
        case = self.case(text)
        some = self.json("claims", case, "--samples", 16)
        self.assertEqual((some["sampling"]["chains"], some["claims"][0].get("sampled")), (0, None))
        self.assertIn("--every-profile", self.run_ok("claims", case, "--samples", 16).out)
        every = self.json("claims", case, "--samples", 16, "--every-profile")
        self.assertEqual(every["sampling"]["chains"], 16)
        self.assertEqual(every["claims"][0]["sampled"]["true"], 16)
        whole = self.json("answer", case, "--parts", "claims", "--samples", 16, "--every-profile")["claims"]
        self.assertEqual(whole["claims"][0]["sampled"]["true"], 16)
        unsaid = wayout("answer", case, "--every-profile")
        self.assertEqual(unsaid.rc, 2)
        self.assertIn("--samples", unsaid.err)

    def test_risk_of_claims_at_any_thread_count(self):
        # Chains of several disputes at once, and beside the other tests: the same bytes.
        case = TUTORIAL / "every_key.toml"
        for command in ("claims", "answer"):
            one, two = (wayout(command, case, "--samples", 0, "--threads", n, "--json") for n in (1, 2))
            self.assertIn("lowers_risk", one.out)
            self.assertEqual(one.out, two.out)

    def test_river(self):
        for number in (0, 1):
            goal = self.goal(RIVER, number=number)
            self.assertEqual((goal["verdict"], goal["obstacle"]), ("not_now", "unwilling"))
            self.assertEqual(goal["least_concession"]["unwilling"], 1)
            self.assertEqual(goal["least_concession"]["concessions"][0]["party"], "down")
        goal = self.goal(RIVER, "--with", "commission")
        self.assertEqual((goal["goal"], goal["verdict"]), ("shared", "yes_now"))
        self.assertEqual([s["mover"] for s in goal["path"]["steps"]], ["basin"])
        self.assertEqual(goal["hold"], {"up": "seq", "down": "seq"})
        self.assertTrue(goal["holding"]["deterred"])                # Upstream, by the road block
        goal = self.goal(RIVER, "--with", "commission", number=1)
        self.assertEqual((goal["verdict"], goal["obstacle"]), ("not_now", "not_holding"))
        self.assertFalse(goal["holding"]["holds"])
        self.assertIn("mover", goal["holding"]["breaks"])

    def test_strike(self):
        goal = self.goal(STRIKE)
        self.assertEqual((goal["verdict"], goal["obstacle"]), ("not_now", "unwilling"))
        goal = self.goal(STRIKE, "--with", "round_table")
        self.assertEqual(goal["verdict"], "yes_now")
        self.assertEqual(goal["state"]["values"], [0, 0, 1, 0, 1, 1])
        self.assertFalse(goal["kept"]["kept"])
        goal = self.goal(STRIKE, "--with", "round_table,in_law")
        self.assertEqual((goal["verdict"], goal["obstacle"]), ("not_now", "not_holding"))
        self.assertEqual(goal["holding"]["breaks"]["mover"], "city")

    def test_standing(self):
        standing = self.json("answer", STRIKE, "--with", "round_table")["standing"]
        self.assertEqual([d["track"] for d in standing["deals"]], ["round"])
        self.assertTrue(all(p["nash"]["stable"] for p in standing["parties"]))
        standing = self.json("answer", self.case(TWO))["standing"]
        self.assertEqual(standing["drift"]["sets"][0]["states"][0]["values"], [1, 1])
        self.assertEqual(len(standing["course"]["steps"]), 2)

    # --- every kind of verdict
    def test_met_already(self):
        goal = self.goal(self.case(TWO.replace('"x"]', '"not x"]') + '[[goal]]\nid = "g"\nwhen = "not x"\n'))
        self.assertEqual((goal["verdict"], goal["path"]["steps"]), ("yes_now", []))
        self.assertTrue(goal["kept"]["kept"])

    def test_yes_now(self):
        goal = self.goal(self.case(TWO + '[[goal]]\nid = "g"\nwhen = "x and y"\nhold = "nash"\n'))
        self.assertEqual(goal["verdict"], "yes_now")
        self.assertEqual(goal["equilibrium"], ["nash", "gmr", "smr", "seq", "sseq"])

    def test_impossible(self):
        rules = '[[rule]]\nid = "r"\nnever = "x and y"\nkind = "legal"\nbecause = "the law"\n[[rule]]\nid = "s"\nnever = "x and not y"\n[[rule]]\nid = "idle"\nnever = "y and x"\n'
        goal = self.goal(self.case(TWO + rules + '[[goal]]\nid = "g"\nwhen = "x"\n'))
        self.assertEqual((goal["verdict"], goal["obstacle"]), ("not_now", "impossible"))
        named = {r["id"] for r in goal["excluded_by"]}
        self.assertEqual(len(named), 2)
        self.assertIn("s", named)
        goal = self.goal(self.case(TWO + '[[goal]]\nid = "g"\nwhen = "x"\navoid = "x"\n'))
        self.assertEqual((goal["verdict"], goal["obstacle"]), ("not_now", "impossible"))

    def test_out_of_reach(self):
        goal = self.goal(self.case(TWO.replace('id = "x"', 'id = "x"\nmoves = "down"') + '[[goal]]\nid = "g"\nwhen = "x"\n'))
        self.assertEqual((goal["verdict"], goal["obstacle"]), ("not_now", "out_of_reach"))
        deal = '[[option]]\nid = "deal"\nparties = ["a", "b"]\n[[track]]\nid = "t"\nparties = ["a", "b"]\ntable = ["deal"]\nopen = false\n[[goal]]\nid = "g"\nwhen = "deal"\n'
        goal = self.goal(self.case(TWO + deal))
        self.assertEqual((goal["verdict"], goal["obstacle"]), ("not_now", "out_of_reach"))
        self.assertEqual(goal["missing_deals"], [{"option": "deal", "on_closed": ["t"], "on_linked": [], "on_open": []}])

    def test_unwilling(self):
        goal = self.goal(self.case(TWO + '[[goal]]\nid = "g"\nwhen = "x and y"\n').rename(self.folder / "a.toml"))
        self.assertEqual(goal["verdict"], "yes_now")
        goal = self.goal(self.case(TWO.replace('["x"]', '["not x"]') + '[[goal]]\nid = "g"\nwhen = "x and y"\n'))
        self.assertEqual((goal["verdict"], goal["obstacle"]), ("not_now", "unwilling"))
        self.assertEqual([s["willing"] for s in goal["least_concession"]["steps"]].count(False), 1)

    def test_not_holding(self):
        # a goes up for its own sake, and on from there.
        text = TWO.replace('id = "x"', 'id = "x"\nlevels = ["low", "mid", "top"]').replace('["x"]', '["x >= mid", "x == top"]')
        goal = self.goal(self.case(text + '[[goal]]\nid = "g"\nwhen = "x == mid"\n'))
        self.assertEqual((goal["verdict"], goal["obstacle"]), ("not_now", "not_holding"))
        self.assertEqual(goal["holding"]["breaks"]["mover"], "a")
        self.assertEqual(goal["holding"]["breaks"]["improvement"]["values"], [2, 0])

    def test_depends_bought(self):
        goal = self.goal(self.case(GATE + '[[goal]]\nid = "g"\nwhen = "passed and not gate"\n'))
        self.assertEqual(goal["verdict"], "depends")
        self.assertEqual(goal["marks"]["bought"], ["gate"])

    def test_depends_worse_on_the_way(self):
        # b suffers while x is done and y is not yet.
        text = TWO.replace('["y"]', '["y or not x", "y"]').replace('party = "b"\n[[pref', 'party = "b"\n[[pref')
        text += '[[rule]]\nid = "order"\nforbid = { from = "not x", to = "y" }\n[[goal]]\nid = "g"\nwhen = "x and y"\n'
        goal = self.goal(self.case(text))
        self.assertEqual(goal["verdict"], "depends")
        self.assertEqual(goal["marks"]["worse_on_the_way"], ["b"])

    def test_depends_hollow(self):
        # a could do x and is held back only by y, which b will do in any case.
        text = TWO.replace('["x"]', '["not y", "x"]').replace('["y"]', '["y"]')
        goal = self.goal(self.case(text + '[[goal]]\nid = "g"\nwhen = "not x"\n'))
        self.assertEqual(goal["verdict"], "depends")
        self.assertTrue(goal["holding"]["holds"])
        self.assertFalse(goal["holding"]["holds_without_hollow"])

    def test_undecided(self):
        case = self.case(big_case(26))
        goal = self.goal(case, "--max-states", "500", rc=3)
        self.assertEqual((goal["verdict"], goal["end"]), ("undecided", "limit"))
        goal = self.goal(case, "--time-limit", "0.2", rc=3)
        self.assertEqual((goal["verdict"], goal["end"]), ("undecided", "limit"))

    # --- asking otherwise
    def test_from_and_goal(self):
        text = TWO + '[[goal]]\nid = "g"\nwhen = "x and y"\n[[goal]]\nid = "h"\nwhen = "not x"\n'
        case = self.case(text)
        out = self.json("answer", case, "--from", "x=true,y=true", "--goal", "g")
        self.assertEqual([(g["goal"], g["path"]["steps"]) for g in out["goals"]], [("g", [])])
        self.assertEqual([g["goal"] for g in self.json("answer", case, "--goal", "h,g")["goals"]], ["g", "h"])
        self.assertEqual(self.json("answer", case, "--goal", "h", "--from", "x=true")["goals"][0]["obstacle"], "unwilling")
        unknown = self.case(text.replace("[[party]]", "no_status_quo = true\n[[party]]", 1))
        self.assertEqual(wayout("answer", unknown).rc, 1)
        self.run_ok("answer", unknown, "--from", "1")

    def test_a_case_without_goals_is_answered_too(self):
        self.assertEqual(self.json("answer", self.case(TWO))["goals"], [])
        self.run_ok("answer", self.case(TWO))

    def test_the_flagship(self):
        out = json.loads(self.run_ok("answer", FLAGSHIP, "--json", "--parts", "goals", timeout=120).out)
        self.assertEqual(out["end"], "complete")
        verdicts = {g["goal"]: (g["verdict"], g["obstacle"]) for g in out["goals"]}
        self.assertEqual({v for v, _ in verdicts.values()}, {"not_now"})          # January 2022: nothing goes
        self.assertIn(("not_now", "impossible"), verdicts.values())


if __name__ == "__main__":
    main()
