import { useState } from "react";
import type { Permission } from "../../api/policies";
import { Body, Cell, Head, Row, Table } from "../../components/Table";
import { Button, FormSelect, FormSelectOption, Label, Modal, SearchInput } from "../../pf";
import { count } from "../../times";

interface Props {
  known: Permission[];
  granted: Record<string, string>;
  close: () => void;
  choose: (granted: Record<string, string>) => void;
}

const NONE = "";

/** All of GitHub's permissions with what they are for; those that agents mostly need come first. */
export function PermissionPicker({ known, granted, close, choose }: Props) {
  const [chosen, setChosen] = useState(granted);
  const [search, setSearch] = useState("");
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = known
    .filter(({ name, description }) => words.every((word) => `${name} ${name.replaceAll("_", " ")} ${description}`.toLowerCase().includes(word)))
    .sort((a, b) => rank(a.name, granted) - rank(b.name, granted) || a.name.localeCompare(b.name));
  const set = (name: string, level: string) =>
    setChosen((old) => {
      const next = { ...old, [name]: level };
      if (level === NONE) {
        delete next[name];
      }
      return next;
    });
  return (
    <Modal
      isOpen
      variant="medium"
      title="Choose permissions"
      description="GitHub's own names and levels. A level includes the lower ones: write includes read, admin includes both."
      onClose={close}
      actions={[
        <Button key="choose" onClick={() => choose(chosen)}>Use {count(Object.keys(chosen).length, "permission")}</Button>,
        <Button key="cancel" variant="link" onClick={close}>Cancel</Button>,
      ]}
    >
      <SearchInput value={search} onChange={(_, text) => setSearch(text)} onClear={() => setSearch("")} aria-label="Search permissions" placeholder="pull requests" />
      <p role="status" className="pf-v5-screen-reader">{count(found.length, "permission")} found</p>
      <div className="writ-picker">
        <Table label="Permissions" compact>
          <Head columns={["Permission", "Level"]} />
          <Body>
            {found.map(({ name, levels, description, bounded_by_repositories: bounded }) => (
              <Row key={name} className={chosen[name] ? "writ-chosen" : ""}>
                <Cell label="Permission"><code>{name}</code> {bounded === false && <Label isCompact color="gold">not bounded by repositories</Label>}<div className="writ-quiet writ-small">{description}</div></Cell>
                <Cell label="Level" className="writ-level">
                  <FormSelect aria-label={`Level of ${name}`} value={chosen[name] ?? NONE} onChange={(_, level) => set(name, level)}>
                    <FormSelectOption value={NONE} label="none" />
                    {levels.map((level) => <FormSelectOption key={level} value={level} label={level} />)}
                  </FormSelect>
                </Cell>
              </Row>
            ))}
          </Body>
        </Table>
        {found.length === 0 && <p className="writ-quiet">GitHub has no permission like that.</p>}
      </div>
    </Modal>
  );
}

const usual = ["contents", "pull_requests", "issues", "actions", "checks", "statuses", "deployments", "workflows", "packages", "metadata"];

function rank(name: string, granted: Record<string, string>): number {
  const at = usual.indexOf(name);
  return name in granted ? -1 : at < 0 ? usual.length : at;
}
