import type { ReactNode } from "react";
import styles from "@patternfly/react-styles/css/components/Table/table";
import grid from "@patternfly/react-styles/css/components/Table/table-grid";

/**
 * PatternFly's table, which becomes a list of cards where it is narrow. Each cell is labelled for
 * that by its column.
 */
export function Table({ label, children, compact = false }: { label: string; children: ReactNode; compact?: boolean }) {
  return (
    <table
      className={[styles.table, grid.modifiers.gridMd, compact ? styles.modifiers.compact : ""].join(" ")}
      aria-label={label}
    >
      {children}
    </table>
  );
}

export function Head({ columns }: { columns: (string | { label: string; hidden: true })[] }) {
  return (
    <thead className={styles.tableThead}>
      <tr className={styles.tableTr}>
        {columns.map((column) =>
          typeof column === "string" ? (
            <th key={column} className={`${styles.tableTh} ${styles.modifiers.nowrap}`} scope="col">{column}</th>
          ) : (
            <td key={column.label} className={styles.tableTd}><span className="pf-v5-screen-reader">{column.label}</span></td>
          ),
        )}
      </tr>
    </thead>
  );
}

export function Body({ children }: { children: ReactNode }) {
  return <tbody className={styles.tableTbody}>{children}</tbody>;
}

export function Row({ children, className = "" }: { children: ReactNode; className?: string }) {
  return <tr className={`${styles.tableTr} ${className}`}>{children}</tr>;
}

interface CellProps {
  label: string;
  children?: ReactNode;
  action?: boolean;
  header?: boolean;
  className?: string;
}

export function Cell({ label, children, action = false, header = false, className = "" }: CellProps) {
  const classes = [header ? styles.tableTh : styles.tableTd, action ? styles.tableAction : "", className].join(" ");
  return header ? (
    <th scope="row" className={classes} data-label={label}><div>{children}</div></th>
  ) : (
    <td className={classes} data-label={action ? undefined : label}><div>{children}</div></td>
  );
}
