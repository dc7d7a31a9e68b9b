"""stability at scale: what is summed up is right, and memory is asked about before it is taken."""

import csv
import io
import json

from harness import TUTORIAL, CliTest, TWO, main, wayout

RIVER = TUTORIAL / "river.toml"
CONCEPTS = ["nash", "gmr", "smr", "seq", "sseq"]


class Summed(CliTest):
    def made(self, *args):
        path = self.folder / "made.toml"
        self.run_ok("generate", "--quiet", "-o", path, *args)
        return path

    def test_the_summary_against_the_table(self):
        for seed, args in enumerate((["--options", "12"], ["--options", "11", "--density", "0.4", "--graded", "0.3"],
                                     ["--options", "12", "--joint", "0.3", "--tracks", "2", "--preference", "priorities", "--statements", "4"])):
            case = self.made("--parties", "3", "--seed", seed, *args)
            out = self.stability(case, "--describe", "--all-states", "--concepts", ",".join(CONCEPTS))
            rows, parties, options = out["table"], out["parties"], out["options"]
            summary = out["summary"]
            self.assertEqual(summary["end"], "complete")
            levels = self.levels(case)
            by_number = {r["state"]: r for r in rows}
            for c in CONCEPTS:
                told = summary["equilibria"][c]
                inside = [r for r in rows if c in r["equilibrium"]]
                self.described(told, inside, rows, options, levels)
                for p in parties:
                    self.described(summary["stable"][c][p], [r for r in rows if p in r["stable"][c]], rows, options, levels)
                    if not inside:
                        continue
                    best = min(r["rank"][p] for r in inside)
                    self.assertEqual(told["best"][p]["rank"], best)
                    self.assertEqual(told["best"][p]["states"], sum(r["rank"][p] == best for r in inside))
                    first = told["best"][p]["first"]
                    self.assertEqual(by_number[first["state"]]["values"], first["values"])
                    self.assertEqual(by_number[first["state"]]["rank"][p], best)
                ranks = {tuple(r["rank"][p] for p in parties) for r in inside}
                front = {a for a in ranks if not any(b != a and all(x <= y for x, y in zip(b, a)) for b in ranks)}
                self.assertEqual(told["efficient"]["classes"], len(front))
                self.assertEqual(told["efficient"]["states"], sum(tuple(r["rank"][p] for p in parties) in front for r in inside))
            self.reached(case, summary["reached"], by_number)

    def levels(self, case):
        names = {}
        option = None
        for line in case.read_text(encoding="utf-8").splitlines():
            if line.startswith("id = "):
                option = line.split('"')[1]
            if line.startswith("levels = "):
                names[option] = json.loads(line.split("=", 1)[1])
        return names

    def holds(self, when, row, options, levels):
        values = dict(zip(options, row["values"]))
        for literal in when.split(" and ") if when != "true" else []:
            words = literal.split()
            if words[0] == "not":
                ok = values[words[1]] == 0
            elif len(words) == 1:
                ok = values[words[0]] == 1
            else:
                level = levels[words[0]].index(words[2])
                ok = {"==": values[words[0]] == level, "<=": values[words[0]] <= level, ">=": values[words[0]] >= level}[words[1]]
            if not ok:
                return False
        return True

    def described(self, told, inside, rows, options, levels):
        self.assertEqual(told["states"], len(inside))
        members = {r["state"] for r in inside}
        covered = set()
        for part in told["where"]:
            held = {r["state"] for r in rows if self.holds(part["when"], r, options, levels)}
            self.assertEqual(part["states"], len(held), part)
            self.assertEqual(part["inside"], len(held & members), part)
            self.assertEqual(part["always"], held <= members)
            self.assertEqual(part["adds"], len((held & members) - covered), part)
            covered |= held & members
        self.assertEqual(told["otherwise"], len(members - covered))

    def reached(self, case, told, by_number):
        self.assertEqual(told["end"], "complete")
        drift = self.json("paths", case, "--drift")
        self.assertEqual(told["states_met"], drift["states_reachable"])
        for item in told["first"]:
            self.assertEqual(by_number[item["state"]]["equilibrium"], item["equilibrium"])
            self.assertEqual(by_number[item["state"]]["values"], item["values"])

    def test_a_short_form_where_the_list_is_cut(self):
        case = self.made("--parties", "2", "--options", "8", "--seed", "4")
        short = self.run_ok("stability", case, "--limit", "1").out
        self.assertIn("efficient among them", short)
        self.assertNotIn("Nash for", short)
        self.assertNotIn("efficient among them", self.run_ok("stability", case).out)
        self.assertIn("Nash for", self.run_ok("stability", case, "--describe").out)
        self.assertNotIn("summary", self.stability(case, "--limit", "1"))

    def test_formats_agree_on_every_state(self):
        case = self.made("--parties", "3", "--options", "9", "--density", "0.5", "--seed", "2")
        table = self.stability(case, "--all-states")["table"]
        lines = self.run_ok("stability", case, "--all-states", "--format", "ndjson").out.splitlines()
        self.assertEqual([json.loads(line) for line in lines], table)
        records = list(csv.DictReader(io.StringIO(self.run_ok("stability", case, "--all-states", "--format", "csv").out)))
        self.assertEqual([int(r["state"]) for r in records], [r["state"] for r in table])
        for record, row in zip(records, table):
            self.assertEqual([int(record[f"seq_{p}"]) for p in ("p1", "p2", "p3")], [int(p in row["stable"]["seq"]) for p in ("p1", "p2", "p3")])

    def test_threads_change_nothing(self):
        case = self.made("--parties", "4", "--options", "15", "--seed", "9")
        one = self.run_ok("stability", case, "--describe", "--json", "--threads", "1").out
        self.assertEqual(one, self.run_ok("stability", case, "--describe", "--json", "--threads", "2").out)


