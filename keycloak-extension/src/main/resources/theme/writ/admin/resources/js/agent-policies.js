/*
 * Adds "Agent policies" to the admin console's navigation and shows the page within the console.
 *
 * The console has no place for extensions, so this looks for its navigation and its main part, and
 * does without where a later console has other ones: then a link opens the page by itself. What it
 * adds stands beside what React has made; nothing of React's is moved or removed.
 */
const ROUTE = "agent-policies";
const TITLE = "Agent policies";
const NAV_ITEM = "nav-item-agent-policies";
/** A neighbour in the navigation, the nearest first. */
const NEIGHBOURS = ["nav-item-workflows", "nav-item-user-federation", "nav-item-identity-providers", "nav-item-realm-settings"];
const MAIN = "#kc-main-content-page-container, main.pf-v5-c-page__main, main.pf-v6-c-page__main";
/** The console builds its navigation after its login, which may take a while. */
const PATIENCE = 20_000;

const environment = JSON.parse(document.getElementById("environment")?.textContent ?? "{}");
const started = Date.now();
const frames = new Map();

/** The realm that the console shows: the first part of its route. */
function realm() {
  const [, first] = location.hash.split(/[/?]/);
  return first ? decodeURIComponent(first) : environment.realm ?? "master";
}

function here() {
  return location.hash.split(/[/?]/)[2] === ROUTE;
}

function pageUrl(embedded) {
  const login = environment.realm ?? "master";
  const base = location.pathname.replace(/\/admin\/.*$/, "");
  const query = new URLSearchParams(realm() === login ? {} : { realm: realm() });
  if (embedded) {
    query.set("embedded", "true");
  }
  return `${base}/realms/${encodeURIComponent(login)}/writ/${query.size > 0 ? `?${query}` : ""}`;
}

/** Adds the navigation item, or says which realm it is for when that has changed. */
function navigation() {
  const href = `#/${encodeURIComponent(realm())}/${ROUTE}`;
  let link = document.getElementById(NAV_ITEM);
  if (!link) {
    const neighbour = NEIGHBOURS.map((id) => document.getElementById(id)).find(Boolean);
    const item = neighbour?.closest("li");
    if (!item) {
      return false;
    }
    const own = item.cloneNode(false);
    link = neighbour.cloneNode(false);
    link.id = NAV_ITEM;
    link.dataset.testid = NAV_ITEM;
    link.textContent = TITLE;
    own.append(link);
    item.after(own);
  }
  if (link.getAttribute("href") !== href) {
    link.setAttribute("href", href);
  }
  if (link.classList.contains("pf-m-current") !== here()) {
    link.classList.toggle("pf-m-current", here());
  }
  if (here() !== link.hasAttribute("aria-current")) {
    here() ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  }
  return true;
}

/** Shows the page in place of the console's main part, or that again. A page stays as it was left. */
function content() {
  const main = document.querySelector(MAIN);
  if (!main) {
    return !here();
  }
  const wanted = here() ? pageUrl(true) : undefined;
  if (wanted && !frames.get(wanted)?.isConnected) {
    frames.set(wanted, frame(wanted, main));
  }
  frames.forEach((one, url) => show(one, url === wanted));
  show(main, !wanted);
  return true;
}

function frame(url, main) {
  const one = document.createElement("iframe");
  one.src = url;
  one.title = TITLE;
  one.style.cssText = "grid-area: main; width: 100%; height: 100%; border: 0;";
  main.after(one);
  return one;
}

function show(element, shown) {
  const display = shown ? "" : "none";
  if (element.style.display !== display) {
    element.style.display = display;
  }
}

/** A link in the corner, where the console is not as it was. */
function fallback() {
  if (document.getElementById(NAV_ITEM) || Date.now() - started < PATIENCE) {
    return;
  }
  const link = document.createElement("a");
  link.id = NAV_ITEM;
  link.href = pageUrl(false);
  link.textContent = TITLE;
  link.style.cssText = "position: fixed; inset: auto auto 1rem 1rem; z-index: 9999; padding: .5rem 1rem; background: #06c; color: #fff;";
  document.body.append(link);
}

let planned = false;

/** The console's router changes the address without an event, but never without changing the page. */
function soon() {
  if (!planned) {
    planned = true;
    requestAnimationFrame(() => {
      planned = false;
      const found = navigation();
      if (!found) {
        fallback();
      } else if (!content()) {
        location.assign(pageUrl(false));
      }
    });
  }
}

new MutationObserver(soon).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
addEventListener("hashchange", soon);
addEventListener("popstate", soon);
setTimeout(soon, PATIENCE);
soon();
