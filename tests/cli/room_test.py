"""room: the harbour lease against an enumeration written here, the river by hand, wrong usage, limits."""

import itertools
from fractions import Fraction

from harness import TUTORIAL, CliTest, main, wayout

HARBOUR = TUTORIAL / "harbour.toml"
RIVER = TUTORIAL / "river.toml"
GRAPH = TUTORIAL / "graph_form.toml"

CITY = [[6, 4, -4], [-10, 5, 15], [8, 2, -8], [-6, 4, 12], [5, 2, -9]]
LINE = [[-8, 4, 10], [14, 3, -12], [-9, 0, 7], [4, 1, -5], [-10, 3, 9]]


class Room(CliTest):
    def test_harbour(self):
        out = self.json("room", HARBOUR, "--than", "now")
        table, = out["tables"]
        values = [tuple(sum(points[i][c] for i, c in enumerate(deal)) for points in (CITY, LINE))
                  for deal in itertools.product(range(3), repeat=5)]
        room = [v for v in values if min(v) > 0]
        efficient = {v for v in room if not any(u != v and u[0] >= v[0] and u[1] >= v[1] for u in room)}
        self.assertEqual((table["outcomes"], table["room"], table["unit"]), (len(values), len(room), "points"))
        shown = [tuple(o["gains"][p]["points"] for p in ("city", "line")) for o in table["efficient"]]
        self.assertEqual(set(shown), efficient)
        self.assertEqual([o["same_for_all"] for o in table["efficient"]], [room.count(v) for v in shown])
        ideal = [max(v[k] for v in room) for k in (0, 1)]
        share = lambda v: [Fraction(v[k], ideal[k]) for k in (0, 1)]
        for name, worth in {
            "nash_bargaining_solution": lambda v: v[0] * v[1],
            "kalai_smorodinsky": lambda v: min(share(v)),
            "min_spread": lambda v: min(share(v)) - max(share(v)),
            "egalitarian": min,
            "utilitarian": sum,
        }.items():
            best = max(map(worth, efficient))
            self.assertEqual({shown[i - 1] for i in table["solutions"][name]},
                             {v for v in efficient if worth(v) == best}, name)
        self.assertIsNone(table["no_room"])

    def test_river(self):
        ministers, commission = self.json("room", RIVER)["tables"]
        # Everything or nothing, and the border is vital to Downstream.
        self.assertEqual((ministers["table"], ministers["room"]), ("summit", 0))
        why = ministers["no_room"]
        self.assertEqual(why["at_odds"], [["down"]])
        contradiction, = why["contradictions"]
        self.assertEqual(len(contradiction["demands"]), 1)
        self.assertEqual((contradiction["demands"][0]["party"], contradiction["link"]), ("down", True))
        self.assertEqual(why["fewest"]["gives_up"], contradiction["demands"])
        self.assertFalse(commission["open"])
        self.assertGreater(commission["room"], 0)
        one, = self.json("room", RIVER, "--table", "summit")["tables"]
        self.assertEqual(one, ministers)

    def test_linkage(self):
        out = self.json("room", RIVER, "--linkage")
        self.assertEqual((out["schema"], out["exhaustive"], out["end"]), ("wayout.linkage/1", True, "complete"))
        # Five issues, two of them agreements: Bell(5) = 52, and Bell(4) = 15 with the two together.
        self.assertEqual(out["looked_at"], 52 + 15)
        self.assertEqual(out["present"]["goals"]["shared"], "out")
        self.assertEqual(out["best"][0]["goals"]["shared"], "way_out")
        self.assertEqual([b["issue"] for b in out["blocking"]], [None, "border"])
        two = self.json("room", RIVER, "--linkage", "--issues", "quota,border")
        self.assertEqual((two["issues"], two["looked_at"]), (["quota", "border"], 3))
        cut = self.json("room", RIVER, "--linkage", "--max-groupings", "2", rc=3)
        self.assertEqual((cut["end"], cut["looked_at"], cut["exhaustive"]), ("limit", 2, False))

    def test_wrong_usage(self):
        for args, word in [(["--table", "sumit"], "summit"), (["--linkage", "--issues", "quotas"], "quota")]:
            done = wayout("room", RIVER, *args)
            self.assertEqual(done.rc, 2)
            self.assertIn(word, done.err)
        self.assertEqual(wayout("room", GRAPH, "--linkage").rc, 2)
        self.assertEqual(wayout("room", RIVER, "--than", "never").rc, 2)

    def test_limit(self):
        out = self.json("room", HARBOUR, "--than", "now", "--max-states", "10", rc=3)
        table, = out["tables"]
        self.assertEqual((out["end"], table["end"], table["outcomes"], table["no_room"]), ("limit", "limit", 10, None))
        self.assertIn("Stopped at the limit", wayout("room", HARBOUR, "--than", "now", "--max-states", "10").out)

    def test_everybody(self):
        out = self.json("room", GRAPH)
        self.assertEqual([t["table"] for t in out["tables"]], ["everybody"])
        tables = self.json("room", RIVER, "--table", "everybody")["tables"]
        self.assertEqual([t["table"] for t in tables], ["everybody"])


if __name__ == "__main__":
    main()
