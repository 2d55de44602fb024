import { useState } from "react";
import { useApi } from "../api/api";
import type { PolicyVersion } from "../api/policies";
import { Link } from "../components/Link";
import { Ago } from "../components/Time";
import { useNow } from "../hooks";
import {
  Breadcrumb, BreadcrumbItem, Dropdown, DropdownItem, DropdownList, Label, MenuToggle, PageSection, Title,
} from "../pf";
import { navigate, replace, to } from "../routes";
import { who } from "../times";
import { DeletePolicy } from "./DeletePolicy";

/** Name, version, who changed it last, and what can be done with the whole policy. */
export function PolicyHeader({ name, current, changed }: { name: string; current?: PolicyVersion; changed?: () => void }) {
  const now = useNow(30_000);
  return (
    <PageSection variant="light" className="writ-header">
      <Breadcrumb aria-label="Breadcrumb">
        <BreadcrumbItem render={({ className }) => <Link to={to.policies} className={className}>Agent policies</Link>} />
        <BreadcrumbItem isActive>{name || "New policy"}</BreadcrumbItem>
      </Breadcrumb>
      <div className="writ-title">
        <Title headingLevel="h1" size="2xl">{name || "New policy"}</Title>
        {current && <Label color={current.deleted ? "red" : "blue"}>{current.deleted ? "deleted" : `version ${current.version}`}</Label>}
        {current && !current.deleted && <Actions name={name} version={current.version} changed={changed} />}
      </div>
      {current && (
        <p className="writ-quiet">
          {current.deleted ? "Deleted" : "Saved"} <Ago at={current.at} now={now} /> by {who(current.author)}
          {current.comment && <> — “{current.comment}”</>}
        </p>
      )}
      {current?.policy?.description && <p className="writ-description">{current.policy.description}</p>}
    </PageSection>
  );
}

function Actions({ name, version, changed }: { name: string; version: number; changed?: () => void }) {
  const { session } = useApi();
  const [open, setOpen] = useState(false);
  const [deleting, setDeleting] = useState(false);
  return (
    <div className="writ-title-end">
      <Dropdown
        isOpen={open}
        onOpenChange={setOpen}
        popperProps={{ position: "right" }}
        toggle={(ref) => <MenuToggle ref={ref} isExpanded={open} onClick={() => setOpen(!open)}>Action</MenuToggle>}
      >
        <DropdownList>
          <DropdownItem onClick={() => { setOpen(false); navigate(to.agents(name)); }}>Agents under this policy</DropdownItem>
          <DropdownItem isDanger isAriaDisabled={session.mayWrite === false} onClick={() => { setOpen(false); setDeleting(true); }}>Delete</DropdownItem>
        </DropdownList>
      </Dropdown>
      {deleting && <DeletePolicy name={name} version={version} close={() => setDeleting(false)} deleted={() => { changed?.(); replace(to.policies); }} />}
    </div>
  );
}
