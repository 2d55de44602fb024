import { StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { Console } from "./Console";
import { readPlace } from "./place";

/**
 * The whole page as one element, so that it can move into the admin console when that takes
 * scripts of extensions. In the light DOM: PatternFly's styles are the document's.
 */
export class WritConsole extends HTMLElement {
  #root: Root | undefined;

  connectedCallback(): void {
    this.#root = createRoot(this);
    this.#root.render(
      <StrictMode>
        <Console place={readPlace(window.location)} />
      </StrictMode>,
    );
  }

  disconnectedCallback(): void {
    this.#root?.unmount();
    this.#root = undefined;
  }
}
