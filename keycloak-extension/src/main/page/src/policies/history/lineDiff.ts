export interface Line {
  kind: "same" | "gone" | "new";
  text: string;
}

/** Longer texts than this, in lines after what is common at both ends, are shown one after the other. */
const MAX = 2000;

/** The lines of two texts, by their longest common subsequence. */
export function compareLines(before: string, after: string): Line[] {
  const [a, b] = [before.trimEnd().split("\n"), after.trimEnd().split("\n")];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) {
    start++;
  }
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) {
    end++;
  }
  return [
    ...a.slice(0, start).map(same),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map(same),
  ];
}

function middle(a: string[], b: string[]): Line[] {
  if (a.length > MAX || b.length > MAX) {
    return [...a.map(gone), ...b.map(added)];
  }
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(same(a[i++] ?? ""));
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(gone(a[i++] ?? ""));
    } else {
      lines.push(added(b[j++] ?? ""));
    }
  }
  return lines;
}

const same = (text: string): Line => ({ kind: "same", text });
const gone = (text: string): Line => ({ kind: "gone", text });
const added = (text: string): Line => ({ kind: "new", text });
