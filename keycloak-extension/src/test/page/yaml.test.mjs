import assert from "node:assert/strict";
import { after, test } from "node:test";
import { parse } from "yaml";
import { accessible, quit, shot, story } from "./story.mjs";

after(quit);

const text = (page) => page.getByRole("textbox", { name: "Policy as YAML" });

test("shows the form's policy as YAML, and the YAML's policy in the form", () =>
  story({ route: "#/policies/operator" }, async ({ page, realm }) => {
    await page.getByRole("textbox", { name: "Description" }).fill("From: the form");
    await page.getByRole("tab", { name: "YAML" }).click();
    const yaml = await text(page).inputValue();
    assert.deepEqual(parse(yaml), { ...realm.histories.get("operator").at(-1).policy, description: "From: the form" });
    await text(page).fill(`# a comment\n${yaml.replace("From: the form", "From the text")}`);
    await page.getByText("Comments are not kept").waitFor();
    await page.getByText("No problems; 1 change to save.").waitFor();
    await page.getByRole("tab", { name: "Editor" }).click();
    assert.equal(await page.getByRole("textbox", { name: "Description" }).inputValue(), "From the text");
  }));

test("shows where YAML is wrong, and keeps the form until it can be read", () =>
  story({ route: "#/policies/operator/yaml" }, async ({ page }) => {
    const before = await text(page).inputValue();
    await text(page).fill(before.replace("agent: 12h", "agent: soon"));
    await page.getByText("Line 4: Expected a whole number").waitFor();
    await shot(page, "yaml-problem-light");
    await accessible(page);
    await page.getByRole("button", { name: "lifetime › agent" }).click();
    assert.equal(await text(page).evaluate((area) => area.value.slice(0, area.selectionStart).split("\n").length), 4);
    await page.getByRole("tab", { name: "Editor" }).click();
    await page.getByText("The form waits for the YAML").waitFor();
    assert.ok(await page.getByRole("textbox", { name: "Description" }).isDisabled());
    await accessible(page);
    await page.getByRole("button", { name: /Go on from here/ }).click();
    assert.equal(await page.getByRole("textbox", { name: "An agent lives for at most" }).inputValue(), "12");
  }));

test("does not let a policy change its name", () =>
  story({ route: "#/policies/operator/yaml" }, async ({ page }) => {
    await text(page).fill((await text(page).inputValue()).replace("name: operator", "name: other"));
    await page.getByText('A policy keeps its name, "operator"').first().waitFor();
  }));
