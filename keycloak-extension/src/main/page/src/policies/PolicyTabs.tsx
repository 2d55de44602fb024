import { PageSection, Tab, Tabs, TabTitleText } from "../pf";
import { navigate, to } from "../routes";

const views = [
  ["", "Editor"],
  ["yaml", "YAML"],
  ["try", "Try a request"],
  ["history", "History"],
] as const;

const PANEL = "policy-view";

/** The attributes of what a tab shows. */
export function panelOf(view: string) {
  return { id: PANEL, role: "tabpanel", "aria-labelledby": `pf-tab-${view}-policy` };
}

/** The views of one policy. Without a name it is a new one, and `choose` says what was chosen. */
export function PolicyTabs({ name, view, deleted = false, choose }: { name?: string; view: string; deleted?: boolean; choose?: (view: string) => void }) {
  const shown = views.filter(([key]) => (key !== "history" || name) && (key === "history" || !deleted));
  const go = choose ?? ((key: string) => navigate(to.policy(name ?? "", key)));
  return (
    <PageSection variant="light" type="tabs" className="writ-tabs">
      <Tabs isBox activeKey={view} onSelect={(_, key) => go(String(key))} aria-label="Views of this policy">
        {shown.map(([key, title]) => (
          <Tab key={key} eventKey={key} id="policy" tabContentId={PANEL} title={<TabTitleText>{title}</TabTitleText>} />
        ))}
      </Tabs>
    </PageSection>
  );
}
