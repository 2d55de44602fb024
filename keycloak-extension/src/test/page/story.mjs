import { inWindow } from "./browser.mjs";
import { Realm } from "./fake/realm.mjs";
import { serve } from "./fake/server.mjs";

export { accessible, quit, shot } from "./browser.mjs";

/** Opens the page on a stand-in for a realm. `prepare` may change the realm before anybody logs in. */
export async function story({ route = "", prepare = () => undefined, realm = new Realm(), ...look } = {}, tell) {
  prepare(realm);
  const server = await serve(realm);
  try {
    await inWindow(look, async (page) => {
      await page.goto(`${server.url}/realms/acme/writ/${route}`);
      await page.locator("h1").first().waitFor();
      await tell({ page, realm, server });
    });
  } finally {
    await server.close();
  }
}
