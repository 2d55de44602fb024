import assert from "node:assert/strict";
import { after } from "node:test";
import { policies } from "../fake/samples.mjs";
import { KEYCLOAK_URL } from "./keycloak.mjs";
import { accessible, quit, real, shot, signIn } from "./story.mjs";

after(quit);

const ada = { ada: ["realm-admin"] };
const entry = (page) => page.getByRole("link", { name: "Agent policies" });

async function fill(keycloak, realm) {
  for (const versions of policies().values()) {
    await keycloak.save(realm, versions.at(-1).policy, versions.at(-1).comment);
  }
}

async function openConsole(page, realm) {
  await page.goto(`${KEYCLOAK_URL}/admin/${realm}/console/`);
  await signIn(page, "ada");
  await page.getByRole("link", { name: "Realm settings" }).waitFor();
}

real("the admin console has the menu entry once it is asked for, and shows the page without another login", ada, async ({ page, realm, keycloak, login }) => {
  await fill(keycloak, realm);

  // 1. The console as Keycloak ships it.
  await openConsole(page, realm);
  assert.equal(await entry(page).count(), 0);

  // 2. Asked for on the page's settings, by the same session.
  await page.goto(`${KEYCLOAK_URL}/realms/${realm}/writ/#/settings`);
  await page.getByRole("checkbox", { name: "Show agent policies in the admin console" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The settings were saved").waitFor();

  // 3. There it is, within the console, logged in.
  await page.goto(`${KEYCLOAK_URL}/admin/${realm}/console/`);
  await entry(page).click();
  const frame = page.frameLocator("iframe[title='Agent policies']");
  await frame.getByRole("link", { name: "operator" }).waitFor();
  assert.equal(await frame.getByRole("button", { name: "Sign out" }).count(), 0);
  assert.equal(await entry(page).getAttribute("aria-current"), "page");
  await shot(page, "console");

  // 4. It works there, and stays as it was left while the console shows something else.
  await frame.getByRole("link", { name: "operator" }).click();
  await frame.getByRole("textbox", { name: "Description" }).fill("Changed in the console");
  await frame.getByText("No problems; 1 change to save.").waitFor();
  await page.getByRole("link", { name: "Realm settings" }).click();
  await page.getByRole("heading", { name: /acme/i }).waitFor();
  await entry(page).click();
  assert.equal(await frame.getByRole("textbox", { name: "Description" }).inputValue(), "Changed in the console");
});

real("the page follows the dark theme of the console around it", ada, async ({ page, realm, keycloak }) => {
  await fill(keycloak, realm);
  await keycloak.call("PUT", `/${realm}/writ/settings`, { console_theme: true });
  await openConsole(page, realm);
  await entry(page).click();
  const frame = page.frameLocator("iframe[title='Agent policies']");
  await frame.getByRole("link", { name: "operator" }).waitFor();
  assert.equal(await frame.locator("html.pf-v5-theme-dark").count(), 1);
  await shot(page, "console-dark");
}, { dark: true });
