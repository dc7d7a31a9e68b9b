"""compare: every version says what the other commands say of it alone."""
import json

from harness import TUTORIAL, CliTest, main, wayout

RIVER = TUTORIAL / "river.toml"


def as_json(test, *args):
    done = wayout(*args, "--json")
    test.assertEqual(done.rc, 0, str(done))
    return json.loads(done.out)


class Compare(CliTest):
    def test_versions_are_what_answer_claims_and_drift_say(self):
        versions = as_json(self, "compare", RIVER, "--with", "commission", "--with", "commission,offer_gauges",
                           "--claims", "--risk")["versions"]
        self.assertEqual([v["version"] for v in versions],
                         ["as it stands", "with commission", "with commission,offer_gauges"])
        words = {"yes_now": "yes", "depends": "depends", "not_now": "no", "undecided": "undecided"}
        for version, measures in zip(versions, ["", "commission", "commission,offer_gauges"]):
            settings = ["--with", measures] if measures else []
            answer = as_json(self, "answer", RIVER, *settings)
            self.assertEqual([(g["goal"], words[g["verdict"]]) for g in answer["goals"]],
                             [(g["goal"], g["way_out"]) for g in version["goals"]])
            self.assertEqual(answer["standing"]["drift"]["sets_total"], version["drift"]["ends"])
            for party, mine in zip(answer["standing"]["parties"], version["parties"]):
                stand = "content" if party["nash"]["stable"] else "deterred" if party["seq"]["stable"] else "would_move"
                self.assertEqual((party["party"], stand), (mine["party"], mine["today"]))
            claims = as_json(self, "claims", RIVER, "--samples", "0", *settings)["claims"]
            self.assertEqual([(c["claim"], c["result"]) for c in claims],
                             [(c["claim"], c["result"]) for c in version["claims"]])
        self.assertGreater(versions[0]["risk"][0]["lower"], versions[1]["risk"][0]["upper"])

    def test_table_marks_what_differs_and_fits(self):
        done = wayout("compare", RIVER, "--with", "commission", "--with", "offer_gauges", "--with", "commission")
        self.assertEqual(done.rc, 0, str(done))
        self.assertTrue(all(len(line) <= 80 for line in done.out.splitlines()), str(done))
        self.assertIn("* the river is shared", done.out)
        self.assertIn("  Upstream ministry                content", done.out)

    def test_another_file_and_wrong_usage(self):
        other = self.folder / "other.toml"
        other.write_text(RIVER.read_text().replace("now = true", "now = false", 1))
        self.assertEqual(len(as_json(self, "compare", RIVER, other)["versions"]), 2)
        self.assertEqual(wayout("compare", RIVER).rc, 2)
        unknown = wayout("compare", RIVER, "--with", "nothing")
        self.assertEqual(unknown.rc, 1)
        self.assertIn("'nothing' is no measure", unknown.err)


if __name__ == "__main__":
    main()
