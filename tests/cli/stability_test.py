"""stability: the fields and their meanings, and the engines against each other."""

import csv
import io
import itertools
import json
import random

from harness import CATALOG, CONCEPTS, ROOT, TUTORIAL, CliTest, TWO, main, wayout

RIVER = TUTORIAL / "river.toml"
STRIKE = TUTORIAL / "strike.toml"
GRAPH = TUTORIAL / "graph_form.toml"
GRADED = TWO.replace('id = "x"', 'id = "x"\nlevels = ["no", "half", "full"]\nnow = "half"')


class Fields(CliTest):
    def test_the_object(self):
        out = self.stability(RIVER, "--all-states")
        for key in ("parties", "options", "concepts", "states", "table", "status_quo", "equilibria_total", "truncated"):
            self.assertIn(key, out)
        self.assertEqual(out["parties"], ["up", "down"])
        self.assertEqual(out["options"], ["release", "pump", "block", "quota", "border", "gauges"])
        self.assertEqual(out["concepts"], CONCEPTS)
        self.assertEqual(out["states"], len(out["table"]))
        for row in out["table"]:
            self.assertEqual(set(row), {"state", "values", "rank", "stable", "equilibrium", "undecided"})
            self.assertEqual(set(row["rank"]), {"up", "down"})
            self.assertEqual(set(row["stable"]), set(CONCEPTS))
            self.assertEqual(row["equilibrium"], [c for c in CONCEPTS if row["stable"][c] == ["up", "down"]])
            self.assertEqual(row["undecided"], {})
        for c in CONCEPTS:
            self.assertEqual(out["equilibria_total"][c], sum(c in r["equilibrium"] for r in out["table"]))

    def test_numbers_ascend_with_the_first_option_fastest(self):
        # river: quota needs release, release rules out pump, gauges are disabled.
        wanted = [list(reversed(v)) for v in itertools.product([0, 1], repeat=6)
                  if not (v[5] and v[4]) and not (v[2] and not v[5]) and not v[0]]
        out = self.stability(RIVER, "--all-states")
        self.assertEqual([r["values"] for r in out["table"]], wanted)
        self.assertEqual([r["state"] for r in out["table"]], list(range(1, len(wanted) + 1)))
        self.assertEqual(out["table"][out["status_quo"] - 1]["values"], [0, 1, 1, 0, 0, 0])
        graded = self.stability(self.case(GRADED), "--all-states")
        self.assertEqual([r["values"] for r in graded["table"]], [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]])
        self.assertEqual(graded["status_quo"], 2)

    def test_ranks_are_dense_and_one_is_best(self):
        case = self.case(GRADED.replace('statements = ["x"]', 'method = "additive"\nvalues = [{ option = "x", levels = [5, 0, 5] }]'))
        rows = self.table(case)
        self.assertEqual([rows[v]["rank"]["a"] for v in ((0, 0), (1, 0), (2, 0), (0, 1), (1, 1))], [1, 2, 1, 1, 2])
        self.assertEqual(rows[(0, 0)]["rank"]["b"], 2)
        self.assertEqual(rows[(0, 1)]["rank"]["b"], 1)
        for case in (RIVER, STRIKE, GRAPH, *CATALOG):
            out = self.stability(case, "--all-states", "--concepts", "nash")
            for p in out["parties"]:
                ranks = {r["rank"][p] for r in out["table"]}
                self.assertEqual(ranks, set(range(1, len(ranks) + 1)))

    def test_graph_form_keeps_its_numbers(self):
        text = GRAPH.read_text(encoding="utf-8")
        out = self.stability(GRAPH, "--all-states")
        self.assertEqual([r["state"] for r in out["table"]], [1, 2, 3, 4])
        self.assertEqual(out["concepts"], CONCEPTS[:5])
        self.assertEqual(out["status_quo"], 1)
        # The same with other numbers.
        other = self.case(text.replace("now = 1 ", "now = 70 ").replace("order = [[3], [2], [4], [1]]", "order = [[9], [20], [5], [70]]")
                          .replace("order = [[2], [3], [1, 4]]", "order = [[20], [9], [70, 5]]")
                          .replace("[[1, 2], [3, 4], [4, 3]]", "[[70, 20], [9, 5], [5, 9]]")
                          .replace("[[1, 3], [3, 1], [2, 4], [4, 2]]", "[[70, 9], [9, 70], [20, 5], [5, 20]]")
                          .replace("state == 2 or state == 3", "state == 20 or state == 9").replace('"state == 1"', '"state == 70"')
                          .replace("id = 1\n", "id = 70\n").replace("id = 2\n", "id = 20\n").replace("id = 3\n", "id = 9\n").replace("id = 4\n", "id = 5\n"))
        again = self.stability(other, "--all-states")
        self.assertEqual([r["state"] for r in again["table"]], [70, 20, 9, 5])
        self.assertEqual(again["status_quo"], 70)
        for a, b in zip(out["table"], again["table"]):
            self.assertEqual({**a, "state": 0}, {**b, "state": 0})
        self.assertEqual(self.stability(other, "--state", "9")["table"], [again["table"][2]])

    def test_no_status_quo(self):
        for path in (ROOT / "catalog/garrison_diversion/case.gmcr", self.case(TWO.replace("[[party]]", "no_status_quo = true\n[[party]]", 1))):
            self.assertIsNone(self.stability(path)["status_quo"])

    def test_what_is_listed(self):
        everything = self.stability(RIVER, "--all-states")["table"]
        equilibria = [r for r in everything if r["equilibrium"]]
        now = next(r for r in everything if r["values"] == [0, 1, 1, 0, 0, 0])
        out = self.stability(RIVER)
        self.assertFalse(out["truncated"])
        self.assertEqual(sorted(r["state"] for r in out["table"]), sorted({r["state"] for r in [now, *equilibria]}))
        few = self.stability(STRIKE, "--limit", "2")
        self.assertTrue(few["truncated"])
        self.assertEqual(few["equilibria_total"], self.stability(STRIKE)["equilibria_total"])
        self.assertIn(few["status_quo"], [r["state"] for r in few["table"]])
        self.assertLessEqual(len([r for r in few["table"] if r["state"] != few["status_quo"]]), 2)
        none = self.stability(STRIKE, "--limit", "0")
        self.assertEqual([r["state"] for r in none["table"]], [none["status_quo"]])
        self.assertTrue(none["truncated"])

    def test_a_thousand_equilibria_by_default(self):
        text = "format = 1\n" + "".join(f'[[party]]\nid = "{p}"\n' for p in "ab")
        text += "".join(f'[[option]]\nid = "o{i}"\nparty = "{"ab"[i % 2]}"\n' for i in range(11))
        text += "".join(f'[[preference]]\nparty = "{p}"\nstatements = []\n' for p in "ab")
        out = self.stability(self.case(text))
        self.assertEqual(out["states"], 2048)
        self.assertEqual(out["equilibria_total"]["nash"], 2048)
        self.assertEqual(len(out["table"]), 1000)
        self.assertTrue(out["truncated"])
        self.assertEqual(out["concepts"], CONCEPTS)          # 2,048 states: all six …
        more = self.case(text.replace('id = "o10"\nparty = "a"', 'id = "o10"\nparty = "a"\nlevels = ["u", "v", "w", "x", "y"]'))
        self.assertEqual(self.stability(more, "--limit", "0")["concepts"], CONCEPTS[:5])   # … 5,120: five
        edge = self.case(text.replace('id = "o10"\nparty = "a"', 'id = "o10"\nparty = "a"\nlevels = ["u", "v", "w", "x"]'))
        self.assertEqual(self.stability(edge, "--limit", "0")["concepts"], CONCEPTS)       # 4,096: six
        self.assertEqual(self.stability(more, "--limit", "0", "--concepts", "sim")["concepts"], ["sim"])

    def test_one_state(self):
        everything = self.stability(RIVER, "--all-states")["table"]
        by_values = {tuple(r["values"]): r for r in everything}
        for text, values in (("7", None), ("now", (0, 1, 1, 0, 0, 0)), ("pump=false", (0, 0, 1, 0, 0, 0)),
                             ("release=true,pump=no,block=0", (1, 0, 0, 0, 0, 0)), ("release", (1, 0, 1, 0, 0, 0))):
            rows = self.stability(RIVER, "--state", text)["table"]
            self.assertEqual(rows, [everything[6] if values is None else by_values[values]], text)
        graded = self.case(GRADED)
        self.assertEqual(self.stability(graded, "--state", "x=full,y=true")["table"][0]["values"], [2, 1])
        self.assertEqual(self.stability(graded, "--state", "x=0")["table"][0]["values"], [0, 0])
        self.assertEqual(self.stability(graded, "--state", "x >= full")["table"][0]["values"], [2, 0])

    def test_concepts_and_profile(self):
        everything = self.table(RIVER)
        some = self.stability(RIVER, "--concepts", "SEQ,nash", "--all-states")
        self.assertEqual(some["concepts"], ["seq", "nash"])
        for row in some["table"]:
            self.assertEqual(row["stable"], {c: everything[tuple(row["values"])]["stable"][c] for c in ("seq", "nash")})
        out = self.stability(RIVER, "--profile", "up=seq,down=nash", "--all-states")
        self.assertEqual(out["profile"], {"up": "seq", "down": "nash"})
        held = 0
        for row in out["table"]:
            wanted = [p for p, c in (("up", "seq"), ("down", "nash")) if p in row["stable"][c]]
            self.assertEqual(row["profile_stable"], wanted)
            self.assertEqual(row["profile_equilibrium"], len(wanted) == 2)
            held += len(wanted) == 2
        self.assertEqual(out["profile_equilibria_total"], held)
        plain = self.stability(RIVER, "--profile", "gmr", "--concepts", "nash")
        self.assertEqual(plain["concepts"], ["nash", "gmr"])
        self.assertEqual(plain["profile_equilibria_total"], plain["equilibria_total"]["gmr"])

    def test_what_was_not_listed_is_null(self):
        out = self.stability(STRIKE, "--max-states", "5", rc=3)
        self.assertIsNone(out["states"])
        self.assertIsNone(out["status_quo"])
        self.assertEqual(out["end"], "limit")
        row, = out["table"]
        self.assertIsNone(row["state"])
        self.assertIsNone(row["rank"])
        self.assertEqual(row["values"], [1, 0, 0, 0, 0, 0])
        full = self.table(STRIKE)[(1, 0, 0, 0, 0, 0)]
        self.assertEqual(row["stable"], {c: full["stable"][c] for c in CONCEPTS[:5]})

    def test_measures_change_the_count_and_values_name_the_state(self):
        plain, with_gauges = self.table(RIVER), self.table(RIVER, "--with", "offer_gauges")
        self.assertEqual(len(with_gauges), 2 * len(plain))
        self.assertLess(set(plain), set(with_gauges))

    def test_other_formats(self):
        rows = self.stability(RIVER, "--all-states")["table"]
        lines = self.run_ok("stability", RIVER, "--all-states", "--format", "ndjson").out.splitlines()
        self.assertEqual([json.loads(line) for line in lines], rows)
        table = list(csv.DictReader(io.StringIO(self.run_ok("stability", RIVER, "--all-states", "--format", "csv").out)))
        self.assertEqual(len(table), len(rows))
        for cells, row in zip(table, rows):
            self.assertEqual(int(cells["state"]), row["state"])
            self.assertEqual(int(cells["block"]), row["values"][2])
            self.assertEqual(int(cells["rank_down"]), row["rank"]["down"])
            self.assertEqual(cells["sseq_up"] == "1", "up" in row["stable"]["sseq"])
            self.assertEqual(cells["sim_equilibrium"] == "1", "sim" in row["equilibrium"])
        text = self.run_ok("stability", RIVER, "--state", "now").out
        self.assertIn("(today)", text)


