import "@patternfly/react-core/dist/styles/base.css";
import "./console.css";
import { WritConsole } from "./element";
import { followTheme } from "./theme";

followTheme();
customElements.define("writ-console", WritConsole);