class OnTheFly(CliTest):
    def test_reachable_equilibria_against_the_whole_space(self):
        for seed in (1, 2, 3):
            case = self.folder / "made.toml"
            self.run_ok("generate", "--parties", "3", "--options", "8", "--density", "0.6", "--seed", seed, "-q", "-o", case)
            summary = self.stability(case, "--describe", "--concepts", "nash,seq")["summary"]["reached"]
            out = self.stability(case, "--engine", "fly", "--concepts", "nash,seq", "--max-states", "1000")
            for c in ("nash", "seq"):
                found = out["reachable"][c]
                self.assertTrue(found["exhaustive"])
                self.assertEqual(found["states_met"], summary["states_met"])
                wanted = sorted(i["values"] for i in summary["first"] if c in i["equilibrium"])
                self.assertEqual(sorted(i["values"] for i in found["found"]), wanted)
                for item in found["found"]:
                    self.assertEqual(item["path"][-1]["values"] if item["path"] else out["table"][0]["values"], item["values"])
        self.assertNotIn("reachable", self.stability(case, "--engine", "fly", "--state", "now"))

    def test_it_stops_at_its_limit_and_says_so(self):
        case = self.folder / "big.toml"
        self.run_ok("generate", "--parties", "8", "--options", "64", "--seed", "3", "-q", "-o", case)
        out = self.stability(case, "--engine", "fly", "--concepts", "nash", "--max-states", "50", rc=3)
        self.assertEqual((out["end"], out["reachable"]["nash"]["exhaustive"]), ("limit", False))
        self.assertIn("the search stopped at its limit", wayout("stability", case, "--engine", "fly", "--concepts", "nash", "--max-states", "50").out)


class Limits(CliTest):
    def test_memory_is_asked_about_first(self):
        path = self.folder / "big.toml"
        self.run_ok("generate", "--parties", "4", "--options", "30", "-q", "-o", path)
        done = wayout("stability", path, "--memory", "100M", "--concepts", "nash")
        self.assertEqual(done.rc, 3, str(done))
        for words in ("1,073,741,824 feasible states takes", "100 MiB", "--engine fly", "--given"):
            self.assertIn(words, done.err)
        self.assertIn("stable for", done.out)
        narrowed = " and ".join(f"not o{i}" for i in range(1, 27))
        self.assertEqual(wayout("stability", path, "--given", narrowed).rc, 2)   # today lies elsewhere
        for size in ("", "0", "x", "8Q", "-1G", "1GG"):
            self.assertEqual(wayout("stability", RIVER, f"--memory={size}" if size else "--memory=?").rc, 2, size)

    def test_given_is_a_rule(self):
        out = self.stability(RIVER, "--given", "not quota", "--all-states")
        text = RIVER.read_text(encoding="utf-8") + '\n[[rule]]\nnever = "not (not quota)"\n'
        same = self.stability(self.case(text), "--all-states")
        self.assertEqual(out.pop("given"), "not quota")
        self.assertEqual(out, same)
        self.assertLess(out["states"], self.stability(RIVER)["states"])
        done = self.run_ok("stability", RIVER, "--given", "not quota")
        self.assertIn("Only states where", done.out)
        for bad in ("quota and", "quotta", "quota"):
            self.assertEqual(wayout("stability", RIVER, "--given", bad).rc, 2, bad)
        self.assertEqual(wayout("stability", TUTORIAL / "graph_form.toml", "--given", "true").rc, 2)

    def test_the_engine_is_shown(self):
        self.assertEqual(self.stability(RIVER)["engine"], "full")
        self.assertEqual(self.stability(RIVER, "--engine", "reference")["engine"], "reference")
        self.assertEqual(self.stability(RIVER, "--engine", "fly")["engine"], "fly")


if __name__ == "__main__":
    main()
