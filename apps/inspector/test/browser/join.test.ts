import { formatInvite } from "@mosaik/transport";
import { describe, expect, it } from "vitest";
import { useNetwork } from "./rig.ts";

const network = useNetwork();

describe("a page with an invite in its fragment", () => {
  it("joins, and shows all nodes within three seconds", async () => {
    const limitMs = 3_000 * Number(process.env["MOSAIK_SLACK"] ?? 1);
    const took: number[] = [];
    // A machine with other work is given another chance, or more time.
    for (let attempt = 0; attempt < 3 && Math.min(...took, limitMs + 1) > limitMs; attempt++) {
      const { page, faults } = await network.join();
      const verdict = page.getByTestId("verdict").filter({ hasText: "9 nodes" });
      await verdict.waitFor({ timeout: 20_000 });
      took.push(await page.evaluate(() => performance.now()));
      expect(faults).toEqual([]);
      await page.context().close();
    }
    console.info(`all nine nodes shown after ${took.map(Math.round).join(", ")} ms`);
    expect(Math.min(...took)).toBeLessThan(limitMs);
  });

  it("is told why, where the invite leads nowhere", async () => {
    const invite = formatInvite({ network: "weather", seeds: ["/ip4/127.0.0.1/tcp/9/ws"] });
    const { page, faults } = await network.open(`#join=${encodeURIComponent(invite)}`);
    await page.getByRole("alert").filter({ hasText: "No address answers" }).waitFor();
    const failed = page.getByRole("listitem").filter({ hasText: "Reach a node of the network" });
    expect(await failed.getAttribute("class")).toBe("trouble");
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
