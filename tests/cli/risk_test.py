"""wayout risk: derivatives as told are those of the numbers told."""

from harness import ARMING, CliTest, main, wayout

# War breaks out only while it is armed, peace ends at any time.
CASE = ARMING + """
[time]
unit = "month"
horizon = 3
[[catastrophe]]
id = "ruin"
[[hazard]]
id = "clash"
when = "arm"
rate = RATE
leads_to = "war"
[[hazard]]
id = "decay"
rate = 0.1
leads_to = "ruin"
"""


class Derivatives(CliTest):
    def told(self, rate):
        return self.json("risk", self.case(CASE.replace("RATE", rate)), "--derivatives")

    def test_of_each_alone_and_of_times(self):
        here, low, high = self.told("0.5"), self.told("0.499"), self.told("0.501")
        middle = lambda x: (x["lower"] + x["upper"]) / 2
        for k, row in enumerate(here["catastrophes"]):
            of = lambda told: told["catastrophes"][k]
            slope = (middle(of(high)["alone"]) - middle(of(low)["alone"])) / 0.002
            self.assertAlmostEqual(row["alone_derivatives"]["rate:clash"], slope, delta=1e-6)
            slope = (of(high)["ever"]["expected_time"] - of(low)["ever"]["expected_time"]) / 0.002
            self.assertAlmostEqual(row["ever"]["time_derivatives"]["rate:clash"], slope, delta=1e-5)
        slope = (high["expected_end"] - low["expected_end"]) / 0.002
        self.assertAlmostEqual(here["expected_end_derivatives"]["rate:clash"], slope, delta=1e-5)

    def test_only_where_asked_for(self):
        case = self.case(CASE.replace("RATE", "0.5"))
        self.assertNotIn("alone_derivatives", self.json("risk", case)["catastrophes"][0])
        self.assertNotIn("war alone (", wayout("risk", case).out)
        told = wayout("risk", case, "--derivatives").out
        self.assertIn("war alone (a tenth more of the number changes it by)", told)
        self.assertIn("The time until war, if it happens", told)


if __name__ == "__main__":
    main()
