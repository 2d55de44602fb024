import assert from "node:assert/strict";
import { after } from "node:test";
import { accessible, quit, real, shot, signIn } from "./story.mjs";

after(quit);

const people = { ada: ["view-realm", "manage-realm"] };
/** Seconds. */
const TOKEN_LIVES = 2;
const short = { realm: { accessTokenLifespan: TOKEN_LIVES } };
const reviewer = { name: "reviewer", lifetime: { agent: "1h", credential: "15m" }, launch: ["operator"], grants: [] };

real("tokens that expire while the page is open are renewed and nobody notices", people, async ({ page, realm, keycloak, login }) => {
  await keycloak.save(realm, reviewer);
  await login("ada");
  await page.waitForTimeout(TOKEN_LIVES * 1000 + 500);
  await page.getByRole("link", { name: "reviewer" }).click();
  await page.getByRole("textbox", { name: "Description" }).fill("Still here");
  await page.getByText("No problems; 1 change to save.").waitFor();
  await page.waitForTimeout(TOKEN_LIVES * 1000 + 500);
  await page.getByRole("button", { name: "Review and save" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByText("reviewer was saved as version 2").waitFor();
}, short);

real("a session that was ended elsewhere asks for a new login and keeps the draft", people, async ({ page, realm, keycloak, login }) => {
  await keycloak.save(realm, reviewer);
  await login("ada", "#/policies/reviewer");
  await page.getByRole("textbox", { name: "Description" }).fill("Mine");
  await page.getByText("No problems; 1 change to save.").waitFor();
  await keycloak.call("POST", `/${realm}/logout-all`);
  await page.getByRole("button", { name: "Review and save" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("button", { name: "Log in again" }).waitFor();
  await shot(page, "session-ended");
  await accessible(page);
  await dialog.getByRole("button", { name: "Log in again" }).click();
  await signIn(page, "ada");
  await page.getByText("No problems; 1 change to save.").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Description" }).inputValue(), "Mine");
  assert.equal(new URL(page.url()).hash, "#/policies/reviewer");
});
