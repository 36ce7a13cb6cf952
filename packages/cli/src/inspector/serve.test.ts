import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { servePage } from "./serve.ts";

const home = mkdtempSync(join(tmpdir(), "mosaik-page-"));
const folder = join(home, "page");
mkdirSync(folder);
writeFileSync(join(folder, "index.html"), "the page");
writeFileSync(join(home, "outside.html"), "a secret");
const page = await servePage(folder, "127.0.0.1:0");
afterAll(() => page[Symbol.asyncDispose]());

const link = new URL(page.linkTo("#join=mosaik%3Ax"));
const first = await ask(link.pathname);
const path = (first.location ?? "").replace(/#.*/, "");

interface Answer {
  readonly status: number | undefined;
  readonly location: string | undefined;
  readonly policy: string | undefined;
  readonly body: string;
}

function ask(asked: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = link;
    const sent = request({ host: "127.0.0.1", port, path: asked, headers, method }, (answer) => {
      let body = "";
      answer.on("data", (chunk: Buffer) => {
        body += chunk.toString("utf8");
      });
      answer.on("end", () => {
        const { location, "content-security-policy": policy } = answer.headers;
        resolve({ status: answer.statusCode, location, policy: policy?.toString(), body });
      });
    });
    sent.on("error", reject).end();
  });
}

test("the link leads to the page once, the invite in the fragment", async () => {
  expect(first).toMatchObject({ status: 302 });
  expect(first.location).toMatch(/^\/[0-9a-f]{32}\/#join=mosaik%3Ax$/);
  expect(await ask(link.pathname)).toMatchObject({ status: 403 });
  const served = await ask(path);
  expect(served).toMatchObject({ status: 200, body: "the page" });
  expect(served.policy).toContain("default-src 'none'; script-src 'self'");
});

test("without the path, or with a guess at it, nothing is served", async () => {
  for (const guess of ["/", "/index.html", `/${"0".repeat(32)}/`, path.slice(0, -3)]) {
    expect(await ask(guess)).toMatchObject({ status: 403, body: "" });
  }
});

test("other origins, other names and other methods are refused", async () => {
  const { port } = link;
  expect(await ask(path, { host: `evil.example:${port}` })).toMatchObject({ status: 421 });
  expect(await ask(path, { origin: "https://evil.example" })).toMatchObject({ status: 403 });
  expect(await ask(path, { origin: "null" })).toMatchObject({ status: 403 });
  expect(await ask(path, { "sec-fetch-site": "cross-site" })).toMatchObject({ status: 403 });
  expect(await ask(path, {}, "POST")).toMatchObject({ status: 405 });
  expect(await ask(path, { origin: `http://127.0.0.1:${port}` })).toMatchObject({ status: 200 });
});

test("nothing outside of the folder is served", async () => {
  for (const way of ["../outside.html", "..%2foutside.html", "%2e%2e/outside.html"]) {
    const { status, body } = await ask(path + way);
    expect([403, 404]).toContain(status);
    expect(body).toBe("");
  }
});
