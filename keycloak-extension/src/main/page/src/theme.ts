const DARK = "pf-v5-theme-dark";

/**
 * Follows the system's theme, as Keycloak does; within the admin console, the console's own class,
 * which also knows that a realm has its dark mode off.
 */
export function followTheme(): void {
  const outer = consoleRoot();
  if (outer) {
    const copy = () => set(outer.classList.contains(DARK));
    new MutationObserver(copy).observe(outer, { attributes: true, attributeFilter: ["class"] });
    copy();
    return;
  }
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", () => set(system.matches));
  set(system.matches);
}

function consoleRoot(): HTMLElement | undefined {
  try {
    return window.parent === window ? undefined : window.parent.document.documentElement;
  } catch {
    return undefined; // another origin
  }
}

function set(dark: boolean): void {
  document.documentElement.classList.toggle(DARK, dark);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
}
