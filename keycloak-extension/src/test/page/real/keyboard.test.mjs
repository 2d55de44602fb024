import assert from "node:assert/strict";
import { after } from "node:test";
import { KEYCLOAK_URL, PASSWORD } from "./keycloak.mjs";
import { quit, real } from "./story.mjs";

after(quit);

/** More presses than any view has places to stop at. */
const STOPS_MAX = 80;

/** Presses Tab until the focus is on what is called so. */
async function tabTo(page, name, role) {
  const wanted = page.getByRole(role, { name, exact: typeof name === "string" }).first();
  await wanted.waitFor();
  for (let stop = 0; stop < STOPS_MAX; stop++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never came to ${role} ${name}`);
}

async function press(page, name, role = "button") {
  await tabTo(page, name, role);
  await page.keyboard.press("Enter");
}

async function type(page, name, text, role = "textbox") {
  await tabTo(page, name, role);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}

real("a policy is created, tried and saved without a mouse", { ada: ["view-realm", "manage-realm"] }, async ({ page, realm, keycloak }) => {
  await page.goto(`${KEYCLOAK_URL}/realms/${realm}/writ/`);
  await page.locator("#username").waitFor();
  await type(page, /username/i, "ada");
  await type(page, "Password", PASSWORD);
  await page.keyboard.press("Enter");

  await press(page, "Create the first policy");
  await press(page, /Call your own services/);
  await type(page, "Name", "deployer");
  await type(page, "Description", "By keyboard alone");
  await type(page, "Audience", "https://deploy.internal");
  await type(page, "Add a scope", "deploy:read");
  await page.keyboard.press("Enter");
  await page.keyboard.type("deploy:staging");
  await page.getByText("No problems.", { exact: true }).waitFor();

  await press(page, "Try a request", "tab");
  await press(page, "Try it");
  await page.getByText("Allowed: an agent would be given this").waitFor();

  await press(page, "Review and create");
  await page.getByRole("dialog").waitFor();
  await type(page, "Comment", "No mouse");
  await press(page, "Create");
  await page.getByText("deployer was saved as version 1").waitFor();
  const saved = await keycloak.call("GET", `/${realm}/writ/policies/deployer`);
  assert.equal(saved.comment, "No mouse");
  assert.equal(saved.policy.description, "By keyboard alone");
  assert.deepEqual(saved.policy.grants[0].internal, { audience: "https://deploy.internal", scopes: ["deploy:read", "deploy:staging"] });

  // The menu with Delete is left by Escape, which gives the focus back.
  await press(page, "Action");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Action");
});
