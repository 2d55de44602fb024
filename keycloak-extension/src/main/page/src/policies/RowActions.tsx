import { useState } from "react";
import EllipsisVIcon from "@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon";
import { useApi } from "../api/api";
import type { PolicyRow } from "../api/policies";
import { Dropdown, DropdownItem, DropdownList, MenuToggle } from "../pf";
import { navigate, to } from "../routes";
import { DeletePolicy } from "./DeletePolicy";

/** What can be done with a policy from the list. */
export function RowActions({ row, changed }: { row: PolicyRow; changed: () => void }) {
  const { session } = useApi();
  const [open, setOpen] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const choose = (act: () => void) => () => { setOpen(false); act(); };
  return (
    <>
      <Dropdown
        isOpen={open}
        onOpenChange={setOpen}
        popperProps={{ position: "right" }}
        toggle={(ref) => (
          <MenuToggle ref={ref} variant="plain" isExpanded={open} onClick={() => setOpen(!open)} aria-label={`Actions for ${row.name}`}>
            <EllipsisVIcon aria-hidden="true" />
          </MenuToggle>
        )}
      >
        <DropdownList>
          {!row.deleted && <DropdownItem onClick={choose(() => navigate(to.policy(row.name)))}>Edit</DropdownItem>}
          {!row.deleted && <DropdownItem onClick={choose(() => navigate(to.policy(row.name, "try")))}>Try a request</DropdownItem>}
          <DropdownItem onClick={choose(() => navigate(to.policy(row.name, "history")))}>History</DropdownItem>
          <DropdownItem onClick={choose(() => navigate(to.agents(row.name)))}>Agents</DropdownItem>
          {!row.deleted && (
            <DropdownItem isDanger isAriaDisabled={session.mayWrite === false} onClick={choose(() => setDeleting(true))}>Delete</DropdownItem>
          )}
        </DropdownList>
      </Dropdown>
      {deleting && <DeletePolicy name={row.name} version={row.version} close={() => setDeleting(false)} deleted={changed} />}
    </>
  );
}