class RandomCase:
    """A small conflict: graded and one-way options, agreements, tables, rules, forbidden moves, ties."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        r = self.r
        self.parties = [f"p{i}" for i in range(r.randint(2, 4))]
        self.options, self.text = [], ["format = 1", "no_status_quo = true"]
        for p in self.parties:
            self.text.append(f'[[party]]\nid = "{p}"')
        for i, p in enumerate(self.parties + r.choices(self.parties, k=r.randint(0, 2))):
            levels = r.choice([2, 2, 2, 3])
            self.options.append((f"o{i}", levels, p))
            graded = 'levels = ["z", "m", "t"]\n' if levels == 3 else ""
            self.text.append(f'[[option]]\nid = "o{i}"\nparty = "{p}"\n{graded}moves = "{r.choice(["both"] * 3 + ["up", "down"])}"')
        joint = r.random() < 0.6
        if joint:
            members = r.sample(self.parties, 2)
            self.options.append(("deal", 2, None))
            self.text.append(f'[[option]]\nid = "deal"\nparties = ["{members[0]}", "{members[1]}"]\nbinding = {r.choice(["true", "false"])}')
            table = ["deal"] + [o for o, _, p in self.options if p in members and r.random() < 0.4]
            linked = r.choice(["false", "true", f'"{self.condition(1)}"'])
            self.text.append(f'[[track]]\nid = "table"\nparties = ["{members[0]}", "{members[1]}"]\ntable = [{", ".join(map(quoted, table))}]\n'
                             f'linked = {linked}\nconsent = "{r.choice(["all-better", "none-worse"])}"')
        for i in range(r.choice([0, 0, 1, 1, 2])):
            self.text.append(f'[[rule]]\nnever = "{self.condition(2)}"')
        for i in range(r.choice([0, 0, 1, 2])):
            by = f'by = "{r.choice(self.parties)}", ' if r.random() < 0.6 else ""
            self.text.append(f'[[rule]]\nforbid = {{ {by}from = "{self.condition(1)}", to = "{self.condition(1)}" }}')
        for p in self.parties:
            if r.random() < 0.5:
                statements = ", ".join(quoted(self.condition(2)) for _ in range(r.randint(1, 4)))
                self.text.append(f'[[preference]]\nparty = "{p}"\nstatements = [{statements}]')
            else:
                statements = ", ".join(f'{{ when = "{self.condition(2)}", weight = {r.randint(-3, 3)}{", vital = true" if r.random() < .15 else ""} }}'
                                       for _ in range(r.randint(1, 5)))
                self.text.append(f'[[preference]]\nparty = "{p}"\nmethod = "weights"\nstatements = [{statements}]')

    def atom(self):
        option, levels, _ = self.r.choice(self.options)
        if levels == 2:
            return option
        return f"{option} {self.r.choice(['==', '!=', '<', '<=', '>', '>='])} {self.r.choice(['z', 'm', 't', '1'])}"

    def condition(self, depth):
        r = self.r
        if depth == 0 or r.random() < 0.3:
            return r.choice(["", "not "]) + f"({self.atom()})"
        word = r.choice(["and", "or", "if", "iff", "->", "and not"])
        return f"({self.condition(depth - 1)}) {word} ({self.condition(depth - 1)})"


def quoted(text):
    return f'"{text}"'


class Engines(CliTest):
    def same(self, case, *more):
        full = self.stability(case, "--all-states", "--engine", "full", *more)
        reference = self.stability(case, "--all-states", "--engine", "reference", *more)
        full.pop("engine")
        reference.pop("engine")
        self.assertEqual(full, reference, f"full against reference: {case}\n{case.read_text()}")
        return full

    def test_catalog_and_tutorials(self):
        for case in (*CATALOG, RIVER, STRIKE, GRAPH):
            for sanctions in ("legal", "once", "single"):
                self.same(case, "--sanctions", sanctions)
        self.same(TUTORIAL / "every_key.toml", "--concepts", "nash,gmr,smr,seq,sseq,sim")
        self.same(RIVER, "--with", "commission,offer_gauges")

    def test_the_three_conventions_differ_on_garrison(self):
        case = ROOT / "catalog/garrison_diversion/case.toml"
        gmr = {}
        for sanctions in ("legal", "once", "single"):
            out = self.stability(case, "--all-states", "--sanctions", sanctions)
            self.assertEqual(out["sanctions"], sanctions)
            gmr[sanctions] = {r["state"] for r in out["table"] if "gmr" in r["equilibrium"]}
        # catalog/README.md: 4 and 10 join where each may move once, 6 under legal sequences.
        self.assertEqual(len(gmr["once"] - gmr["single"]), 2)
        self.assertEqual(len(gmr["legal"] - gmr["once"]), 1)
        self.assertLess(gmr["single"], gmr["once"])

    def test_one_state_on_the_fly(self):
        for case in (*CATALOG, RIVER, STRIKE, GRAPH):
            concepts = CONCEPTS[:5] if case == GRAPH else CONCEPTS
            rows = self.stability(case, "--all-states")["table"]
            for row in rows[:: max(1, len(rows) // 4)]:
                out = self.stability(case, "--engine", "fly", "--state", str(row["state"]), "--concepts", ",".join(concepts))
                self.assertEqual(out["engine"], "fly")
                found, = out["table"]
                self.assertEqual((found["values"], found["stable"], found["undecided"]), (row["values"], row["stable"], {}), case)

    def test_random_cases(self):
        judged = states = 0
        for seed in range(200):
            text = "\n".join(RandomCase(seed).text) + "\n"
            case = self.case(text, "random.toml")
            if wayout("check", case).rc != 0:         # rules that leave no state, mostly
                continue
            judged += 1
            table = self.same(case)["table"]
            states += len(table)
            row = table[seed % len(table)]
            fly, = self.stability(case, "--engine", "fly", "--state", str(row["state"]), "--concepts", ",".join(CONCEPTS))["table"]
            self.assertEqual(fly["stable"], row["stable"], f"state {row['values']} of\n{text}")
            for name, laws in (("nash", ["sseq", "seq", "gmr", "smr", "sim"]), ("sseq", ["seq", "smr", "gmr"]), ("seq", ["gmr"]), ("smr", ["gmr"])):
                for r in table:
                    for other in laws:
                        self.assertLessEqual(set(r["stable"][name]), set(r["stable"][other]), text)
        self.assertGreater(judged, 130)
        self.assertGreater(states, 2000)

    def test_the_reference_is_for_small_cases(self):
        text = TWO + "".join(f'[[option]]\nid = "o{i}"\nparty = "a"\n' for i in range(12))
        done = wayout("stability", self.case(text), "--engine", "reference")
        self.assertEqual(done.rc, 3, str(done))
        self.assertIn("--engine full", done.err)


if __name__ == "__main__":
    main()
