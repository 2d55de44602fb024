import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const CHECKOUT = process.env.CHECKOUT ?? fileURLToPath(new URL("../../../../", import.meta.url));

/** The page as it was built; a copy of this folder, as Maven makes one, is told where that is. */
export const PAGE = process.env.PAGE ?? resolve(CHECKOUT, "keycloak-extension/src/main/page/dist");

/** GitHub's permissions, as the policy language knows them. */
export const PERMISSIONS = resolve(CHECKOUT, "broker/policy/src/main/resources/dev/writ/policy/github-permissions.json");
