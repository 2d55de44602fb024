import { useState } from "react";
import { useApi } from "../api/api";
import type { PolicyRow } from "../api/policies";
import { FlagCounts, Names } from "../components/Flags";
import { Link } from "../components/Link";
import { Refused } from "../components/Refused";
import { Body, Cell, Head, Row, Table } from "../components/Table";
import { Ago } from "../components/Time";
import { Loading, NothingFound } from "../components/Views";
import { useLoad, useNow, useSettled, valueOf } from "../hooks";
import { targetNames } from "../model";
import {
  Alert, Button, Label, Pagination, SearchInput, Switch, Toolbar, ToolbarContent, ToolbarItem,
} from "../pf";
import { navigate, to } from "../routes";
import { count, who } from "../times";
import { FirstSteps } from "./FirstSteps";
import { RowActions } from "./RowActions";

const PAGE_SIZES = [20, 50, 100] as const;

/** All policies of the realm, a page at a time: the server searches and counts. */
export function PolicyList() {
  const { policies, session } = useApi();
  const [typed, setTyped] = useState("");
  const [deleted, setDeleted] = useState(false);
  const [first, setFirst] = useState(0);
  const [max, setMax] = useState<number>(PAGE_SIZES[0]);
  const search = useSettled(typed.trim(), 250);
  const [load, reload] = useLoad(JSON.stringify([search, deleted, first, max]), (signal) =>
    policies.list({ search, first, max, deleted }, signal),
  );
  const page = valueOf(load);
  if (load.state === "failed" && !page) {
    return <Refused refusal={load.refusal} what="the policies" retry={reload} />;
  }
  if (!page) {
    return <Loading what="policies" />;
  }
  if (page.total === 0 && !search && !deleted && load.state === "there") {
    return <FirstSteps showDeleted={() => setDeleted(true)} />;
  }
  const clear = () => { setTyped(""); setFirst(0); };
  const pages = (variant: "top" | "bottom") => (
    <Pagination
      itemCount={page.total}
      perPage={max}
      page={Math.floor(first / max) + 1}
      onSetPage={(_, n) => setFirst((n - 1) * max)}
      onPerPageSelect={(_, n) => { setMax(n); setFirst(0); }}
      perPageOptions={PAGE_SIZES.map((n) => ({ title: String(n), value: n }))}
      variant={variant}
      isCompact={variant === "top"}
      widgetId={`pages-${variant}`}
      titles={{ paginationAriaLabel: variant === "top" ? "Pages, above the list" : "Pages" }}
    />
  );
  return (
    <>
      <Toolbar>
        <ToolbarContent>
          <ToolbarItem className="writ-search">
            <SearchInput
              value={typed}
              onChange={(_, text) => { setTyped(text); setFirst(0); }}
              onClear={clear}
              placeholder="Name, description or content"
              aria-label="Search policies by name, description or content"
            />
          </ToolbarItem>
          <ToolbarItem alignSelf="center">
            <Switch label="Show deleted" isChecked={deleted} onChange={(_, on) => { setDeleted(on); setFirst(0); }} />
          </ToolbarItem>
          <ToolbarItem>
            <Button onClick={() => navigate(to.newPolicy)} isAriaDisabled={session.mayWrite === false}>Create policy</Button>
          </ToolbarItem>
          {page.total > PAGE_SIZES[0] && <ToolbarItem variant="pagination">{pages("top")}</ToolbarItem>}
        </ToolbarContent>
      </Toolbar>
      <p role="status" className="pf-v5-screen-reader">{load.state === "there" ? count(page.total, "policy", "policies") : ""}</p>
      {load.state === "failed" && <Alert isInline variant="danger" component="p" title={load.refusal.detail || load.refusal.title} />}
      {page.policies.length === 0 ? (
        <NothingFound what="policies" clear={() => { clear(); setDeleted(false); }} />
      ) : (
        <div className={load.state === "loading" ? "writ-stale" : undefined} aria-busy={load.state === "loading"}>
          <Rows rows={page.policies} changed={reload} />
          {page.total > max && pages("bottom")}
        </div>
      )}
    </>
  );
}

function Rows({ rows, changed }: { rows: PolicyRow[]; changed: () => void }) {
  const now = useNow(30_000);
  return (
    <Table label="Policies" compact>
      <Head columns={["Name", "Description", "Gives access to", "Version", "Last change", { label: "Actions", hidden: true }]} />
      <Body>
        {rows.map((row) => (
          <Row key={row.name} className={row.deleted ? "writ-deleted" : ""}>
            <Cell label="Name" header className="writ-name">
              <Link to={to.policy(row.name, row.deleted ? "history" : "")}>{row.name}</Link>
              <span className="writ-labels">
                {row.deleted && <Label isCompact color="grey">deleted</Label>}
                <FlagCounts flags={row.flags} />
              </span>
            </Cell>
            <Cell label="Description"><span className="writ-clamp">{row.description || <span className="writ-quiet">No description</span>}</span></Cell>
            <Cell label="Gives access to">
              {row.targets.length > 0
                ? <Names names={row.targets.map((target) => targetNames[target] ?? target)} label={`${row.name} gives access to`} />
                : <span className="writ-quiet">Nothing</span>}
            </Cell>
            <Cell label="Version">{row.version}</Cell>
            <Cell label="Last change"><Ago at={row.at} now={now} /> by {who(row.author)}</Cell>
            <Cell label="Actions" action><RowActions row={row} changed={changed} /></Cell>
          </Row>
        ))}
      </Body>
    </Table>
  );
}
