"""trust: shares against exact chances, the same bytes for the same seed, what an answer hinges on, and a stop on the way."""

import json
import signal
import subprocess
import time

from harness import TUTORIAL, WAYOUT, CliTest, main, wayout

# p takes `a` where its gain, drawn from [1, 5], is more than 2: three quarters of all profiles. q has nothing to say.
CASE = """
format = 1
[[party]]
id = "p"
[[party]]
id = "q"
[[option]]
id = "a"
party = "p"
[[option]]
id = "b"
party = "q"
[[preference]]
party = "p"
method = "weights"
statements = [{ id = "gain", when = "a", weight = { from = 1, to = 5 } }, { id = "pain", when = "a", weight = -2 }]
[[preference]]
party = "q"
method = "weights"
statements = [{ id = "b", when = "b", weight = { from = -2, to = -1 } }]
[[goal]]
id = "done"
when = "a"
"""


class Trust(CliTest):
    def outcome(self, report, name):
        return next(o for o in report["outcomes"] if o["outcome"] == name)

    def share(self, report, name, answer):
        return next(a for a in self.outcome(report, name)["answers"] if a["answer"] == answer)

    def test_shares_are_the_chances_of_the_ranges(self):
        path = self.case(CASE)
        report = self.json("trust", path, "--samples", "4000", "--seed", "5")
        self.assertEqual(report["schema"], "wayout.trust/1")
        self.assertEqual((report["finished"], report["end"]), (4000, "complete"))
        self.assertEqual([i["input"] for i in report["inputs"]], ["weight/p/gain/weight", "weight/q/b/weight"])
        for name, answer, chance in (("stable/p/nash", "no", 0.75), ("stable/q/nash", "yes", 1), ("drift", "it stays", 0.25),
                                     ("goal/done", "way out", 0.75), ("goal/done", "no way out", 0.25)):
            share = self.share(report, name, answer)
            self.assertLess(abs(share["share"] - chance), 0.03, name)
            self.assertTrue(share["low"] - 0.01 <= chance <= share["high"] + 0.01)
        self.assertEqual(self.outcome(report, "goal/done")["plain"], "way out")

    def test_the_same_bytes_for_the_same_seed_at_any_number_of_threads(self):
        first = self.run_ok("trust", TUTORIAL / "every_key.toml", "--samples", "200", "--threads", "1", "--hinges", "--json").out
        again = self.run_ok("trust", TUTORIAL / "every_key.toml", "--samples", "200", "--threads", "2", "--hinges", "--json").out
        other = self.run_ok("trust", TUTORIAL / "every_key.toml", "--samples", "200", "--seed", "2", "--json").out
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_what_it_hinges_on(self):
        report = self.json("trust", self.case(CASE), "--samples", "400", "--hinges")
        hinge, = report["hinges"]
        self.assertEqual(hinge["outcome"], "goal/done")
        change, = hinge["flip"]["smallest"]["changes"]
        self.assertEqual(change, {"input": "weight/p/gain/weight", "to": "2"})  # at 2 nothing is gained any more
        self.assertAlmostEqual(hinge["flip"]["smallest"]["distance"], 0.5)
        self.assertEqual(hinge["flip"]["smallest"]["answer"], "no way out")
        gain, nothing = hinge["variance"]["inputs"]
        self.assertAlmostEqual(gain["total"]["value"], 1, delta=0.1)
        self.assertEqual(nothing["total"]["value"], 0)
        self.assertEqual([b["low"] for b in hinge["one_at_a_time"]["bars"]], [0, 1])
        text = self.run_ok("trust", self.case(CASE), "--samples", "400", "--hinges").out
        self.assertIn("p: 'gain', weight: 2 instead of 3 (range 1 to 5)", " ".join(text.split()))

    def test_the_risk_as_what_is_asked_about(self):
        report = self.json("trust", TUTORIAL / "river.toml", "--of", "risk", "--samples", "200", "--hinges", "--below", "0.15")
        self.assertEqual((report["schema"], report["end"], report["of"], report["exact"]),
                         ("wayout.trust_risk/1", "complete", "any", True))
        known = self.json("risk", TUTORIAL / "river.toml")["any"]["by"]["lower"]
        self.assertAlmostEqual(report["plain"]["lower"], known, delta=1e-9)
        # Each end of the rate's range, put into the file as a plain number.
        text = (TUTORIAL / "river.toml").read_text()
        written = "rate = { from = 0.005, to = 0.02 }"
        self.assertIn(written, text)
        rate = next(i for i in report["inputs"] if i["input"] == "rate/brawl")
        bar = next(b for b in report["one_at_a_time"]["bars"] if b["input"] == "rate/brawl")
        for end in ("low", "high"):
            case = self.case(text.replace(written, f"rate = {rate[end]}"))
            self.assertAlmostEqual(self.json("risk", case)["any"]["by"]["lower"], bar[end], delta=1e-9)
        # And the change that brings it down to the level.
        smallest = report["flip"]["smallest"]
        self.assertEqual(smallest["answer"], "at most")
        change, = smallest["changes"]
        case = self.case(text.replace(written, f"rate = {change['to']}"))
        self.assertAlmostEqual(self.json("risk", case)["any"]["by"]["lower"], 0.15, delta=1e-4)
        self.assertAlmostEqual(sum(s["share"]["value"] for s in report["shapley"]), 1, delta=1e-9)
        self.assertEqual([a["share"] for a in report["at_most"]], [0.05, 0.25, 0.5, 0.75, 0.95])
        by = self.json("trust", TUTORIAL / "river.toml", "--of", "risk", "--samples", "5", "--by", "3")
        self.assertLess(by["plain"]["upper"], known)

    def test_what_cannot_be_asked_of_the_risk(self):
        self.assertIn("it has", self.refused("--of", "flood"))
        self.assertIn("add --of risk", self.refused("--below", "0.1"))
        self.assertIn("not about the risk", self.refused("--of", "risk", "--goal", "shared"))
        self.assertIn("names no catastrophe", wayout("trust", TUTORIAL / "strike.toml", "--of", "risk").err)

    def refused(self, *settings):
        result = wayout("trust", TUTORIAL / "river.toml", *settings)
        self.assertEqual(result.rc, 2)
        return result.err

    def test_a_rule_to_stop_by(self):
        report = self.json("trust", self.case(CASE), "--samples", "100000", "--precision", "3")
        self.assertTrue(report["stopped"])
        self.assertLess(report["finished"], 3000)
        for o in report["outcomes"]:
            for a in o["answers"]:
                self.assertLessEqual(max(a["share"] - a["low"], a["high"] - a["share"]), 0.03)

    def test_nothing_uncertain_and_nothing_to_ask(self):
        self.assertIn("Nothing in this case is uncertain", self.run_ok("trust", TUTORIAL / "strike.toml").out)
        self.assertEqual(wayout("trust", TUTORIAL / "river.toml", "--goal", "nothing").rc, 2)
        self.assertIn("no status quo", wayout("trust", self.case(CASE.replace("format = 1", "format = 1\nno_status_quo = true"))).err)

    def test_an_interruption_keeps_what_is_finished(self):
        path = self.case(CASE)
        process = subprocess.Popen([WAYOUT, "trust", str(path), "--samples", "30000000", "--json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, err)
        report = json.loads(out)
        self.assertEqual(report["end"], "interrupted")
        self.assertTrue(0 < report["finished"] < 30000000)
        self.assertLess(abs(self.share(report, "goal/done", "way out")["share"] - 0.75), 0.03)


if __name__ == "__main__":
    main()
