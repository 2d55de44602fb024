import { test } from "node:test";
import { inWindow } from "../browser.mjs";
import { Keycloak, KEYCLOAK_URL, PASSWORD } from "./keycloak.mjs";
import { Stage } from "./stage.mjs";

export { accessible, picturesWanted, quit, shot } from "../browser.mjs";

/** On a real Keycloak everything takes a little longer, in milliseconds. */
const usual = { patience: 15_000, height: 900 };
const STORY_MAX = 90_000;

/** The page on a real Keycloak, in a realm of its own with these people. */
export function real(name, people, tell, { realm: more, ...look } = {}) {
  test(name, { skip: KEYCLOAK_URL ? false : "KEYCLOAK_URL names no Keycloak", timeout: STORY_MAX }, async () => {
    const keycloak = await Keycloak.login();
    const realm = await keycloak.realm(people, more);
    try {
      await inWindow({ ...usual, ...look }, (page) => tell({ page, realm, keycloak, ...ways(page, realm) }));
    } finally {
      await (await Keycloak.login()).remove(realm);
    }
  });
}

/** The page in the realm of a real broker, which has agents; other stories happen there, too. */
export function staged(name, tell, look = {}) {
  test(name, { skip: Stage.missing(), timeout: STORY_MAX }, async () => {
    const stage = await Stage.open();
    await inWindow({ ...usual, ...look }, (page) => tell({ page, stage, ...ways(page, stage.realm) }));
  });
}

/** How to come to a view of the page: by logging in, or later, when somebody is logged in. */
function ways(page, realm) {
  const go = (route) => page.goto(`${KEYCLOAK_URL}/realms/${realm}/writ/${route}`);
  const shown = () => page.locator("h1").first().waitFor();
  return {
    login: async (user, route = "") => {
      await go(route);
      await signIn(page, user);
      await shown();
    },
    visit: async (route) => {
      await page.goto("about:blank");
      await go(route);
      await shown();
    },
  };
}

/** Fills in Keycloak's own form. */
export async function signIn(page, user) {
  await page.locator("#username").fill(user);
  await page.locator("#password").fill(PASSWORD);
  await page.locator("#kc-login").click();
}
