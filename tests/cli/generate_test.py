"""generate: what is made is what was asked for, reads back, and is the same for the same seed."""

import re

from harness import CliTest, main, wayout


class Generate(CliTest):
    def make(self, *args, **kwargs):
        path = self.folder / "made.toml"
        report = self.json("generate", *args, "-o", path, **kwargs)
        self.assertEqual(report["schema"], "wayout.generate/1")
        self.assertEqual(report["file"], str(path))
        return path, report

    def test_what_is_made_passes_check_and_reads_back(self):
        for seed, args in enumerate(([], ["--parties", "5", "--options", "12", "--graded", "0.5", "--joint", "0.3", "--tracks", "2",
                                          "--binding", "0.5", "--one-way", "0.3", "--forbids", "2", "--third", "0.2", "--preference",
                                          "mixed", "--density", "0.5"],
                                     ["--preference", "priorities", "--interaction", "3", "--statements", "5"],
                                     ["--preference", "additive", "--options", "6"],
                                     ["--preference", "ranking", "--options", "5", "--density", "0.6"],
                                     ["--parties", "8", "--options", "64", "--density", "0.3"])):
            path, report = self.make("--seed", seed, *args)
            self.assertEqual([f for f in self.check(path) if f.get("severity") == "fault"], [])
            done = self.run_ok("convert", path, "-", "--format", "toml")
            written = path.read_text(encoding="utf-8")
            self.assertEqual(written.split("\n", 1)[1], done.out)
            # The first line is the command that makes the same bytes.
            command = re.match(r"# Made by wayout [^:]*: wayout (.*)", written).group(1)
            self.assertEqual("wayout " + command, report["command"])
            self.assertEqual(self.run_ok(*command.split(), "--quiet").out, written)

    def test_seeds(self):
        one, two, again = (self.run_ok("generate", "--seed", seed, "--density", "0.5").out for seed in (1, 2, 1))
        self.assertEqual(one, again)
        self.assertNotEqual(one.split("\n", 1)[1], two.split("\n", 1)[1])

    def test_counts_asked_for(self):
        path, report = self.make("--parties", "4", "--options", "11", "--statements", "7", "--joint", "0.4", "--tracks", "2", "--seed", "3")
        text = path.read_text(encoding="utf-8")
        self.assertEqual((text.count("[[party]]"), text.count("[[option]]"), text.count("[[preference]]")), (4, 11, 4))
        self.assertEqual(text.count("when ="), 4 * 7)
        self.assertEqual((report["parties"], report["options"], report["combinations_log2"]), (4, 11, 11))
        self.assertEqual(report["tracks"], text.count("[[track]]"))

    def test_density_is_what_stability_counts(self):
        for density in (1, 0.7, 0.25, 0.05):
            path, report = self.make("--options", "12", "--density", density, "--seed", "2")
            states = self.stability(path, "--limit", "0", "--concepts", "nash")["states"]
            self.assertTrue(report["density"]["counted"])
            self.assertAlmostEqual(report["density"]["got"], states / 4096, places=12)
            self.assertAlmostEqual(states / 4096, density, delta=0.021 * density)
            self.assertEqual(report["rules"] == 0, density == 1)
        _, report = self.make("--options", "90", "--density", "0.2")
        self.assertFalse(report["density"]["counted"])
        self.assertAlmostEqual(report["density"]["got"], 0.2, delta=0.02)

    def test_shares_asked_for(self):
        text = self.run_ok("generate", "--options", "100", "--parties", "5", "--one-way", "0.5", "--graded", "0", "--joint", "0.3").out
        self.assertAlmostEqual(text.count("parties = ["), 30, delta=15)
        self.assertAlmostEqual(text.count("moves = "), 35, delta=15)
        text = self.run_ok("generate", "--options", "40", "--graded", "0.5", "--most-levels", "3").out
        self.assertAlmostEqual(text.count("levels = ["), 20, delta=10)

    def test_wrong_usage(self):
        for args in (["--parties", "0"], ["--density", "2"], ["--density", "0"], ["--options", "129"], ["--preference", "none"],
                     ["--options", "128", "--graded", "0.1"], ["--preference", "ranking", "--options", "20"], ["--json"],
                     ["--seed", "x"]):
            done = wayout("generate", *args)
            self.assertEqual((done.rc, done.out), (2, ""), str(done))
            self.assertTrue(done.err)
        done = wayout("generate", "-o", self.folder / "none" / "x.toml")
        self.assertEqual(done.rc, 1, str(done))


if __name__ == "__main__":
    main()
