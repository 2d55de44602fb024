import type { Preview } from "../api/policies";
import { Alert, DescriptionList, DescriptionListDescription, DescriptionListGroup, DescriptionListTerm } from "../pf";
import { asYaml } from "./editor/yaml";

/** Whether the request is allowed, and what would be given, or why not. */
export function TriedResult({ preview }: { preview: Preview }) {
  if (preview.allowed) {
    return (
      <Alert isInline variant="success" component="h3" title="Allowed: an agent would be given this">
        <Detail value={preview.granted} />
      </Alert>
    );
  }
  const { rule, hint, requested, allowed } = preview.denial;
  return (
    <Alert isInline variant="danger" component="h3" title={`Refused by the rule "${rule}"`}>
      <p>{hint}</p>
      <DescriptionList isCompact className="writ-gap">
        {filled(requested) && <Part term="Asked for" value={requested} />}
        <Part term="Allowed there" value={filled(allowed) ? allowed : "Nothing"} />
      </DescriptionList>
    </Alert>
  );
}

function Part({ term, value }: { term: string; value: unknown }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{typeof value === "string" ? value : <Detail value={value} />}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}

function Detail({ value }: { value: unknown }) {
  return <pre className="writ-detail">{asYaml(value)}</pre>;
}

function filled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;
}
