"""convert: the same model in every format, and the same bytes again."""

import csv
import io
import json
import re
import tomllib

from harness import CATALOG, FLAGSHIP, ROOT, TUTORIAL, CliTest, main, wayout

GMCR = sorted((ROOT / "tests/data/gmcr").glob("*.gmcr")) + sorted((ROOT / "catalog").glob("*/case.gmcr"))
CASES = [*sorted(TUTORIAL.glob("*.toml")), *CATALOG]


def alike(value):
    """A list of one string may stand as the string."""
    if isinstance(value, dict):
        return {k: alike(v) for k, v in value.items()}
    if isinstance(value, list):
        return alike(value[0]) if len(value) == 1 and isinstance(value[0], str) else [alike(v) for v in value]
    return value


class Convert(CliTest):
    def rows(self, case, *args):
        out = self.stability(case, "--all-states", *args)
        return [(r["values"], r["rank"], r["stable"]) for r in out["table"]], out["parties"], out["options"], out["status_quo"]

    def test_toml_twice(self):
        for case in (*CASES, FLAGSHIP, *GMCR):
            one, two = self.folder / "one.toml", self.folder / "two.toml"
            self.run_ok("convert", case, one)
            self.run_ok("convert", one, two)
            self.assertEqual(one.read_bytes(), two.read_bytes(), case)
            tomllib.loads(one.read_text(encoding="utf-8"))
            if case != FLAGSHIP:
                self.assertEqual(self.rows(case), self.rows(one), case)
        # What is not under stability survives too.
        self.run_ok("convert", FLAGSHIP, one)
        before, after = (tomllib.loads(p.read_text(encoding="utf-8")) for p in (FLAGSHIP, one))
        for key in ("party", "option", "rule", "track", "measure", "variant", "belief", "hazard", "goal", "claim"):
            self.assertEqual([p.get("id") for p in before.get(key, [])], [p.get("id") for p in after.get(key, [])], key)
        self.assertEqual([c["says"] for c in before["claim"]], [c["says"] for c in after["claim"]])
        self.assertEqual([alike(m["effects"]) for m in before["measure"]], [alike(m["effects"]) for m in after["measure"]])

    def test_a_view_is_a_case(self):
        """Under a measure the measure is taken: the file written needs it no more."""
        case = TUTORIAL / "river.toml"
        out = self.folder / "with.toml"
        self.run_ok("convert", case, out, "--with", "commission,offer_gauges")
        self.assertEqual(self.rows(out), self.rows(case, "--with", "commission,offer_gauges"))
        case = TUTORIAL / "every_key.toml"
        self.run_ok("convert", case, out, "--under", "islanders")
        self.assertEqual(self.rows(out, "--concepts", "seq"), self.rows(case, "--under", "islanders", "--concepts", "seq"))
        self.assertEqual(self.check(out), [f for f in self.check(out) if f["severity"] == "warning"])

    def test_gmcr_there_and_back(self):
        for case in (*CATALOG, *GMCR):
            out = self.folder / "out.gmcr"
            done = self.run_ok("convert", case, out)
            json.loads(out.read_text(encoding="utf-8"))
            back = self.rows(out)
            rows, parties, options, _ = self.rows(case)
            if "cannot say" in done.err:
                continue
            self.assertEqual([r[0] for r in back[0]], [r[0] for r in rows], case)
            self.assertEqual([list(r[1].values()) for r in back[0]], [list(r[1].values()) for r in rows], case)
            self.assertEqual([[[back[1].index(p) for p in v] for v in r[2].values()] for r in back[0]],
                             [[[parties.index(p) for p in v] for v in r[2].values()] for r in rows], case)

    def test_what_gmcr_cannot_say(self):
        done = wayout("convert", TUTORIAL / "river.toml", self.folder / "river.gmcr")
        self.assertIn(done.rc, (0, 1), str(done))
        self.assertNotEqual(done.err, "")
        self.assertEqual(done.rc == 0, (self.folder / "river.gmcr").exists())

    def test_published_gmcr_is_its_toml(self):
        for case in CATALOG:
            toml, gmcr = self.stability(case, "--all-states"), self.stability(case.with_suffix(".gmcr"), "--all-states")
            self.assertEqual([(r["values"], list(r["rank"].values())) for r in toml["table"]],
                             [(r["values"], list(r["rank"].values())) for r in gmcr["table"]], case)
            self.assertEqual([[len(v) for v in r["stable"].values()] for r in toml["table"]],
                             [[len(v) for v in r["stable"].values()] for r in gmcr["table"]], case)

    def test_dot(self):
        for case in (*CASES, ROOT / "catalog/garrison_diversion/case.gmcr"):
            text = self.run_ok("convert", case, "-", "--format", "dot").out
            self.assertRegex(text, r"^(strict )?digraph ")
            bare = re.sub(r'"(\\.|[^"\\])*"', '""', text)
            self.assertEqual(bare.count("{"), bare.count("}"))
            self.assertEqual(bare.count("["), bare.count("]"))
            self.assertTrue(text.rstrip().endswith("}"))
            self.assertIn("->", bare)
            self.assertEqual(text.count("penwidth=2.5"), 0 if self.stability(case)["status_quo"] is None else 1, case)

    def test_tables(self):
        case = TUTORIAL / "river.toml"
        table = self.stability(case, "--all-states")["table"]
        for name in ("out.csv", "out.ndjson", "out.json"):
            self.run_ok("convert", case, self.folder / name)
        with (self.folder / "out.csv").open(encoding="utf-8", newline="") as file:
            self.assertEqual([int(r["state"]) for r in csv.DictReader(file)], [r["state"] for r in table])
        lines = (self.folder / "out.ndjson").read_text(encoding="utf-8").splitlines()
        self.assertEqual([json.loads(line) for line in lines], table)
        self.assertEqual(json.loads((self.folder / "out.json").read_text(encoding="utf-8"))["table"], table)
        one = self.run_ok("convert", case, "-", "--format", "csv", "--concepts", "seq").out
        self.assertEqual(len(list(csv.reader(io.StringIO(one)))[0]), 1 + 6 + 2 + 2 + 1)

    def test_same_bytes_every_time(self):
        for args in (["answer"], ["stability", "--all-states", "--json"], ["answer", "--json"], ["paths", "--drift", "--json"]):
            for case in (TUTORIAL / "every_key.toml", TUTORIAL / "strike.toml"):
                one, two = (self.run_ok(args[0], case, *args[1:]).out for _ in range(2))
                self.assertEqual(one, two)


if __name__ == "__main__":
    main()
