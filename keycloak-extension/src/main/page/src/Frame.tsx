import { useEffect, useRef } from "react";
import { AgentList } from "./agents/AgentList";
import { useApi } from "./api/api";
import { Alert, Page, PageSection, SkipToContent, Tab, Tabs, TabTitleText, Text, TextContent } from "./pf";
import { PolicyList } from "./policies/PolicyList";
import { PolicyPage } from "./policies/PolicyPage";
import { NewPolicy } from "./policies/NewPolicy";
import { adminClient } from "./place";
import { navigate, useRoute } from "./routes";
import { SettingsPage } from "./settings/SettingsPage";
import { TopBar } from "./TopBar";

const views = { policies: "Policies", agents: "Agents", settings: "Settings" } as const;
type View = keyof typeof views;

/** The page's frame: header, the three tabs, and the view that the route names. */
export function Frame() {
  const { place, session } = useApi();
  const { parts } = useRoute();
  const [first = "policies", name] = parts;
  const main = useRef<HTMLDivElement>(null);
  const route = parts.slice(0, 2).join("/");
  useFocusOnArrival(route, main);
  useEffect(() => {
    const what = name ?? (first === "new-policy" ? "New policy" : views[first as View]);
    document.title = [what, "Agent policies", place.realm].filter(Boolean).join(" · ");
  }, [first, name, place.realm]);
  return (
    <Page
      header={place.embedded ? undefined : <TopBar />}
      skipToContent={place.embedded ? undefined : <SkipToContent href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>Skip to content</SkipToContent>}
      mainContainerId="main"
    >
      <div ref={main} tabIndex={-1} className="writ-main">
        {session.mayWrite === false && <ReadOnly />}
        {first === "policies" && name ? (
          <PolicyPage key={name} name={name} />
        ) : first === "new-policy" ? (
          <NewPolicy />
        ) : (
          <Top view={first in views ? (first as View) : "policies"} />
        )}
      </div>
    </Page>
  );
}

/** A new view begins at its top, for the eye and for screen readers; the first one as browsers do. */
function useFocusOnArrival(route: string, main: React.RefObject<HTMLDivElement>) {
  const arrived = useRef(route);
  useEffect(() => {
    if (arrived.current !== route) {
      arrived.current = route;
      main.current?.focus({ preventScroll: true });
      main.current?.closest("main")?.scrollTo(0, 0);
    }
  }, [route, main]);
}

function Top({ view }: { view: View }) {
  return (
    <>
      <PageSection variant="light" className="writ-header">
        <TextContent>
          <Text component="h1">Agent policies</Text>
          <Text>
            What the AI agents of this realm may be given, for how long, and who may launch them. Agents ask Writ for short-lived
            credentials; Writ gives what their policy allows, and nothing else.
          </Text>
        </TextContent>
      </PageSection>
      <PageSection variant="light" type="tabs" className="writ-tabs">
        <Tabs isBox activeKey={view} onSelect={(_, key) => navigate(`/${key}`)} aria-label="Agent policies">
          {(Object.keys(views) as View[]).map((key) => (
            <Tab key={key} eventKey={key} tabContentId="view" id="top" title={<TabTitleText>{views[key]}</TabTitleText>} />
          ))}
        </Tabs>
      </PageSection>
      <PageSection variant="light" padding={{ default: view === "settings" ? "padding" : "noPadding" }} id="view" role="tabpanel" aria-labelledby={`pf-tab-${view}-top`}>
        {view === "policies" && <PolicyList />}
        {view === "agents" && <AgentList />}
        {view === "settings" && <SettingsPage />}
      </PageSection>
    </>
  );
}

function ReadOnly() {
  const { place } = useApi();
  return (
    <Alert isInline variant="info" component="p" title="You can look at everything here, but not change it" className="writ-banner">
      Changes need the role <code>manage-realm</code> of the realm {place.realm} (client roles of <code>{adminClient(place)}</code>), which
      your account does not have.
    </Alert>
  );
}
